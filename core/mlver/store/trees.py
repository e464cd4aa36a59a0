"""Makes trees and commits out of existing ones, without a working tree or an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from mlver.errors import StoreFailed
from mlver.model.person import Person
from mlver.store.loose_objects import write_blob, write_object
from mlver.store.parsing import TREE_MODE, TreeEntry
from mlver.store.repository import Repository

FILE_MODE = 0o100644
EXECUTABLE_MODE = 0o100755

_REFUSED_NAMES = {"", ".", "..", ".git", "git~1"}
"""What `git fsck` and every checkout refuse; `git~1` is `.git` on a file system with short names."""


class NewFile(Struct, frozen=True, kw_only=True):
    """A file to be put into a tree."""

    content: bytes | None = None
    """None: the blob is already in the repository."""
    blob_id: str | None = None
    mode: int = FILE_MODE


def tree_with(repository: Repository, tree_id: str | None, files: Mapping[str, NewFile]) -> str:
    """The tree with these files added or replaced; None: from nothing. A file in the way of a folder gives way.

    Raises StoreFailed for a path no tree can hold, ReadOnly, StorageFull.
    """
    here: dict[str, NewFile] = {}
    below: dict[str, dict[str, NewFile]] = {}
    for path, file in files.items():
        name, _, rest = path.partition("/")
        if name.lower() in _REFUSED_NAMES or "\0" in name or path.endswith("/"):
            raise StoreFailed(f"{path!r} cannot be a path in a version")
        if rest:
            below.setdefault(name, {})[rest] = file
        else:
            here[name] = file
    if clash := here.keys() & below.keys():
        raise StoreFailed(f"{min(clash)!r} cannot be a file and a folder in one version")
    entries = repository.tree(tree_id) if tree_id else {}
    for name, inner in below.items():
        old = entries.get(name)
        folder = tree_with(repository, old.id if old and old.is_tree else None, inner)
        entries[name] = TreeEntry(mode=TREE_MODE, id=folder)
    for name, file in here.items():
        entries[name] = TreeEntry(mode=file.mode, id=_blob_of(repository, name, file))
    return write_tree(repository, entries)


def tree_without(repository: Repository, tree_id: str, is_left_out: Callable[[str], bool]) -> str:
    """The tree without the paths for which `is_left_out` says so (asked for folders too); emptied folders go."""
    return _without(repository, tree_id, is_left_out, "") or write_tree(repository, {})


def write_tree(repository: Repository, entries: Mapping[str, TreeEntry]) -> str:
    """Write one folder; gives its id."""

    def order(item: tuple[bytes, TreeEntry]) -> bytes:
        return item[0] + b"/" if item[1].is_tree else item[0]

    named = [(name.encode(errors="surrogateescape"), entry) for name, entry in entries.items()]
    content = b"".join(
        b"%o %s\0%s" % (entry.mode, name, bytes.fromhex(entry.id)) for name, entry in sorted(named, key=order)
    )
    return write_object(repository, "tree", content)


def commit_tree(  # noqa: PLR0913, PLR0917 - a commit has this many parts
    repository: Repository, tree_id: str, parents: Iterable[str], message: str, author: Person, when: float
) -> str:
    """Write a commit of the tree, author and committer alike, at `when` seconds since the epoch in UTC."""
    signature = f"{_clean(author.name) or 'unknown'} <{_clean(author.email)}> {max(0, int(when))} +0000"
    lines = [f"tree {tree_id}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {signature}", f"committer {signature}", "", message.replace("\0", "").strip("\n"), ""]
    return write_object(repository, "commit", "\n".join(lines).encode(errors="replace"))


def _clean(name: str) -> str:
    """A name without what would end it early in a commit."""
    return "".join(letter for letter in name if letter.isprintable() and letter not in "<>").strip(" .,:;\"'\\")


def _blob_of(repository: Repository, name: str, file: NewFile) -> str:
    if file.content is not None:
        return write_blob(repository, file.content)
    if file.blob_id is None:
        raise StoreFailed(f"{name!r} has neither content nor a blob")
    return file.blob_id


def _without(repository: Repository, tree_id: str, is_left_out: Callable[[str], bool], under: str) -> str | None:
    """None: nothing is left of it."""
    before = repository.tree(tree_id)
    after: dict[str, TreeEntry] = {}
    for name, entry in before.items():
        path = f"{under}{name}"
        if is_left_out(path):
            continue
        inner = _without(repository, entry.id, is_left_out, f"{path}/") if entry.is_tree else entry.id
        if inner:
            after[name] = TreeEntry(mode=entry.mode, id=inner)
    if not after:
        return None
    return tree_id if after == before else write_tree(repository, after)
