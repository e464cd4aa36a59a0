"""The opcodes of a pickle, read one by one; what is long stays in the file, and what is kept is counted.

pickletools knows what each opcode is followed by. Texts and bytes of more than some kilobytes are stepped over: their
place stands for them, so that gigabytes of numbers are never in memory. What else is kept has a bound.
"""

from __future__ import annotations

import io
import pickletools
import sys
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.formats.file_object import FileObject
from mlver.formats.format import TooMuch
from mlver.formats.window import Window

MOST_MEMORY = 15 << 20
"""Bytes that what is kept of a pickle takes, about: some 50 000 words with a number each, or 6 000 arrays.

A forest of scikit-learn of a thousand trees takes two thirds of it.
"""
LONG, LONG_BYTES = 1 << 16, 1 << 10
"""Bytes of a text, and of bytes; longer ones stay where they are."""

_MOST_READ = 1 << 30
"""Bytes of opcodes; what is stepped over does not count."""
_EACH = 64
"""Bytes that an opcode costs beside its argument: a place on the stack, in the memo, in a list or dict."""
_MAKING = {"EMPTY_DICT", "EMPTY_LIST", "EMPTY_SET", "LIST", "DICT", "TUPLE", "REDUCE", "NEWOBJ", "NEWOBJ_EX", "OBJ"}
"""Those that cost as much again."""
_BY_CODE = {opcode.code.encode("latin-1"): opcode for opcode in pickletools.opcodes}
_SIZED = {"BINBYTES": 4, "BINBYTES8": 8, "BYTEARRAY8": 8, "BINUNICODE": 4, "BINUNICODE8": 8, "BINSTRING": 4}
"""Opcode -> bytes of the length that follows it."""


class LongText(Struct, frozen=True):
    """A text that was left in the file, as its bytes stand there."""

    content: Window

    @property
    def size(self) -> int:
        """Bytes."""
        return self.content.size


class Opcodes:
    """The opcodes of the first pickle in a file."""

    def __init__(self, file: BinaryFile) -> None:
        self._file = file
        self._kept = 0
        self.stream = _Stream(file)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Name and argument of each. Raises ValueError for what is no pickle, and TooMuch."""
        name = ""
        while name != "STOP":
            code = self.stream.read(1)
            opcode = _BY_CODE.get(code)
            if opcode is None:
                raise ValueError("an opcode that there is not" if code else "it ends before it says so")
            name, argument = opcode.name, None
            if name in _SIZED:
                argument = self._sized(name)
            elif opcode.arg is not None:
                argument = opcode.arg.reader(self.stream)
            self._kept += _EACH * (2 if name in _MAKING else 1) + (0 if argument is None else sys.getsizeof(argument))
            if self._kept > MOST_MEMORY:
                raise TooMuch("the pickle holds more than is looked at")
            yield name, argument

    def _sized(self, name: str) -> object:
        size = int.from_bytes(self.stream.read(_SIZED[name]), "little")
        is_text = name.startswith("BINUNICODE") or name == "BINSTRING"
        place = self.stream.tell()
        if place + size > self._file.size:
            raise ValueError("a length that is not the file's")
        if size > (LONG if is_text else LONG_BYTES):
            self.stream.seek(place + size)
            content = Window(self._file, place, size)
            return LongText(content) if is_text else content
        short = self.stream.read(size)
        return short.decode("latin-1" if name == "BINSTRING" else "utf-8", "surrogatepass") if is_text else short


class _Stream(io.BufferedReader):
    """A file as pickletools reads it: never much at once."""

    def __init__(self, file: BinaryFile) -> None:
        super().__init__(FileObject(file, _MOST_READ))

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes."""
        if size is None or not 0 <= size <= LONG:
            raise TooMuch("a number of more digits than are looked at")
        return super().read(size)

    def readline(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002 - pickletools asks for whole lines
        """A line."""
        line = super().readline(LONG)
        if len(line) == LONG:
            raise TooMuch("a line that is longer than is looked at")
        return line
