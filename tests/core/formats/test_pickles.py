from __future__ import annotations

import os
import pickle
import pickletools
import random
import time
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlver.comparing.bytes import BytesInMemory
from mlver.errors import Interrupted
from mlver.formats import pickle_opcodes, zlib_stream
from mlver.formats.blob import Blob
from mlver.formats.format import TooMuch
from mlver.formats.pickle_reading import read_pickle
from mlver.formats.registry import compare_files, kind_of
from mlver.model.change import Change, Kind


class Model:
    """What a test pickles."""

    def __init__(self, c: float, coefficients: Any) -> None:
        self.c = c
        self.coefficients = coefficients
        self.itself = self


def compared(before: bytes, after: bytes, path: str = "model.pkl") -> Change:
    return compare_files(path, Blob(before), Blob(after))


def nodes(change: Change) -> dict[str, tuple[Kind, str]]:
    return {node.label: (node.kind, node.note) for node in change.children}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_an_object_holds_is_told_without_making_it(protocol: int) -> None:
    before = pickle.dumps(Model(1.0, np.arange(4.0)), protocol)
    after = pickle.dumps(Model(0.5, np.array([0.0, 1.0, 2.0, 5.0])), protocol)

    change = compared(before, after)

    assert nodes(change) == {
        "coefficients": (Kind.CHANGED, "f64 4, 1 of 4 numbers, max |d| 2"),
        "other values": (Kind.CHANGED, ""),
    }
    assert [(leaf.label, leaf.before, leaf.after) for leaf in change.children[1].children] == [("c", 1.0, 0.5)]


def test_the_same_bytes_are_the_same_and_other_bytes_never() -> None:
    content = pickle.dumps({"a": 1})

    assert compared(content, content).kind is Kind.SAME
    change = compared(content, pickletools.optimize(pickle.dumps({"a": 1}, 3)))
    assert (change.kind, change.note) == (Kind.CHANGED, "written otherwise; all that was followed is the same")
    trailing = compared(content, content + b"more")
    assert [leaf.label for leaf in trailing.children[0].children] == ["after the first pickle"]


class _Runs:
    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


def test_nothing_is_run_and_the_names_are_told(tmp_path: Path) -> None:
    place = tmp_path / "was-here"

    change = compared(pickle.dumps([1]), pickle.dumps([_Runs(place)]))

    assert not place.exists()
    assert any(leaf.label == "posix.mkdir" for node in change.children for leaf in node.children)


ONE_HASH = [number * ((1 << 61) - 1) for number in range(50_000)]
"""Integers that all have the same hash: as keys of a dict, quadratic."""


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x80\x04", b"\x80\x04.", b"\x80\x04N", b"\x80\x04(.", b"\x80\x04)a.", b"\x80\x04h\x07.", b"\x80\x04\x8a\xff",
        b"\x80\x04\x8d" + b"\xff" * 8, b"\x80\x04X\xff\xff\xff\xff", b"\x80\x02cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04}(]K\x01u.", b"\x80\x04\x82\x01.", b"\x80\x04]2a.",
        b"\x80\x04" + b"]" * 50_000 + b"a" * 49_999 + b".",
        b"\x80\x04K\x01" + b"\x85" * 100_000 + b".", b"\x80\x04" + b"(" * 100_000 + b".",
        b"\x80\x04c" + b"a" * 10_000 + b"\nb\n)R.", b"\x80\x02I" + b"9" * 10_000 + b"\n.",
        b"\x80\x04cm\nn\n" + b")R" * 50_000 + b".",
        b"\x80\x04\x8d" + (1 << 46).to_bytes(8, "little") + b"x.", b"\x80\x04B\xff\xff\xff\x7fx.",
        b"\x80\x04}(" + b"".join(b"\x8a\x14" + key.to_bytes(20, "little") + b"N" for key in ONE_HASH) + b"u.",
        b"\x80\x04N" + b"".join(b"p%d\n" % key for key in ONE_HASH) + b".",
        b"\x80\x04cm\nn\n)R(" + b"]" + b"\x85" * 100_000 + b"K\x01u.",
        b"\x80\x04cm\nn\n)R(\x8b" + (1 << 15).to_bytes(4, "little") + b"\x7f" * (1 << 15) + b"K\x01u.",
        b"\x80\x04}X" + (1 << 20).to_bytes(4, "little") + b"k" * (1 << 20) + b"](" + b"N" * 100_000 + b"es.",
    ],
    ids=lambda hostile: f"{len(hostile)}-{hostile[2:6].hex()}",
)  # fmt: skip
def test_hostile_pickles_are_answered_soon(hostile: bytes) -> None:
    start = time.process_time()

    change = compared(pickle.dumps([1]), hostile)

    assert change.kind is not Kind.SAME
    assert time.process_time() - start < 30
    if len(hostile) > 1 << 20:
        tracemalloc.start()
        try:
            compared(pickle.dumps([1]), hostile)
            assert tracemalloc.get_traced_memory()[1] < 256 << 20
        finally:
            tracemalloc.stop()


