"""GGUF and ONNX: recognised, the same, different, damaged."""

from __future__ import annotations

import random
import struct
from typing import Any

import numpy as np
import pytest

from mlver.comparing.bytes import BytesInMemory
from mlver.formats import protobuf
from mlver.formats.blob import Blob
from mlver.formats.onnx import read_onnx
from mlver.formats.registry import compare_files, hold_same_values, kind_of
from mlver.model.change import Change, Kind
from tests.support.model_files import gguf, onnx, onnx_field

WEIGHT = np.arange(8, dtype=np.float32).reshape(2, 4)
HALF = np.array([1.0, 2.0], np.float16)
WORDS = [f"word {number}" for number in range(100)]

GGUF = gguf({"w": WEIGHT, "h": HALF, "q": (8, (32,), b"\x01" * 34)}, {"general.name": "a", "n": 4, "words": WORDS})
ONNX = onnx({"W": WEIGHT, "H": HALF}, [("MatMul", ["x", "W"], "y0"), ("Relu", ["y0"], "y")], {"epoch": "3"})


def compared(before: bytes, after: bytes, path: str) -> Change:
    return compare_files(path, Blob(before), Blob(after))


def nodes(change: Change) -> dict[str, tuple[Kind, str]]:
    return {node.label: (node.kind, node.note) for node in change.children if node.kind is not Kind.SAME}


def changed_leaves(change: Change, label: str) -> dict[str, tuple[Any, Any]]:
    branch = next(node for node in change.children if node.label == label)
    return {leaf.label: (leaf.before, leaf.after) for leaf in branch.children if leaf.kind is not Kind.SAME}


def listed(number: bytes) -> bytes:
    """A model whose only tensor has its numbers written one by one."""
    count = (1 << 20) + 1
    tensor = b"\x08" + bytes([count & 0x7F | 0x80, count >> 7 & 0x7F | 0x80, count >> 14]) + b"\x10\x07"
    return b"\x08\x08" + onnx_field(7, onnx_field(5, tensor + onnx_field(8, b"w") + onnx_field(7, number * count)))


def attribute_of(content: bytes) -> bytes:
    """A model of one node with a float attribute."""
    attribute = onnx_field(1, b"epsilon") + b"\x15" + content
    return b"\x08\x08" + onnx_field(7, onnx_field(1, onnx_field(2, b"y") + onnx_field(5, attribute)))


def test_they_are_recognised() -> None:
    assert kind_of("weights", GGUF) == "gguf"
    assert kind_of("model.onnx", ONNX) == "onnx"


@pytest.mark.parametrize(("content", "path"), [(GGUF, "m.gguf"), (ONNX, "m.onnx")], ids=["gguf", "onnx"])
def test_the_same_is_the_same(content: bytes, path: str) -> None:
    assert compared(content, content, path).kind is Kind.SAME


def test_tensors_and_metadata_of_gguf_are_told() -> None:
    moved = WEIGHT.copy()
    moved[0, 0] = 5
    words = [*WORDS[:-1], "another"]
    after = gguf(
        {"w": moved, "h": HALF, "q": (8, (32,), b"\x01" * 33 + b"\x02")}, {"general.name": "b", "n": 4, "words": words}
    )

    change = compared(GGUF, after, "m.gguf")

    assert nodes(change) == {
        "w": (Kind.CHANGED, "f32 2×4, 1 of 8 numbers, max |d| 5"),
        "q": (Kind.CHANGED, "q8_0 32, all 1 blocks of 32, 1 of 32 numbers, max |d| 1.53e-05"),
        "metadata": (Kind.CHANGED, ""),
    }
    told = changed_leaves(change, "metadata")
    assert told["general.name"] == ("a", "b")
    assert [text.split(",")[0] for text in told["words"]] == ["100 items", "100 items"]
    assert set(told) == {"general.name", "words"}


def list_of(kind: int, layout: str, *values: float) -> bytes:
    return struct.pack(f"<IIQ{len(values)}{layout}", 9, kind, len(values), *values)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (struct.pack("<II", 4, 1), struct.pack("<IQ", 10, 1)),
        (struct.pack("<If", 6, 0.0), struct.pack("<If", 6, -0.0)),
        (list_of(5, "i", 1, 2), list_of(6, "f", 1, 2)),
        (list_of(0, "B", 0, 1), list_of(7, "?", 0, 1)),
        (list_of(4, "I", *[2**32 - 1] * 100), list_of(5, "i", *[-1] * 100)),
        ("\udcff", "\\xff"),
    ],
    ids=["width", "negative zero", "list of another type", "list of truth values", "long list", "no UTF-8"],
)
def test_values_that_only_look_alike_are_never_called_the_same(before: bytes | str, after: bytes | str) -> None:
    files = [gguf({"w": WEIGHT}, {"key": value}) for value in (before, after)]

    assert compared(files[0], files[1], "m.gguf").kind is Kind.CHANGED
    assert not hold_same_values("m.gguf", Blob(files[0]), Blob(files[1]))


