"""One git repository: what versions are read from and recorded into."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from mlver.errors import FileNotFoundInVersion, LimitReached, RepositoryDamaged
from mlver.store.database import OBJECT_LIMIT, ObjectDatabase
from mlver.store.discovery import Layout, find_layout
from mlver.store.parsing import (
    TREE_MODE,
    Commit,
    Tag,
    TreeEntry,
    find_entry,
    parse_commit,
    parse_tag,
    parse_tree,
    target_of_tag,
    tree_of_commit,
)
from mlver.store.refs import Head, RefProblem, Refs, list_refs, signature
from mlver.store.settings import GitSettings
from mlver.store.urls import without_user

if TYPE_CHECKING:
    from mlver.store.git import Git
    from mlver.store.ref_writing import RefWriter

__all__ = ["Commit", "GitSettings", "Head", "RefProblem", "Refs", "Repository", "Tag", "TreeEntry", "TreeFile"]

READ_LIMIT = 64 << 20
"""Bytes of one file, unless the caller says otherwise."""

_COMMITS_KEPT = 5_000
_TAG_DEPTH = 16
_TAG_LIMIT = 1 << 20
_TREE_DEPTH = 200
_TREE_LIMIT = 1_000_000


class TreeFile(NamedTuple):
    """A file of a tree, wherever in it."""

    path: str
    """From the top, with `/`; bytes that are no UTF-8 are surrogate escapes."""
    mode: int
    id: str

    @property
    def entry(self) -> TreeEntry:
        """The same without the path."""
        return TreeEntry(mode=self.mode, id=self.id)


class Repository:
    """Reads versions and writes refs. Reading may be done by several threads at once, and starts no process."""

    def __init__(self, layout: Layout, settings: GitSettings) -> None:
        self._layout = layout
        self._settings = settings
        self._objects = ObjectDatabase(layout.common_dir / "objects", hint=self._how_to_get)
        self._ends: frozenset[str] | None = None
        """Where a shallow clone was cut off; None: not read since refs were listed."""
        self._commits: dict[str, Commit] = {}
        """Those read lately: whoever reads a version asks for its commit several times."""
        self._folders_of_refs: dict[str, tuple[int, tuple[str, ...]]] = {}

    @classmethod
    def open(cls, folder: Path, settings: GitSettings) -> Repository:
        """The repository that holds the folder. Raises NotARepository, RepositoryDamaged, StoreFailed."""
        return cls(find_layout(folder), settings)

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the open files."""
        self._objects.close()

    @cached_property
    def git(self) -> Git:
        """System git in this repository; only recording uses it."""
        from mlver.store.git import Git

        return Git(folder=self._layout.folder, settings=self._settings)

    @cached_property
    def _ref_writer(self) -> RefWriter:
        from mlver.store.ref_writing import RefWriter

        return RefWriter(git=self.git, common_dir=self._layout.common_dir)

    @property
    def folder(self) -> Path:
        """Top of the working tree; the repository itself when it is bare."""
        return self._layout.folder

    @property
    def git_dir(self) -> Path:
        """What belongs to this working tree alone: HEAD, the index."""
        return self._layout.git_dir

    @property
    def common_dir(self) -> Path:
        """What all working trees share: refs and objects."""
        return self._layout.common_dir

    @property
    def is_bare(self) -> bool:
        """Has no working tree."""
        return self._layout.is_bare

    @property
    def is_shallow(self) -> bool:
        """A clone that was cut off at some depth."""
        return bool(self._shallow())

    @property
    def is_partial(self) -> bool:
        """A clone that leaves objects at the remote until git needs them."""
        return self._layout.is_partial

    @property
    def remote_url(self) -> str | None:
        """Where `origin` is, else the only remote; without the user part."""
        remotes = self._layout.remotes
        url = remotes.get("origin") or (next(iter(remotes.values())) if len(remotes) == 1 else None)
        return without_user(url) if url else None

    def refs(self) -> Refs:
        """One listing of all refs."""
        self._ends = None  # a fetch that brought refs may have brought what was cut off
        return list_refs(self._layout)

    def signature(self) -> tuple[object, ...]:
        """Differs when refs may have changed since; cheap enough for every two seconds."""
        return signature(self._layout, self._folders_of_refs)

    def create_ref(self, name: str, commit_id: str) -> None:
        """Add the ref if it is absent. Raises RefExists, ReadOnly, StorageFull, StoreFailed."""
        self._ref_writer.create(name, commit_id)

    def move_ref(self, name: str, old: str, new: str) -> None:
        """Compare and swap. Raises RefMoved when the ref is not `old`."""
        self._ref_writer.move(name, old, new)

    def delete_ref(self, name: str, old: str) -> None:
        """Delete the ref if it is still `old`. Raises RefMoved."""
        self._ref_writer.delete(name, old)

    @property
    def absences(self) -> int:
        """How often an object was asked for that is not here: what was made meanwhile may be another tomorrow."""
        return self._objects.absences

    def has(self, object_id: str) -> bool:
        """Whether the object is present here."""
        return self._objects.has(object_id)

    def peel(self, object_id: str) -> str:
        """The commit behind a commit's or an annotated tag's id.

        Raises RepositoryDamaged when it is a file or a folder, or tags are nested too deep; ObjectMissing.
        """
        current = object_id
        for _ in range(_TAG_DEPTH):
            kind, content = self._objects.read(current)
            if kind == "commit":
                return current
            if kind != "tag":
                raise RepositoryDamaged(f"{object_id} stands for a {kind}, not for a commit")
            current = target_of_tag(current, content)
        raise RepositoryDamaged(f"{object_id} is a tag of a tag of a tag: more than {_TAG_DEPTH} deep")

    def commit(self, commit_id: str) -> Commit:
        """The commit. Raises ObjectMissing, RepositoryDamaged."""
        known = self._commits.get(commit_id)
        if known is None:
            known = parse_commit(commit_id, self._content(commit_id, "commit"))
            if len(self._commits) >= _COMMITS_KEPT:
                self._commits.clear()
            self._commits[commit_id] = known
        return known

    def tag(self, tag_id: str) -> Tag:
        """The annotated tag. Raises ObjectMissing, RepositoryDamaged (a lightweight tag has no such object)."""
        return parse_tag(tag_id, self._content(tag_id, "tag", _TAG_LIMIT))

    def tree(self, tree_id: str) -> dict[str, TreeEntry]:
        """Name -> entry of one folder."""
        return {name.decode(errors="surrogateescape"): entry for name, entry in self._tree(tree_id).items()}

    def entry(self, commit_or_tree_id: str, path: str) -> TreeEntry | None:
        """What is at the path; links are not followed. None: nothing."""
        entry = TreeEntry(mode=TREE_MODE, id=self._tree_of(commit_or_tree_id))
        for name in path.encode(errors="surrogateescape").split(b"/"):
            found = self._child(entry.id, name) if entry.is_tree and name else None
            if found is None:
                return None
            entry = found
        return entry

    def read(self, commit_or_tree_id: str, path: str, limit: int = READ_LIMIT) -> bytes:
        """The file's bytes as git holds them: of a Git LFS file the pointer, of a link its target.

        Raises FileNotFoundInVersion, ObjectMissing, RepositoryDamaged, LimitReached.
        """
        entry = self.entry(commit_or_tree_id, path)
        if entry is None or entry.is_tree or entry.is_submodule:
            what = "is not there" if entry is None else "is a folder" if entry.is_tree else "is a submodule"
            raise FileNotFoundInVersion(f"{path} {what} in {commit_or_tree_id[:12]}")
        return self.blob(entry.id, limit)

    def blob(self, blob_id: str, limit: int = READ_LIMIT) -> bytes:
        """The bytes of a file. Raises ObjectMissing, RepositoryDamaged, LimitReached."""
        return self._content(blob_id, "blob", limit)

    def fetched_blob(self, blob_id: str, limit: int = READ_LIMIT) -> bytes:
        """As `blob`; what a partial clone has left at its remote, git is asked to fetch. Only recording does that."""
        if self.is_partial and not self.has(blob_id):
            self.git.attempt("cat-file", "-e", blob_id)
        return self.blob(blob_id, limit)

    def blob_size(self, blob_id: str) -> int:
        """How many bytes a file has, without bringing it into memory."""
        return self._objects.size(blob_id)

    def files(self, commit_or_tree_id: str, under: str = "") -> Iterator[TreeFile]:
        """Every file below the folder `under`, links and submodules too, in the tree's order.

        Raises LimitReached for a tree that unfolds to a million entries (small ones can be made that do).
        """
        top = self._folder(commit_or_tree_id, under)
        if top is None:
            return
        pending = [(under.rstrip("/").encode(errors="surrogateescape"), top, 0)]
        seen = 0
        while pending:
            folder, tree_id, depth = pending.pop()
            folders = []
            for name, entry in self._tree(tree_id).items():
                seen += 1
                if seen > _TREE_LIMIT or depth > _TREE_DEPTH:
                    raise LimitReached(f"{commit_or_tree_id[:12]} holds too many files to be listed")
                path = folder + b"/" + name if folder else name
                if entry.is_tree:
                    folders.append((path, entry.id, depth + 1))
                else:
                    yield TreeFile(path=path.decode(errors="surrogateescape"), mode=entry.mode, id=entry.id)
            pending.extend(reversed(folders))

    def ancestors(self, commit_id: str, limit: int) -> Iterator[str]:
        """At most `limit` commits: itself, its parents, their parents, ...; a shallow clone's end is an end."""
        ends = self._shallow()
        seen = {commit_id}
        pending = deque([commit_id])
        for _ in range(limit):
            if not pending:
                return
            current = pending.popleft()
            yield current
            for parent in () if current in ends else self.commit(current).parents:
                if parent not in seen:
                    seen.add(parent)
                    pending.append(parent)

    def parents(self, commit_id: str) -> tuple[str, ...]:
        """The commits it came from; none at the end of a shallow clone. Raises ObjectMissing, RepositoryDamaged."""
        if self._ends is None:
            self._ends = self._shallow()
        return () if commit_id in self._ends else self.commit(commit_id).parents

    def resolve(self, text: str) -> str | None:
        """The commit that git would know by these words (`HEAD~2`, `origin/main`, `3fa92c1`); None: none.

        Raises VersionAmbiguous.
        """
        from mlver.store.resolving import resolve

        return resolve(text, self.refs(), self._objects, peel=self.peel, parents=self.parents)

    def _folder(self, commit_or_tree_id: str, under: str) -> str | None:
        tree_id = self._tree_of(commit_or_tree_id)
        for name in under.encode(errors="surrogateescape").split(b"/"):
            if name:
                entry = self._child(tree_id, name)
                if entry is None or not entry.is_tree:
                    return None
                tree_id = entry.id
        return tree_id

    def _tree_of(self, commit_or_tree_id: str) -> str:
        known = self._commits.get(commit_or_tree_id)
        if known is not None:
            return known.tree
        kind, content = self._objects.read(commit_or_tree_id)
        if kind == "commit":
            return tree_of_commit(commit_or_tree_id, content)
        if kind != "tree":
            raise RepositoryDamaged(f"object {commit_or_tree_id} is a {kind}, which holds no files")
        return commit_or_tree_id

    def _child(self, tree_id: str, name: bytes) -> TreeEntry | None:
        return find_entry(tree_id, self._content(tree_id, "tree"), name)

    def _tree(self, tree_id: str) -> dict[bytes, TreeEntry]:
        return parse_tree(tree_id, self._content(tree_id, "tree"))

    def _content(self, object_id: str, kind: str, limit: int = OBJECT_LIMIT) -> bytes:
        found, content = self._objects.read(object_id, limit)
        if found != kind:
            raise RepositoryDamaged(f"object {object_id} is a {found}, not a {kind}")
        return content

    def _how_to_get(self, object_id: str) -> str:
        if self.is_partial:
            return f"this is a partial clone; fetch it: git cat-file -e {object_id}"
        if self.is_shallow:
            return "this is a shallow clone; fetch the rest: git fetch --unshallow"
        return "git fsck --connectivity-only says what else is missing"

    def _shallow(self) -> frozenset[str]:
        try:
            content = (self._layout.common_dir / "shallow").read_bytes()
        except OSError:
            return frozenset()
        return frozenset(content.decode(errors="replace").split())