def test_a_pickle_that_grows_what_it_names_again_and_again_stays_small() -> None:
    doubling = b"\x80\x04]\x94" + b"(h\x00h\x00h\x00h\x00e" * 1 + b"".join(b"(h\x00h\x00e" for _ in range(40)) + b"."

    assert compared(pickle.dumps([1]), doubling).kind is Kind.CHANGED


def test_mutated_pickles_never_break_it_nor_are_the_same() -> None:
    rng = random.Random(11)
    original = pickle.dumps({"m": Model(1.0, np.arange(3.0)), "names": ["a", ("b", 1.5)], "x": {1, 2}})
    for _ in range(400):
        damaged = bytearray(original)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(2, len(damaged))] = rng.randrange(256)
        change = compared(original, bytes(damaged))
        assert (change.kind is Kind.SAME) == (bytes(damaged) == original)


def test_what_lies_deeper_than_is_gone_into_is_said() -> None:
    def deep(steps: int, last: object) -> bytes:
        value = last
        for _ in range(steps):
            value = [value]
        return pickle.dumps({"deep": value, "a": 1})

    change = compared(deep(90, "x"), deep(90, "y"))
    assert (change.note, change.complete) == ("1 change in other values", True)
    for steps in (110, 400):
        change = compared(deep(steps, "x"), deep(steps, "y"))
        assert (change.kind, change.complete) == (Kind.CHANGED, False)
        assert "values lie deeper than 100 steps: these were not compared" in change.details


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_long_bytes_and_texts_stay_in_the_file(protocol: int) -> None:
    before = {"w": np.zeros(50_000), "raw": b"a" * 100_000, "array": bytearray(100_000), "text": "ä" * 50_000, "n": 1}
    moved = np.zeros(50_000)
    moved[-1] = 2
    after = before | {"w": moved, "raw": b"a" * 99_999 + b"b", "text": "ä" * 49_999 + "o", "n": 2}

    change = compared(pickle.dumps(before, protocol), pickle.dumps(after, protocol))

    assert nodes(change)["w"] == (Kind.CHANGED, "f64 50000, 1 of 50\N{THIN SPACE}000 numbers, max |d| 2")
    others = {leaf.label: (leaf.before, leaf.after) for leaf in change.children[-1].children}
    assert set(others) == {"raw", "text", "n"}
    assert str(others["raw"][0]).startswith("100000 bytes, sha256 ")
    assert str(others["text"][1]).startswith("text of 99999 bytes, sha256 ")


def test_a_forest_of_a_thousand_trees_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a tree of scikit-learn keeps: a record of nodes and an array of values, and some twenty settings."""
    monkeypatch.setattr(pickle_opcodes, "MOST_MEMORY", pickle_opcodes.MOST_MEMORY // 10)

    def forest(last: float) -> bytes:
        nodes = np.zeros(100, [("left", "<i8"), ("threshold", "<f8"), ("rest", "<f8", (5,))])
        trees = [
            {"nodes": nodes.copy(), "values": np.full((100, 1, 2), last), **{f"setting {at}": at for at in range(20)}}
            for _ in range(100)
        ]
        return pickle.dumps(trees)

    change = compared(forest(1), forest(2))

    assert (change.note, change.complete) == ("100 of 200 tensors", True)


def test_what_is_remembered_by_any_number_is_found_again() -> None:
    """Numbers of the memo come in any order, and may be given again."""
    scattered = b"\x80\x02](K\x01q\x05K\x02q\x00K\x03q\x01h\x05h\x00K\x09q\x05K\x08q\x02h\x05h\x02e."

    assert read_pickle(BytesInMemory(scattered)).value == pickle.loads(scattered) == [1, 2, 3, 1, 2, 9, 8, 9, 8]


def test_what_is_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_opcodes, "MOST_MEMORY", 64_000)

    with pytest.raises(TooMuch, match="holds more than is looked at"):
        read_pickle(BytesInMemory(b"\x80\x04" + b"N0" * 501 + b"N."))


def test_it_stops_when_it_is_told_to() -> None:
    with pytest.raises(Interrupted):
        read_pickle(BytesInMemory(pickle.dumps([1])), should_stop=lambda: True)


def test_a_pickle_is_recognised_by_its_protocol_or_its_name() -> None:
    assert kind_of("weights.bin", pickle.dumps([1])) == "pickle"
    assert kind_of("m.pkl", pickle.dumps([1], 0)) == "pickle"
    assert kind_of("x", b"\x80\x99ab") == "bytes"


def test_a_compressed_pickle_is_told_by_what_is_in_it_and_never_inflated_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = (zlib.compress(pickle.dumps({"w": np.arange(4.0), "c": c})) for c in (1, 2))

    change = compared(before, after, "m.joblib")

    assert [leaf.label for leaf in change.children[1].children] == ["c"]
    assert compared(before, zlib.compress(pickle.dumps({"w": np.arange(4.0), "c": 1}), 1), "m.joblib").note == (
        "written otherwise; all that was followed is the same"
    )
    assert kind_of("m.bin", before) == "bytes"
    monkeypatch.setattr(zlib_stream, "MOST_INFLATED", 100)
    limited = compared(before, after, "m.joblib")
    assert not limited.complete
    assert "not compared as pickle: a stream of more than 0 MiB" in limited.details
