"""What a pickle would make, told without making it: its opcodes are followed on a stack of plain data.

No module is imported, no object is made, no function is called: where the pickle machine would do so, an `Unmade`
stands with the names and arguments. So it is safe to look at any pickle; what it says is best effort, for a pickle can
be written to look like another one, and it is never said that one is safe to load.

joblib writes the numbers of an array right behind the opcode that ends its description; these are stepped over, and the
array's place is kept.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from mlver.comparing.bytes import BinaryFile
from mlver.errors import Interrupted
from mlver.formats.format import NotUnderstood
from mlver.formats.pickle_opcodes import LongText, Opcodes
from mlver.formats.window import Window
from mlver.progress import ShouldStop, never

Value: TypeAlias = Any
"""None, bool, int, float, str, bytes, list, tuple, dict, Window, LongText, Global, Unmade or Persistent."""


class Global(Struct, frozen=True):
    """A name that loading would import: `collections OrderedDict`."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Unmade(Struct, eq=False):
    """What a call would have given."""

    made_by: Value
    arguments: Value
    state: Value = None
    """What would be set on it."""
    items: tuple[tuple[Value, Value], ...] | list[tuple[Value, Value]] = ()
    """Keys and values that would be put into it."""
    members: tuple[Value, ...] | list[Value] = ()
    """What would be appended to it."""
    place: int | None = None
    """Where the numbers of a joblib array begin in the file."""


class Persistent(Struct, frozen=True):
    """What the program that loads it would look up elsewhere, by this id."""

    id: Value


class Pickled(Struct, frozen=True):
    """What was found in a pickle."""

    value: Value
    names: tuple[Global, ...]
    """Every name that would be imported, in the order they come."""
    end: int
    """Where the pickle ends; what follows in the file is not part of it."""


class _Mark:
    """The place on the stack that a pickle marked."""


_MARK = _Mark()
_CONSTANTS: dict[str, Value] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Value]] = {
    "EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "EMPTY_SET": list,
}  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_IGNORED = {"PROTO", "FRAME", "STOP"}
_EXTENSIONS = {"EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}


def read_pickle(file: BinaryFile, should_stop: ShouldStop = never) -> Pickled:
    """The first pickle of a file. Raises NotUnderstood for what is none, is cut, or is too long; and Interrupted."""
    machine, opcodes = _Machine(), Opcodes(file)
    try:
        for number, (name, argument) in enumerate(opcodes):
            if number % _ASKED_EVERY == 0 and should_stop():
                raise Interrupted("the comparison of pickles was stopped")
            machine.step(name, argument)
            if name == "BUILD":
                _step_over_array(machine.stack[-1], opcodes.stream)
        return Pickled(machine.pop(), tuple(machine.names), opcodes.stream.tell())
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, UnicodeError) as error:
        raise NotUnderstood(f"no pickle that can be followed: {str(error)[:_SAID]}") from error


def _step_over_array(made: Value, stream: io.BufferedReader) -> None:
    """By joblib's own layout: a byte that says how much padding follows, the padding, the numbers."""
    if not isinstance(made, Unmade) or made.made_by != _JOBLIB_ARRAY or not isinstance(made.state, dict):
        return
    size = array_size(made.state)
    if made.state.get("numpy_array_alignment_bytes") is not None:
        stream.seek(stream.read(1)[0], io.SEEK_CUR)
    made.place = stream.tell()
    stream.seek(size, io.SEEK_CUR)


def array_size(state: dict[Value, Value]) -> int:
    """Bytes of a joblib array. Raises ValueError for one that holds objects, or whose type or shape is none."""
    name = numpy_type(state.get("dtype"))
    shape = state.get("shape")
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("an array without a shape")
    if name is None:
        raise ValueError("an array of objects")
    return math.prod(shape) * int(name[2:])


def numpy_type(dtype: Value) -> str | None:
    """The type of an array's numbers as numpy names it, with its byte order: `<f8`, `|V64` for records of 64 bytes.

    None: of objects, texts or dates.
    """
    if not isinstance(dtype, Unmade) or not isinstance(dtype.arguments, tuple) or not dtype.arguments:
        return None
    name = dtype.arguments[0]
    if not isinstance(dtype.made_by, Global) or dtype.made_by.name != "dtype" or not isinstance(name, str):
        return None
    order = dtype.state[1] if isinstance(dtype.state, tuple) and len(dtype.state) > 1 else "|"
    is_plain = name[:1] in {"b", "i", "f", "u", "c", "V"} and name[1:].isdigit() and len(name) <= _LONGEST_TYPE
    return f"{order}{name}" if is_plain and order in {"<", ">", "|"} else None


