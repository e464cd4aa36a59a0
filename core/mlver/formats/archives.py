"""Archives (zip, tar): their members by name; nothing is extracted.

Of a member it is told whether its bytes are the same. Compressed tar files are compared as bytes: what they hold is
only known by inflating all of it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Mapping

from mlver.comparing.bytes import BinaryFile
from mlver.comparing.renames import moved as moved_members
from mlver.comparing.wording import amount, grouped
from mlver.formats.blob import Blob, Pair
from mlver.formats.file_object import FileObject
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.formats.members import LONGEST_DIRECTORY, MOST_MEMBERS, ZIP_MAGIC, read_members
from mlver.formats.tensor import TensorPair
from mlver.formats.tensor_digests import digest_of_bytes
from mlver.formats.window import Window
from mlver.model.change import Change, Kind, branch
from mlver.progress import ShouldStop

_TAR_MAGIC, _TAR_PLACE = b"ustar", 257


class ArchiveFormat:
    """Files in a file."""

    tells_bytes = True
    vouches = False
    """Times, owners and the order of members are not looked at."""

    def __init__(self, name: str) -> None:
        self.name = name

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - the magic tells
        """By the magic of each."""
        if self.name == "zip":
            return head.startswith(ZIP_MAGIC)
        return head[_TAR_PLACE : _TAR_PLACE + len(_TAR_MAGIC)] == _TAR_MAGIC

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Members by name; one that is gone and one that is new with the same bytes are one that moved."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = self._members(before), self._members(after)
            buffers = TensorPair(should_stop)
            nodes = _nodes(left, right, buffers)
        differing = sum(node.kind is not Kind.SAME for node in nodes)
        note = f"{grouped(differing)} of {amount(len(nodes), 'member')}" if differing else ""
        return branch(pair.path, tuple(nodes), note=note)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Members and how long they are."""
        with side.open() as file:
            members = self._members(file)
        children = tuple(
            Change(label=name, kind=Kind.SAME, note=amount(member.size, "byte")) for name, member in members.items()
        )
        return Change(label=path, kind=Kind.SAME, children=children, note=amount(len(children), "member"))

    def _members(self, file: BinaryFile) -> dict[str, BinaryFile]:
        if self.name == "zip":
            return {name: member.file for name, member in read_members(file).items()}
        return _tar_members(file)


def _nodes(left: Mapping[str, BinaryFile], right: Mapping[str, BinaryFile], buffers: TensorPair) -> list[Change]:
    gone, new = (
        {name: _digest(side[name], buffers) for name in side.keys() - other.keys()}
        for side, other in ((left, right), (right, left))
    )
    moved = moved_members(gone, new)
    nodes = []
    for name in sorted((left.keys() | right.keys()) - set(moved.values())):
        if name in moved:
            nodes.append(Change(label=name, kind=Kind.MOVED, note=f"was {moved[name]}"))
        elif name in new or name in gone:
            kind, file = (Kind.ADDED, right[name]) if name in new else (Kind.REMOVED, left[name])
            nodes.append(Change(label=name, kind=kind, note=amount(file.size, "byte")))
        else:
            nodes.append(_node(name, left[name], right[name], buffers))
    return nodes


def _node(name: str, before: BinaryFile, after: BinaryFile, buffers: TensorPair) -> Change:
    if before.size != after.size:
        note = f"{grouped(before.size)} → {amount(after.size, 'byte')}"
        return Change(label=name, kind=Kind.CHANGED, note=note)
    if _digest(before, buffers) == _digest(after, buffers):
        return Change(label=name, kind=Kind.SAME)
    return Change(label=name, kind=Kind.CHANGED, note="other bytes")


def _digest(file: BinaryFile, buffers: TensorPair) -> str:
    return digest_of_bytes(file, 0, file.size, buffers)


def _tar_members(file: BinaryFile) -> dict[str, BinaryFile]:
    found: dict[str, BinaryFile] = {}
    end = 0
    try:
        with tarfile.open(fileobj=FileObject(file, LONGEST_DIRECTORY), mode="r:") as archive:
            for info in archive:
                # They would be kept, half a kilobyte each.
                archive.members.clear()  # type: ignore[attr-defined]  # of the class, though its stubs have it not
                if info.issparse():
                    raise NotUnderstood("a member with holes")
                if not info.isfile():
                    continue
                if info.name in found or info.offset_data < end:
                    raise NotUnderstood("two members have one name or one place")
                if len(found) >= MOST_MEMBERS:
                    raise TooMuch(f"more than {MOST_MEMBERS} members")
                end = info.offset_data + info.size
                if end > file.size:
                    raise NotUnderstood("a member lies outside the file")
                found[info.name] = Window(file, info.offset_data, info.size)
    except (tarfile.TarError, ValueError, OverflowError, EOFError) as error:
        raise NotUnderstood(f"the archive cannot be read: {error}") from error
    return found


ZIP, TAR = ArchiveFormat("zip"), ArchiveFormat("tar")