def test_initialisers_graph_and_metadata_of_onnx_are_told() -> None:
    after = onnx({"W": WEIGHT * 2, "H": HALF}, [("MatMul", ["x", "W"], "y0"), ("Tanh", ["y0"], "y")], {"epoch": "4"})

    change = compared(ONNX, after, "m.onnx")

    assert nodes(change)["W"] == (Kind.CHANGED, "f32 2×4, 7 of 8 numbers, max |d| 7")
    assert changed_leaves(change, "graph") == {"node y": ("Relu(y0)", "Tanh(y0)")}
    assert changed_leaves(change, "metadata") == {"epoch": ("3", "4")}


def test_fields_that_are_not_read_are_never_called_the_same() -> None:
    change = compared(ONNX, onnx({"W": WEIGHT, "H": HALF}, [("MatMul", ["x", "W"], "y0"), ("Relu", ["y0"], "y")],
                                 {"epoch": "3"}, more=b"\xca\x01\x01x"), "m.onnx")  # fmt: skip

    assert (change.kind, change.note) == (Kind.CHANGED, "written otherwise; all that was followed is the same")


LYING_GGUF = [
    GGUF[:20], GGUF[:-10], b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60),
    b"GGUF" + struct.pack("<IQQ", 9, 0, 0), b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 62) + b"x" * 64,
    gguf({"w": (0, (1 << 40, 1 << 40), b"")}), gguf({"w": (99, (1,), b"abcd")}), gguf({"w": (0, (1,) * 9, b"abcd")}),
    gguf({}, {"general.alignment": 0}), gguf({}, {"a": 1, "b": 2}).replace(b"b", b"a"),
    gguf({"a": WEIGHT, "b": WEIGHT}).replace(b"\x01\0\0\0\0\0\0\0b", b"\x01\0\0\0\0\0\0\0a"),
    gguf({"a": WEIGHT, "b": WEIGHT}).replace(struct.pack("<IQ", 0, 32), struct.pack("<IQ", 0, 0)),
]  # fmt: skip
LYING_ONNX = [
    ONNX[:10], ONNX[:-3], b"\x08\x08", b"\x08" + b"\xff" * 20, b"\x08\x08\x3a\xff\xff\xff\xff\x0f",
    ONNX.replace(b"\x08\x02\x08\x04", b"\x08\x02\x08\x05"), ONNX.replace(b"\x10\x01\x42", b"\x10\x63\x42"),
    onnx({"A": WEIGHT, "B": WEIGHT}).replace(b"\x01B", b"\x01A"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("original", "damaged", "path"),
    [(GGUF, damaged, "m.gguf") for damaged in LYING_GGUF] + [(ONNX, damaged, "m.onnx") for damaged in LYING_ONNX],
    ids=lambda value: str(len(value)),
)
def test_damaged_and_lying_files_are_compared_as_bytes(original: bytes, damaged: bytes, path: str) -> None:
    for before, after in ((original, damaged), (damaged, original)):
        change = compared(before, after, path)

        assert change.kind is Kind.CHANGED
        assert any(said.startswith("not compared as") for said in change.details), change.details


@pytest.mark.parametrize(("original", "path"), [(GGUF, "m.gguf"), (ONNX, "m.onnx")], ids=["gguf", "onnx"])
def test_mutated_files_never_break_it_and_keep_their_numbers_when_called_the_same(original: bytes, path: str) -> None:
    rng = random.Random(2)
    for _ in range(400):
        damaged = bytearray(original)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(4, len(damaged))] ^= 1 << rng.randrange(8)
        if rng.random() < 0.2:
            del damaged[rng.randrange(len(damaged)) :]
        if compared(original, bytes(damaged), path).kind is Kind.SAME:
            assert WEIGHT.tobytes() in damaged
            assert HALF.tobytes() in damaged


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (ONNX + b"\x28\x01" * 2_001, ONNX + b"\x28\x02" * 2_001, "more than 2000 fields"),
        (listed(b"\x01"), listed(b"\x02"), "lists of more numbers than are looked at"),
    ],
    ids=["fields", "numbers"],
)
def test_models_of_endless_fields_and_numbers_are_answered_soon_and_incompletely(
    before: bytes, after: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protobuf, "MOST_FIELDS", 2000)
    change = compared(before, after, "m.onnx")

    assert (change.kind, change.complete) == (Kind.CHANGED, False)
    assert any(said in detail for detail in change.details)


def test_words_without_end_in_gguf_are_answered_soon_and_incompletely() -> None:
    words = struct.pack("<IIQ", 9, 8, 5_000_000) + b"\0" * 8 * 100

    change = compared(gguf({}, {"a": words}), gguf({}, {"b": words}), "m.gguf")

    assert (change.kind, change.complete) == (Kind.CHANGED, False)


def test_floats_of_an_attribute_are_told_in_all_their_digits() -> None:
    nodes_of = [attribute_of(struct.pack("<f", value)) for value in (1e-5, 1.000001e-5)]

    assert len({read_onnx(BytesInMemory(node)).graph["node y"] for node in nodes_of}) == 2