_JOBLIB_ARRAY = Global("joblib.numpy_pickle", "NumpyArrayWrapper")
_LONGEST_TYPE = 6
_SAID = 200
_HIGHEST_MEMO = (1 << 32) - 1
_LONGEST_KEY = 64
"""Bits of an integer that is a key."""
_ASKED_EVERY = 4096


class _Machine:
    """The stack and the memo; each opcode's meaning is that of pickletools' own description."""

    def __init__(self) -> None:
        self.stack: list[Value] = []
        self.memo: list[Value] = []
        self._scattered: dict[int, Value] = {}
        """What is remembered by a number that is not the next."""
        self.names: dict[Global, Global] = {}
        self._steps: dict[str, Callable[[Any], None]] = {
            "MARK": lambda _argument: self.stack.append(_MARK),
            "POP": lambda _argument: self._drop(),
            "POP_MARK": lambda _argument: self._discard(),
            "DUP": lambda _argument: self.stack.append(self.stack[-1]),
            "TUPLE": lambda _argument: self.stack.append(tuple(self._since_mark())),
            "LIST": lambda _argument: self.stack.append(self._since_mark()),
            "DICT": lambda _argument: self.stack.append(dict(self._hashable(_pairs(self._since_mark())))),
            "FROZENSET": lambda _argument: self.stack.append(self._since_mark()),
            "MEMOIZE": lambda _argument: self._remember(len(self.memo) + len(self._scattered)),
            "STACK_GLOBAL": lambda _argument: self._stack_global(),
            "BINPERSID": lambda _argument: self.stack.append(Persistent(self.pop())),
            "PERSID": lambda argument: self.stack.append(Persistent(argument)),
            "REDUCE": lambda _argument: self._reduce(),
            "NEWOBJ": lambda _argument: self._reduce(),
            "NEWOBJ_EX": lambda _argument: self._new_with_keywords(),
            "BUILD": lambda _argument: self._build(),
            "APPEND": lambda _argument: self._append([self.pop()]),
            "APPENDS": lambda _argument: self._append(self._since_mark()),
            "ADDITEMS": lambda _argument: self._append(self._since_mark()),
            "SETITEM": lambda _argument: self._set([(self.stack.pop(-2), self.pop())]),
            "SETITEMS": lambda _argument: self._set(list(_pairs(self._since_mark()))),
            "GLOBAL": self._global,
            "INST": self._instance,
            "OBJ": lambda _argument: self._object(),
        }

    def step(self, opcode: str, argument: Any) -> None:
        """Do one opcode."""
        if opcode in _IGNORED:
            return
        if opcode in _CONSTANTS:
            self.stack.append(_CONSTANTS[opcode])
        elif opcode in _EMPTY:
            self.stack.append(_EMPTY[opcode]())
        elif opcode in _TUPLES:
            count = _TUPLES[opcode]
            self.stack[-count:] = [tuple(self.stack[-count:])]
        elif opcode in self._steps:
            self._steps[opcode](argument)
        else:
            self._moved(opcode, argument)

    def _moved(self, opcode: str, argument: Any) -> None:
        """Memo and literals: of these the argument tells."""
        if opcode.endswith("PUT"):
            self._remember(int(argument))
        elif opcode.endswith("GET"):
            self.stack.append(self._remembered(int(argument)))
        elif opcode in _EXTENSIONS:
            raise ValueError("it needs what only a running program has")
        else:
            self.stack.append(argument)

    def pop(self) -> Value:
        """The top of the stack. Raises ValueError where a mark stands there."""
        value = self.stack.pop()
        if value is _MARK:
            raise ValueError("a mark where a value should be")
        return value

    def _drop(self) -> None:
        self.stack.pop()

    def _discard(self) -> None:
        self._since_mark()

    def _since_mark(self) -> list[Value]:
        place = len(self.stack) - 1
        while self.stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise ValueError("no mark")
        found = self.stack[place + 1 :]
        del self.stack[place:]
        return found

    def _remember(self, number: int) -> None:
        if not 0 <= number <= _HIGHEST_MEMO:
            raise ValueError("a number that no pickler gives")
        if number < len(self.memo):
            self.memo[number] = self.stack[-1]
        elif number == len(self.memo):
            self._scattered.pop(number, None)
            self.memo.append(self.stack[-1])
        else:
            self._scattered[number] = self.stack[-1]

    def _remembered(self, number: int) -> Value:
        return self.memo[number] if 0 <= number < len(self.memo) else self._scattered[number]

    def _name(self, module: str, name: str) -> None:
        found = Global(module, name)
        self.stack.append(self.names.setdefault(found, found))

    def _global(self, argument: str) -> None:
        module, _, name = argument.partition(" ")
        self._name(module, name)

    def _stack_global(self) -> None:
        name, module = self.pop(), self.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise TypeError("a name that is no text")
        self._name(module, name)

    def _reduce(self) -> None:
        arguments, made_by = self.pop(), self.pop()
        self.stack.append(_old_bytes(made_by, arguments) or Unmade(made_by, arguments))

    def _new_with_keywords(self) -> None:
        keywords, arguments, made_by = self.pop(), self.pop(), self.pop()
        self.stack.append(Unmade(made_by, (arguments, keywords)))

    def _instance(self, argument: str) -> None:
        arguments = tuple(self._since_mark())
        self._global(argument)
        self.stack.append(Unmade(self.pop(), arguments))

    def _object(self) -> None:
        made_by, *arguments = self._since_mark()
        self.stack.append(Unmade(made_by, tuple(arguments)))

    def _build(self) -> None:
        state = self.pop()
        made = self.stack[-1]
        if isinstance(made, Unmade):
            made.state = state

    def _append(self, members: list[Value]) -> None:
        target = self.stack[-1]
        if isinstance(target, Unmade):
            target.members = _longer(target.members, members)
        elif isinstance(target, list):
            target.extend(members)
        else:
            raise TypeError("appended to what is no list")

    def _set(self, pairs: list[tuple[Value, Value]]) -> None:
        target = self.stack[-1]
        if isinstance(target, Unmade):
            target.items = _longer(target.items, pairs)
        elif isinstance(target, dict):
            target.update(self._hashable(iter(pairs)))
        else:
            raise TypeError("a key is set in what is no mapping")

    @staticmethod
    def _hashable(pairs: Iterator[tuple[Value, Value]]) -> Iterator[tuple[Value, Value]]:
        for key, value in pairs:
            # Longer integers can be chosen to have one hash, with which a dict takes quadratic time.
            is_plain = isinstance(key, (str, float, bytes, type(None))) or (type(key) is bool)
            is_plain = is_plain or (isinstance(key, int) and key.bit_length() <= _LONGEST_KEY)
            yield (key if is_plain else shown(key)), value


