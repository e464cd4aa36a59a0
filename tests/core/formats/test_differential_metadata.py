"""What GGUF and ONNX say beside their tensors, held to the values that were written: never a wrong "same"."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, hold_same_values
from mlver.model.change import Change, Kind
from tests.support.model_files import gguf, onnx, onnx_field

LAYOUTS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
"""Number of a type of GGUF -> how it is packed, from the published format."""
NUMBERS = (0, 1, 100, 127)
FLOATS = (0.0, -0.0, 1.0, 0.1, float("nan"), float("inf"))
TEXTS = ("", "0", "a", "a" * 70, "x" * (1 << 16), "x" * ((1 << 16) + 1), "x" * (1 << 16) + "y", "\udcff", "\ufffd", "é")

scalars = st.one_of(
    st.tuples(st.sampled_from([0, 1, 2, 3, 4, 5, 10, 11]), st.sampled_from(NUMBERS)),
    st.tuples(st.sampled_from([6, 12]), st.sampled_from(FLOATS)),
    st.tuples(st.just(7), st.booleans()),
    st.tuples(st.just(8), st.sampled_from(TEXTS)),
)


@st.composite
def lists(draw: st.DrawFn) -> tuple[int, list[Any]]:
    kind, value = draw(scalars)
    others = NUMBERS if kind not in {6, 7, 8, 12} else {7: (True, False), 8: TEXTS[:4]}.get(kind, FLOATS)
    return kind, [value, *draw(st.lists(st.sampled_from(others), max_size=3))] * draw(st.sampled_from([0, 1, 1, 30]))


values = st.one_of(scalars, lists())
metadata = st.dictionaries(st.sampled_from(["a", "b", "general.name", "é"]), values, max_size=4)
WEIGHT = {"w": np.ones(4, np.float32)}


def packed(kind: int, value: Any) -> bytes:
    if kind == 8:
        content: bytes = value.encode("utf-8", "surrogateescape")
        return struct.pack("<Q", len(content)) + content
    return struct.pack(LAYOUTS[kind], value)


def typed(said: tuple[int, Any]) -> bytes:
    """A value as it stands in the file, its type before it: two are the same where these bytes are."""
    kind, value = said
    if isinstance(value, list):
        return struct.pack("<IIQ", 9, kind, len(value)) + b"".join(packed(kind, one) for one in value)
    return struct.pack("<I", kind) + packed(kind, value)


def below(change: Change, label: str) -> dict[str, Kind]:
    """What became of each key."""
    return {leaf.label: leaf.kind for node in change.children if node.label == label for leaf in node.children}


@settings(max_examples=50)
@given(metadata, metadata)
def test_metadata_of_gguf_is_the_same_only_where_its_bytes_are(before: Any, after: Any) -> None:
    sides = [{key: typed(said) for key, said in side.items()} for side in (before, after)]
    left, right = (gguf(WEIGHT, side) for side in sides)
    shuffled = gguf(WEIGHT, dict(reversed(sides[1].items())))

    change = compare_files("m.gguf", Blob(left), Blob(right))

    assert not any("not compared" in said for said in change.details)
    assert (change.kind is Kind.SAME) == (sides[0] == sides[1])
    assert hold_same_values("m.gguf", Blob(left), Blob(shuffled)) == (sides[0] == sides[1])
    if left != right:
        values, types = below(change, "metadata"), below(change, "types of metadata")
        for key in sides[0].keys() | sides[1].keys():
            told = {values[key], types.get(key, Kind.SAME)} - {Kind.SAME}
            assert bool(told) == (sides[0].get(key) != sides[1].get(key))


said_by_name = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "é", "xx", "1"]), max_size=3)
nodes = st.lists(
    st.tuples(st.sampled_from(["Add", "Mul"]), st.lists(st.sampled_from("uv"), max_size=2), st.sampled_from("opq")),
    max_size=3,
    unique_by=lambda node: node[2],
)
models = st.tuples(nodes, said_by_name, st.sampled_from([0, 1, 300]), st.sampled_from(["", "ai.onnx.ml"]))


def model(said: Any) -> bytes:
    graph, properties, version, domain = said
    opset = onnx_field(8, onnx_field(1, domain.encode()) + b"\x10" + bytes([version & 0x7F | 0x80, version >> 7]))
    return onnx(WEIGHT, graph, properties, more=opset)


def told_of(said: Any) -> Mapping[str, Any]:
    """Label -> what must decide whether it is the same."""
    graph, properties, version, domain = said
    named = {f"node {output}": (operator, inputs) for operator, inputs, output in graph}
    return {**named, **properties, f"opset {domain}".strip(): version}


@settings(max_examples=50)
@given(models, models)
def test_graph_and_metadata_of_onnx_are_the_same_only_where_they_say_the_same(before: Any, after: Any) -> None:
    left, right = (Blob(model(said)) for said in (before, after))
    expected = told_of(before), told_of(after)

    change = compare_files("m.onnx", left, right)

    assert not any("not compared" in said for said in change.details)
    assert (change.kind is Kind.SAME) == (left == right)
    if left == right:
        return
    told = below(change, "graph") | below(change, "metadata")
    for label in expected[0].keys() | expected[1].keys():
        assert (told[label] is Kind.SAME) == (expected[0].get(label) == expected[1].get(label)), label
    if "all that was followed" in change.note:
        assert expected[0] == expected[1]
