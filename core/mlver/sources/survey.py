"""What a commit's tree holds that may speak of a model: looked at once per folder, however many commits share it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from itertools import islice

from mlver.errors import MlverError
from mlver.store.repository import Repository, TreeEntry, TreeFile

FOLDERS_KEPT = 50_000
"""Folders remembered; the next commit shares nearly all of them."""

TOLD_LISTED = 20_000
"""Telling files listed of one folder; a repository that has more is said to."""

OTHERS_LISTED = 5_000
"""Files of no telling name. Measured on commits with 30,000 of them: 28 ms each with this limit, 84 with 20,000."""

_DEPTH = 60
_PROBLEMS_TOLD = 20
"""A tree can be made that holds one folder a billion times."""


class Interest(Enum):
    """What a file may be, by its name alone."""

    TELLING = auto()
    """May say something of a model: a config, metrics, a lock file, a pointer, weights."""
    CODE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is below a folder; paths from there, in the tree's order."""

    telling: tuple[TreeFile, ...] = ()
    others: tuple[TreeFile, ...] = ()
    code: str | None = None
    """sha256 over (name, id) of every source file below; None: there is none."""
    problems: tuple[str, ...] = ()
    """Folders that are not here, and limits that were hit."""
    is_whole: bool = True
    """False: folders are not here, and may be tomorrow."""


class Surveyor:
    """Surveys the commits of one repository."""

    def __init__(self, repository: Repository, interest_of: Callable[[str], Interest]) -> None:
        """`interest_of` is asked the name of every file, without its folder."""
        self._repository = repository
        self._interest_of = interest_of
        self._known: OrderedDict[str, Survey] = OrderedDict()
        self._of_parts: dict[str, Survey] = {}
        """Folders that are not whole here, of the commit that is looked at."""

    def survey(self, commit_id: str) -> Survey:
        """What the commit holds. Raises ObjectMissing and RepositoryDamaged when its own tree cannot be read."""
        self._of_parts.clear()
        return self._folder(self._repository.commit(commit_id).tree, depth=0)

    def _folder(self, tree_id: str, depth: int) -> Survey:
        known = self._known.get(tree_id)
        if known is not None:
            self._known.move_to_end(tree_id)
            return known
        found = self._of_parts.get(tree_id) or self._looked_at(self._repository.tree(tree_id), depth)
        if not found.is_whole:
            self._of_parts[tree_id] = found
            return found
        self._known[tree_id] = found
        if len(self._known) > FOLDERS_KEPT:
            self._known.popitem(last=False)
        return found

    def _looked_at(self, entries: dict[str, TreeEntry], depth: int) -> Survey:
        found = _Found()
        for name, entry in entries.items():
            if entry.is_tree:
                self._look_below(name, entry, depth, found)
            elif not entry.is_submodule:
                found.add_file(TreeFile(path=name, mode=entry.mode, id=entry.id), self._interest_of(name))
        return found.survey()

    def _look_below(self, name: str, entry: TreeEntry, depth: int, found: _Found) -> None:
        if depth >= _DEPTH:
            found.problems.append(f"{name}: more than {_DEPTH} folders deep, not looked at")
            return
        try:
            inner = self._folder(entry.id, depth + 1)
        except MlverError as error:
            # A partial clone: what is here is shown, what is not is said.
            found.problems.append(f"{name}: {error.message}")
            found.is_whole = False
        else:
            found.add_folder(name, inner)


class _Found:
    """One folder while it is looked at."""

    def __init__(self) -> None:
        self.telling: list[TreeFile] = []
        self.others: list[TreeFile] = []
        self.code: list[str] = []
        self.problems: list[str] = []
        self.is_whole = True

    def add_file(self, file: TreeFile, interest: Interest) -> None:
        if interest is Interest.CODE:
            self.code.append(f"{file.path}\0{file.id}")
        elif interest is Interest.TELLING:
            self.telling.append(file)
        else:
            self.others.append(file)

    def add_folder(self, name: str, inner: Survey) -> None:
        self.telling.extend(_below(name, islice(inner.telling, max(0, TOLD_LISTED + 1 - len(self.telling)))))
        self.others.extend(_below(name, islice(inner.others, max(0, OTHERS_LISTED - len(self.others)))))
        if inner.code:
            self.code.append(f"{name}\0{inner.code}")
        self.problems.extend(f"{name}/{one}" for one in islice(inner.problems, _PROBLEMS_TOLD))
        self.is_whole = self.is_whole and inner.is_whole

    def survey(self) -> Survey:
        if len(self.telling) > TOLD_LISTED:
            self.problems.append(f"more than {TOLD_LISTED} configs and data files; the others were not looked at")
        return Survey(
            telling=tuple(self.telling[:TOLD_LISTED]),
            others=tuple(self.others[:OTHERS_LISTED]),
            code=_digest(self.code) if self.code else None,
            problems=tuple(self.problems[:_PROBLEMS_TOLD]),
            is_whole=self.is_whole,
        )


def _below(folder: str, files: Iterable[TreeFile]) -> Iterable[TreeFile]:
    return (TreeFile(path=f"{folder}/{one.path}", mode=one.mode, id=one.id) for one in files)


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()