def _longer(held: tuple[Value, ...] | list[Value], more: list[Value]) -> list[Value]:
    """Most values hold nothing, so that a list of their own is made only when they do."""
    if not isinstance(held, list):
        return more
    held.extend(more)
    return held


def _old_bytes(made_by: Value, arguments: Value) -> bytes | None:
    """Bytes as protocols before the third write them: a text to be encoded."""
    if made_by != _ENCODE or not isinstance(arguments, tuple) or arguments[1:] != ("latin1",):
        return None
    return arguments[0].encode("latin1") if isinstance(arguments[0], str) else None


_ENCODE = Global("_codecs", "encode")


def _pairs(values: list[Value]) -> Iterator[tuple[Value, Value]]:
    if len(values) % 2:
        raise ValueError("a key without a value")
    return zip(values[::2], values[1::2], strict=True)


def shown(value: Value) -> str:
    """A value in a few words: for keys, and for what is no plain data."""
    if isinstance(value, Unmade):
        return f"<{value.made_by}>" if isinstance(value.made_by, Global) else "<made by what was made>"
    if isinstance(value, (tuple, list, dict)):
        return f"({len(value)} values)"
    if isinstance(value, (bytes, Window, LongText)):
        return f"{len(value) if isinstance(value, bytes) else value.size} bytes"
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, Persistent):
        return "<kept elsewhere>"
    return str(value)[:_SAID]


_LONGEST_INTEGER = 1024
"""Bits: Python refuses to write much longer ones."""
