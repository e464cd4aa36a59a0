"""Reads git's objects as they are: no filter, no hook, no process, and nothing is ever fetched.

Every object is checked against its own name, so damage shows where it is read.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha1
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from mlver.errors import LimitReached, MlverError, ObjectMissing, RepositoryDamaged
from mlver.store.parsing import ID

if TYPE_CHECKING:
    from mlver.store.packs import PackReader

OBJECT_LIMIT = 256 << 20
"""No object larger than this is brought into memory, whoever asks."""

KINDS = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git knows this one by heart and often does not store it."""

_ALTERNATES_DEPTH = 5
_LOOKS = 8
"""How often an object is looked for while git keeps moving it."""

_LOOSE_HEADER = 64

_Answer = TypeVar("_Answer")


def _no_hint(_object_id: str) -> str:
    return "git fsck --connectivity-only says what else is missing"


class ObjectDatabase:
    """The objects of one repository, its alternates included. Threads may share it."""

    def __init__(self, *folders: Path, hint: Callable[[str], str] = _no_hint) -> None:
        """`folders` are object folders, asked in order; `hint` says how a missing object can be had."""
        self._folders = tuple(part for folder in folders for part in _with_alternates(folder, _ALTERNATES_DEPTH))
        self._hint = hint
        self._packs: dict[Path, PackReader] = {}
        self._in_order: tuple[PackReader, ...] = ()
        """The pack that answered last comes first; replaced as a whole, so readers need no lock."""
        self._looks = 0
        """How often new packs were found."""
        self._damaged: dict[Path, str] = {}
        self.absences = 0
        """How often an object was asked for that is not here."""
        self._lock = Lock()

    def close(self) -> None:
        """Give back the open packs."""
        with self._lock:
            self._in_order = ()
            while self._packs:
                self._packs.popitem()[1].close()

    def read(self, object_id: str, limit: int = OBJECT_LIMIT) -> tuple[str, bytes]:
        """What kind of object it is, and its bytes.

        Raises ObjectMissing, RepositoryDamaged, and LimitReached when it is larger than `limit` bytes.
        """

        def packed(reader: PackReader, raw_id: bytes, offset: int) -> tuple[bytes, bytes]:
            number, content = reader.read(raw_id, offset, limit)
            return KINDS.get(number, b"unknown"), content

        if object_id == _EMPTY_TREE:
            return "tree", b""
        kind, content = self._find(object_id, packed, lambda path: _loose(path, limit))
        if sha1(b"%s %d\0" % (kind, len(content)) + content, usedforsecurity=False).hexdigest() != object_id:
            raise RepositoryDamaged(f"object {object_id} does not hold what its name says", hint="git fsck says more")
        return kind.decode(), content

    def size(self, object_id: str) -> int:
        """How many bytes the object has. Raises ObjectMissing, RepositoryDamaged."""
        return self._find(object_id, lambda reader, _, offset: reader.size(offset), _loose_size)

    def has(self, object_id: str) -> bool:
        """Whether the object is present here."""
        try:
            self.size(object_id)
        except ObjectMissing:
            return False
        return True

    def beginning_with(self, prefix: str) -> set[str]:
        """The ids that begin with these hexadecimal digits, at least four of them."""
        try:
            self._look_for_packs()
            found = {one for reader in self._in_order for one in reader.beginning_with(prefix)}
            for folder in self._folders:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    names = os.listdir(folder / prefix[:2])  # noqa: PTH208 - names are all that is needed
                    found |= {prefix[:2] + name for name in names if ID.fullmatch(prefix[:2] + name)}
        except Exception as error:
            raise _translated(error, f"objects that begin with {prefix}") from error
        return {one for one in found if one.startswith(prefix)}

    def _find(
        self, object_id: str, packed: Callable[[PackReader, bytes, int], _Answer], loose: Callable[[Path], _Answer]
    ) -> _Answer:
        if not ID.fullmatch(object_id):
            raise RepositoryDamaged(f"{object_id[:60]!r} is no object's name")
        try:
            for _ in range(_LOOKS):
                looks = self._looks
                answer = self._search(object_id, packed, loose)
                if answer is not None:
                    return answer
                # Another thread may have found the pack that git moved the object into since.
                if not self._look_for_packs() and self._looks == looks:
                    break
        except Exception as error:
            raise _translated(error, f"object {object_id}") from error
        raise self._missing(object_id)

    def _search(
        self, object_id: str, packed: Callable[[PackReader, bytes, int], _Answer], loose: Callable[[Path], _Answer]
    ) -> _Answer | None:
        raw_id = bytes.fromhex(object_id)
        for reader in self._in_order:
            offset = reader.offset(raw_id)
            if offset is not None:
                self._prefer(reader)
                return packed(reader, raw_id, offset)
        for folder in self._folders:
            try:
                return loose(folder / object_id[:2] / object_id[2:])
            except (FileNotFoundError, NotADirectoryError):
                continue
        return None

    def _prefer(self, reader: PackReader) -> None:
        if self._in_order[:1] != (reader,):
            with self._lock:
                self._in_order = (reader, *(other for other in self._packs.values() if other is not reader))

    def _look_for_packs(self) -> bool:
        """Open what git packed since; whether there is any. Packs once open stay so, though git may remove them."""
        # dulwich comes with it: a list that is known opens no object and does without.
        from mlver.store.packs import PackReader

        with self._lock:
            new = [path for path in self._pack_files() if path not in self._packs and path not in self._damaged]
            for path in new:
                try:
                    self._packs[path] = PackReader(path)
                except FileNotFoundError:  # removed by a repack in this moment; its objects are in a newer one
                    continue
                except Exception as error:  # noqa: BLE001 - a damaged pack hides only its own objects
                    self._damaged[path] = str(error) or type(error).__name__
            if new:
                self._looks += 1
                self._in_order = tuple(self._packs.values())
            return bool(new)

    def _pack_files(self) -> Iterator[Path]:
        for folder in self._folders:
            try:
                names = set(os.listdir(folder / "pack"))  # noqa: PTH208 - names are all that is needed
            except (FileNotFoundError, NotADirectoryError):
                continue
            for name in names:
                if name.endswith(".pack") and name.removesuffix(".pack") + ".idx" in names:
                    yield folder / "pack" / name

    def _missing(self, object_id: str) -> MlverError:
        self.absences += 1
        if self._damaged:
            path, why = next(iter(self._damaged.items()))
            return RepositoryDamaged(
                f"object {object_id} is in no readable pack; {path.name} is damaged: {why}", hint="git fsck says more"
            )
        return ObjectMissing(f"object {object_id} is not present here", hint=self._hint(object_id))


