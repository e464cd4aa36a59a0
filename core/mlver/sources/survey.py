"""What a commit's tree holds that may speak of a model: looked at once per folder, however many commits share it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from mlver.errors import MlverError
from mlver.store.repository import Repository, TreeEntry, TreeFile

PARTS_KEPT = 500_000
"""Files and folders remembered, in the folders that hold them; the next commit shares nearly all of them."""

PATHS_LISTED = 50_000
"""Folders whose list of files is kept for the next commit."""

TOLD_LISTED = 20_000
"""Telling files listed of one commit; one that has more is said to."""

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


class Survey(Struct, frozen=True, kw_only=True):
    """What a commit holds, in the tree's order."""

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
        self._known: OrderedDict[str, _Folder] = OrderedDict()
        self._weight = 0
        self._of_parts: dict[str, _Folder] = {}
        """Folders that are not whole here, of the commit that is looked at."""
        self._told = _Lists(Interest.TELLING, TOLD_LISTED)
        self._others = _Lists(Interest.OTHER, OTHERS_LISTED)

    def survey(self, commit_id: str) -> Survey:
        """What the commit holds. Raises ObjectMissing and RepositoryDamaged when its own tree cannot be read."""
        self._of_parts.clear()
        top = self._folder(self._repository.commit(commit_id).tree, depth=0)
        limit = f"more than {TOLD_LISTED} configs and data files; the others were not looked at"
        return Survey(
            telling=self._told.below("", top),
            others=self._others.below("", top),
            code=top.code,
            problems=((limit, *top.problems) if top.told > TOLD_LISTED else top.problems)[:_PROBLEMS_TOLD],
            is_whole=top.is_whole,
        )

    def _folder(self, tree_id: str, depth: int) -> _Folder:
        known = self._known.get(tree_id)
        if known is not None:
            self._known.move_to_end(tree_id)
            return known
        found = self._of_parts.get(tree_id) or self._looked_at(self._repository.tree(tree_id), depth)
        if not found.is_whole:
            self._of_parts[tree_id] = found
            return found
        self._known[tree_id] = found
        self._weight += found.weight
        while self._weight > PARTS_KEPT and self._known:
            self._weight -= self._known.popitem(last=False)[1].weight
        return found

    def _looked_at(self, entries: dict[str, TreeEntry], depth: int) -> _Folder:
        found = _Found()
        for name, entry in entries.items():
            if entry.is_tree:
                self._look_below(name, entry, depth, found)
            elif not entry.is_submodule:
                found.add_file(TreeFile(name, entry.mode, entry.id), self._interest_of(name))
        return found.folder()

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


class _Below(NamedTuple):
    """A folder in another one."""

    name: str
    folder: _Folder


class _Folder(Struct, frozen=True, kw_only=True, eq=False):
    """What a tree holds, wherever in whichever commit it stands: its files by their names, and its folders."""

    parts: Mapping[Interest, tuple[TreeFile | _Below, ...]]
    """In the tree's order; only the folders that hold such files."""
    told: int
    """Telling files in it and below."""
    code: str | None
    problems: tuple[str, ...]
    is_whole: bool

    @property
    def weight(self) -> int:
        """What remembering it costs."""
        return 1 + sum(map(len, self.parts.values()))


class _Found:
    """One folder while it is looked at."""

    def __init__(self) -> None:
        self.parts: dict[Interest, list[TreeFile | _Below]] = {Interest.TELLING: [], Interest.OTHER: []}
        self.told = 0
        self.code: list[str] = []
        self.problems: list[str] = []
        self.is_whole = True

    def add_file(self, file: TreeFile, interest: Interest) -> None:
        if interest is Interest.CODE:
            self.code.append(f"{file.path}\0{file.id}")
            return
        self.told += interest is Interest.TELLING
        self.parts[interest].append(file)

    def add_folder(self, name: str, inner: _Folder) -> None:
        for interest, parts in self.parts.items():
            if inner.parts[interest]:
                parts.append(_Below(name, inner))
        self.told += inner.told
        if inner.code:
            self.code.append(f"{name}\0{inner.code}")
        self.problems.extend(f"{name}/{one}" for one in islice(inner.problems, _PROBLEMS_TOLD))
        self.is_whole = self.is_whole and inner.is_whole

    def folder(self) -> _Folder:
        limits = {Interest.TELLING: TOLD_LISTED, Interest.OTHER: OTHERS_LISTED}
        return _Folder(
            parts={interest: tuple(parts[: limits[interest]]) for interest, parts in self.parts.items()},
            told=min(self.told, TOLD_LISTED + 1),
            code=_digest(self.code) if self.code else None,
            problems=tuple(self.problems[:_PROBLEMS_TOLD]),
            is_whole=self.is_whole,
        )


class _Lists:
    """The files of one interest below every folder of the commit that was surveyed last, with their whole paths.

    By path, not by tree: the next commit takes over the lists of all folders it shares, and no commit's lists but the
    last one's are kept.
    """

    def __init__(self, interest: Interest, limit: int) -> None:
        self._interest = interest
        self._limit = limit
        self._known: dict[str, tuple[_Folder, tuple[TreeFile, ...]]] = {}

    def below(self, path: str, folder: _Folder) -> tuple[TreeFile, ...]:
        """The first files; `path` is the folder's, with `/` at its end, or empty."""
        known = self._known.get(path)
        if known is not None and known[0] is folder:
            return known[1]
        found: list[TreeFile] = []
        for part in folder.parts[self._interest]:
            if isinstance(part, TreeFile):
                found.append(TreeFile(path + part.path, part.mode, part.id) if path else part)
            else:
                found.extend(self.below(f"{path}{part.name}/", part.folder))
            if len(found) >= self._limit:
                break
        listed = tuple(found[: self._limit])
        if len(self._known) >= PATHS_LISTED:
            self._known.clear()
        self._known[path] = (folder, listed)
        return listed


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()
