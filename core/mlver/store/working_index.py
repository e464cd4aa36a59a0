"""The index a snapshot is made on, and what git does with it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from mlver.errors import RunRefused
from mlver.progress import ShouldStop
from mlver.store.git import Git
from mlver.store.parsing import SUBMODULE_MODE

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_ADDING = (
    "-c", "add.ignoreErrors=false",  # a file that cannot be read must stop the recording, not be missing from it
    "-c", "core.safecrlf=false",  # a note about line ends is not a reason to refuse
    "-c", "core.fsync=objects",
    "-c", "core.fsyncMethod=batch",
)  # fmt: skip

_WHOLE = ("-c", "core.sparseCheckout=false")
"""Where the user has only a part of the files in the working tree, git add would pass over the rest, changed or not."""

_NOT_IN_TREE = "S"
"""How `git ls-files -v` marks what a sparse checkout leaves out, or the user told git to leave alone."""

_PATHS_FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")
_SHOWN = 3


class Change(Struct, frozen=True, kw_only=True):
    """How a path of the index differs from the commit."""

    path: str
    mode: int
    id: str
    is_addition: bool
    is_deletion: bool


class WorkingIndex(Struct, frozen=True):
    """An index beside the user's own."""

    git: Git
    variables: Mapping[str, str]
    """Say where the index is and where new objects go."""
    should_stop: ShouldStop

    def prepare(self, is_left_out: Callable[[str], bool]) -> None:
        """Drop what is left out, and look at files again that the user told git not to look at.

        A file that a sparse checkout leaves out stays as it is in the index, unless it is there all the same.
        Raises RunRefused in an unfinished merge.
        """
        entries = [line.partition("\t") for line in self.listed("ls-files", "-v", "--stage", "-z")]
        if unmerged := {path for facts, _, path in entries if facts.split()[-1] != "0"}:
            raise RunRefused(
                f"{', '.join(sorted(unmerged)[:_SHOWN])} {'has' if len(unmerged) == 1 else 'have'} merge conflicts",
                hint="finish the merge (git status says how), then run again",
            )
        left_out = {path for _, _, path in entries if is_left_out(path)}
        marked = [(facts[0], path) for facts, _, path in entries if path not in left_out]
        assumed = [path for mark, path in marked if mark.islower()]
        passed_over = [path for mark, path in marked if mark.upper() == _NOT_IN_TREE and self._is_there(path)]
        for paths, option in (
            (left_out, "--force-remove"),
            (assumed, "--no-assume-unchanged"),
            (passed_over, "--no-skip-worktree"),
        ):
            if paths:
                self._run("update-index", option, "-z", "--stdin", paths=paths)

    def add_tracked(self) -> None:
        """Take every tracked file as it is on disk; what is gone is gone."""
        self._run(*_ADDING, "add", "--update", "--", ".")

    def add(self, paths: Iterable[str]) -> None:
        """Take these files, ignored or not."""
        if chosen := list(paths):
            self._run(*_ADDING, "add", "--force", *_PATHS_FROM_STDIN, paths=chosen)

    def write_tree(self) -> str:
        """The tree of all that was taken."""
        return self._run("-c", "core.fsync=objects", "write-tree").decode().strip()

    def changes_from(self, commit_id: str | None) -> list[Change]:
        """What differs from the commit, by path; None: from nothing."""
        parts = self.listed(
            "diff-index", "--cached", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none", "-z",
            commit_id or EMPTY_TREE,
        )  # fmt: skip
        changes = []
        for facts, path in zip(parts[::2], parts[1::2], strict=True):
            _, mode, _, new_id, status = facts.split()
            changes.append(
                Change(path=path, mode=int(mode, 8), id=new_id, is_addition=status == "A", is_deletion=status == "D")
            )
        return changes

    def dirty_submodules(self) -> list[str]:
        """What to say of submodules with changes of their own, which the snapshot cannot hold."""
        modules = [
            line.partition("\t")[2]
            for line in self.listed("ls-files", "--stage", "-z")
            if line.startswith(f"{SUBMODULE_MODE:o} ")
        ]
        if not modules:
            return []
        changed = self.listed("diff-files", "--name-only", "--ignore-submodules=none", "-z", "--", *modules)
        return [f"submodule {path} has changes that are not committed there and are not recorded" for path in changed]

    def listed(self, *arguments: str) -> list[str]:
        """What git prints, split at the zero bytes."""
        return self._run(*arguments).decode(errors="surrogateescape").split("\0")[:-1]

    def _is_there(self, path: str) -> bool:
        return os.path.lexists(self.git.folder / path)

    def _run(self, *arguments: str, paths: Iterable[str] = ()) -> bytes:
        content = "".join(f"{path}\0" for path in paths).encode(errors="surrogateescape")
        return self.git.run(
            *_WHOLE, *arguments, content=content, variables=self.variables, should_stop=self.should_stop
        )
