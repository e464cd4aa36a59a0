"""ONNX models: initialisers by name as tensors; nodes, inputs, outputs and metadata as texts.

By the published schema (onnx.proto), of which only these fields are read. Numbers that lie in other files are not here:
then the model's tensors are told by where they say they are. Sub-graphs are told by the digest of their bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct, field

from mlver.comparing.bytes import BinaryFile, BytesInMemory
from mlver.comparing.number_types import KNOWN, NumberType
from mlver.comparing.quantised import INT4, UINT4
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.formats.metadata import with_metadata
from mlver.formats.protobuf import Part, Wire, signed
from mlver.formats.tensor import MOST_TENSORS, Tensor
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.model.change import Change
from mlver.model.data import Data
from mlver.progress import ShouldStop, never

_LONGEST_TEXT = 1 << 20
_LONGEST_PART = 16 << 20
"""Bytes of an input or a graph inside that are read for their digest, or of an attribute's numbers."""
_MOST_KEPT = 6 << 20
"""Bytes of all names and texts."""
_EACH = 64
"""Bytes that one takes beside its letters."""
_MOST_LISTED = 1 << 20
"""Numbers of a file that are written one by one, not as raw bytes: small shapes and constants are."""
_SHOWN_NUMBERS = 64
"""Of an attribute; more are told by their number and digest."""
_PLAIN = {
    1: "F32", 2: "U8", 3: "I8", 4: "U16", 5: "I16", 6: "I32", 7: "I64", 9: "BOOL", 10: "F16", 11: "F64", 12: "U32",
    13: "U64", 14: "C64", 15: "C128", 16: "BF16", 17: "F8_E4M3", 19: "F8_E5M2", 23: "F4", 24: "F8_E8M0",
}  # fmt: skip
_TYPES: dict[int, NumberType] = {number: KNOWN[name] for number, name in _PLAIN.items()} | {21: UINT4, 22: INT4}
_FIXED_LISTS = {4: 4, 10: 8}
"""Fields of packed floats and doubles: in the file just as raw bytes are."""
_VARINT_LISTS = {5, 7, 11}