def _with_alternates(folder: Path, depth: int) -> Iterator[Path]:
    yield folder
    try:
        lines = (folder / "info/alternates").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines if depth else ():
        if line and not line.startswith("#"):
            yield from _with_alternates(folder / line, depth - 1)


def _loose(path: Path, limit: int) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        inflater = zlib.decompressobj()
        kind, size, first = _loose_start(file, inflater)
        if size > limit:
            raise LimitReached(f"object {path.parent.name}{path.name} is {size} bytes, more than the limit of {limit}")
        if len(first) < size:
            # One byte more than it should have, to see that it has no more: damage may unfold to gigabytes.
            first += inflater.decompress(inflater.unconsumed_tail + file.read(), size + 1 - len(first))
        return kind, first


def _loose_size(path: Path) -> int:
    with path.open("rb") as file:
        return _loose_start(file, zlib.decompressobj())[1]


def _loose_start(file: BinaryIO, inflater: zlib._Decompress) -> tuple[bytes, int, bytes]:
    """The header. A stream may begin with a code table longer than one reading, which gives no byte of content yet."""
    start = b""
    while b"\0" not in start and len(start) < _LOOSE_HEADER and (piece := file.read(_LOOSE_HEADER)):
        start += inflater.decompress(inflater.unconsumed_tail + piece, _LOOSE_HEADER)
    return _loose_header(start)


def _loose_header(start: bytes) -> tuple[bytes, int, bytes]:
    """The kind, the size, and the first bytes of the content, which follow a zero byte."""
    header, _, first = start.partition(b"\0")
    kind, _, size = header.partition(b" ")
    return kind, int(size), first


def _translated(error: Exception, what: str) -> MlverError:
    """The error as mlver's own; what knows dulwich's is loaded only now."""
    from mlver.store.foreign_errors import reading_error

    return reading_error(error, what)