class OnnxFormat:
    """A model with its graph."""

    name = "onnx"
    tells_bytes = False
    vouches = False

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether it is called so and begins with the field that models begin with."""
        return path.lower().endswith(".onnx") and head[:1] == b"\x08"

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Initialisers by name, then the graph, then the metadata."""
        with pair.before.open() as before, pair.after.open() as after:
            left, right = read_onnx(before, should_stop), read_onnx(after, should_stop)
            change = compare_tensors(pair.path, left.tensors, right.tensors, should_stop)
        change = with_metadata(change, left.graph, right.graph, label="graph")
        return with_metadata(change, left.metadata, right.metadata)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each initialiser, then the graph, then the metadata."""
        with side.open() as file:
            said = read_onnx(file, should_stop)
        told = with_metadata(tensors_told(path, said.tensors), said.graph, said.graph, label="graph")
        return with_metadata(told, said.metadata, said.metadata)


class OnnxFile(Struct):
    """What a file says it holds."""

    tensors: dict[str, Tensor] = field(default_factory=dict)
    graph: dict[str, Data] = field(default_factory=dict)
    """Inputs, outputs and nodes, by what they give."""
    metadata: dict[str, Data] = field(default_factory=dict)


def read_onnx(file: BinaryFile, should_stop: ShouldStop = never) -> OnnxFile:
    """The model in a file. Raises NotUnderstood for anything that cannot be trusted, and Interrupted."""
    reading = _Reading(file, should_stop)
    try:
        reading.model()
    except (ValueError, struct.error, OverflowError) as error:
        raise NotUnderstood(f"the model cannot be read: {error}") from error
    return reading.found


class _Reading:
    def __init__(self, file: BinaryFile, should_stop: ShouldStop) -> None:
        self._file = file
        self._wire = Wire(file, should_stop)
        self._listed = self._kept = 0
        self.found = OnnxFile()

    def model(self) -> None:
        names = {1: "ir_version", 2: "producer_name", 3: "producer_version", 4: "domain", 5: "model_version"}
        has_graph = False
        for number, value in self._wire.fields(self._wire.whole):
            if number in names:
                self.found.metadata[names[number]] = self._plain(value)
            elif number == 7 and isinstance(value, Part):  # noqa: PLR2004 - the graph
                has_graph = True
                self._graph(value)
            elif number == 8 and isinstance(value, Part):  # noqa: PLR2004 - a set of operators
                said = self._said(value)
                self.found.metadata[f"opset {said.get(1, '')}".strip()] = said.get(2, 0)
            elif number == 14 and isinstance(value, Part):  # noqa: PLR2004 - a key and its value
                said = self._said(value)
                self.found.metadata[str(said.get(1, ""))] = said.get(2, "")
        if not has_graph:
            raise NotUnderstood("a model without a graph")

    def _graph(self, part: Part) -> None:
        for number, value in self._wire.fields(part):
            if not isinstance(value, Part):
                continue
            if number == 1:
                self._node(value)
            elif number == 5:  # noqa: PLR2004 - an initialiser
                self._add(self._tensor(value, "initialiser"))
            elif number in {11, 12}:
                kind = "input" if number == 11 else "output"  # noqa: PLR2004
                self.found.graph[f"{kind} {self._said(value).get(1, '')}"] = self._digest(value)

    def _node(self, part: Part) -> None:
        """A node is called by what it gives first; the same node with other attributes is another text."""
        inputs: list[str] = []
        outputs: list[str] = []
        attributes: list[str] = []
        kind = ""
        for number, value in self._wire.fields(part):
            if number in {1, 2, 4} and isinstance(value, Part):
                text = self._text(value)
                if number == 4:  # noqa: PLR2004 - the operator
                    kind = text
                else:
                    (inputs if number == 1 else outputs).append(text)
            elif number == 5 and isinstance(value, Part):  # noqa: PLR2004 - an attribute
                attributes.append(self._attribute(value, outputs[0] if outputs else "node"))
        said = f"{kind}({', '.join(inputs)})" + (f" {', '.join(sorted(attributes))}" if attributes else "")
        self.found.graph[f"node {outputs[0] if outputs else len(self.found.graph)}"] = said

    def _attribute(self, part: Part, node: str) -> str:
        """`kernel_shape=[3, 3]`; a tensor among the attributes is one of the model's."""
        name, values = "", []
        for number, value in self._wire.fields(part):
            if number == 1 and isinstance(value, Part):
                name = self._text(value)
            elif number == 5 and isinstance(value, Part):  # noqa: PLR2004 - a tensor
                self._add(self._tensor(value, f"{node}.{name}"))
                values.append("tensor")
            elif number in {2, 7} and isinstance(value, Part):
                values.extend(f"{one:.9g}" for one in self._floats(value))
            elif number in {3, 8}:
                values.extend(map(str, self._integers([value])))
            elif number in {4, 9} and isinstance(value, Part):
                values.append(self._text(value))
            elif number in {6, 11} and isinstance(value, Part):
                values.append(f"graph {self._digest(value)}")
        return f"{name}={_listed(values)}"

    def _floats(self, part: Part) -> tuple[float, ...]:
        content = self._wire.content(part, _LONGEST_PART)
        if len(content) > _MOST_LISTED:
            raise TooMuch("an attribute of more numbers than are looked at")
        return struct.unpack(f"<{len(content) // 4}f", content[: len(content) // 4 * 4])

    def _tensor(self, part: Part, unnamed: str) -> Tensor:
        name, kind_number, sizes, raw = unnamed, 0, [], None
        numbers: list[int | Part] = []
        is_elsewhere = False
        for number, value in self._wire.fields(part):
            if number == 1:
                sizes.extend(self._integers([value]))
            elif number == 2 and isinstance(value, int):  # noqa: PLR2004 - the type
                kind_number = value
            elif number == 8 and isinstance(value, Part):  # noqa: PLR2004 - the name
                name = self._text(value) or unnamed
            elif (number == 9 or number in _FIXED_LISTS) and isinstance(value, Part):  # noqa: PLR2004 - raw bytes
                raw = value
            elif number in _VARINT_LISTS:
                numbers.append(value)
            elif number == 14 and value == 1:  # noqa: PLR2004 - where the numbers are
                is_elsewhere = True
        return self._placed(name, (kind_number, sizes), numbers if raw is None else raw, is_elsewhere=is_elsewhere)

    def _placed(
        self, name: str, said: tuple[int, list[int]], where: Part | list[int | Part], *, is_elsewhere: bool
    ) -> Tensor:
        kind, shape = _TYPES.get(said[0]), tuple(said[1])
        if kind is None or any(length < 0 for length in shape):
            raise NotUnderstood(f"the initialiser {name} is of a type or shape that is not known")
        if is_elsewhere:
            raise NotUnderstood("numbers of the model lie in other files")
        if isinstance(where, Part):
            tensor = Tensor(name=name, kind=kind, shape=shape, file=self._file, offset=where.start)
            size = where.size
        else:
            content = _packed(kind, self._integers(where))
            tensor = Tensor(name=name, kind=kind, shape=shape, file=BytesInMemory(content), offset=0)
            size = len(content)
        if tensor.size != size:
            raise NotUnderstood(f"the shape of {name} is not that of its numbers")
        return tensor

    def _integers(self, values: Iterable[int | Part]) -> list[int]:
        """Numbers of a repeated field, packed or one by one."""
        found: list[int] = []
        for value in values:
            if isinstance(value, Part):
                self._listed += value.size
                if self._listed > _MOST_LISTED:
                    raise TooMuch("lists of more numbers than are looked at")
                found.extend(map(signed, self._wire.varints(value)))
            else:
                found.append(signed(value))
        return found

    def _add(self, tensor: Tensor) -> None:
        if tensor.name in self.found.tensors:
            raise NotUnderstood("two initialisers have one name")
        if len(self.found.tensors) >= MOST_TENSORS:
            raise TooMuch(f"more than {MOST_TENSORS} tensors")
        self.found.tensors[tensor.name] = tensor

    def _said(self, part: Part) -> dict[int, Data]:
        return {number: self._plain(value) for number, value in self._wire.fields(part)}

    def _plain(self, value: int | Part) -> Data:
        if isinstance(value, int):
            return signed(value)
        return self._text(value) if value.size <= _LONGEST_TEXT else f"{value.size} bytes"

    def _text(self, part: Part) -> str:
        self._kept += part.size + _EACH
        if self._kept > _MOST_KEPT:
            raise TooMuch("names and texts of more than are looked at")
        return self._wire.content(part, _LONGEST_TEXT).decode("utf-8", "backslashreplace")

    def _digest(self, part: Part) -> str:
        return "sha256 " + sha256(self._wire.content(part, _LONGEST_PART)).hexdigest()[:12]


def _listed(values: list[str]) -> str:
    if len(values) > _SHOWN_NUMBERS:
        digest = sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{len(values)} values, sha256 {digest[:12]}"
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _packed(kind: NumberType, numbers: list[int]) -> bytes:
    """Numbers that were written one by one, as the raw bytes they stand for; floats of 16 bits by their bits."""
    import numpy as np

    wide = np.array([number % (1 << 64) for number in numbers], np.uint64)
    return wide.astype(f"<u{kind.itemsize}").tobytes()
