from __future__ import annotations

import io
import os
import random
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlver.comparing.bytes import BytesInMemory
from mlver.formats import members
from mlver.formats.blob import Blob
from mlver.formats.format import TooMuch
from mlver.formats.registry import compare_files, hold_same_values, kind_of
from mlver.model.change import Change, Kind
from tests.support.torch_files import Storage, Tensor, torch_file

WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)
BIAS = np.array([1.0, 2.0], np.float32)
STATE = OrderedDict(weight=Tensor(WEIGHT), bias=Tensor(BIAS))
CHECKPOINT = torch_file({"epoch": 3, "model": STATE, "args": {"lr": 0.1, "name": "a"}})


def compared(before: bytes, after: bytes) -> Change:
    return compare_files("model.pt", Blob(before), Blob(after))


def nodes(change: Change) -> dict[str, tuple[Kind, str]]:
    return {node.label: (node.kind, node.note) for node in change.children}


def test_a_file_of_torch_is_recognised_by_its_first_member() -> None:
    assert kind_of("model.pt", CHECKPOINT) == kind_of("weights", CHECKPOINT) == "pytorch"


def test_tensors_are_named_by_the_way_to_them_and_other_values_told_beside() -> None:
    other = OrderedDict(weight=Tensor(WEIGHT + 1), bias=Tensor(BIAS))

    change = compared(CHECKPOINT, torch_file({"epoch": 4, "model": other, "args": {"lr": 0.1, "name": "b"}}))

    assert nodes(change) == {
        "model.weight": (Kind.CHANGED, "f32 2×3, all 6 numbers, max |d| 1"),
        "model.bias": (Kind.SAME, "f32 2"),
        "other values": (Kind.CHANGED, ""),
    }
    assert change.note == "1 of 2 tensors, 2 changes in other values"
    told = {leaf.label: (leaf.before, leaf.after) for leaf in change.children[-1].children}
    assert told == {"epoch": (3, 4), "args.name": ("a", "b")}


def test_another_name_of_the_folder_inside_is_the_same_content() -> None:
    change = compared(CHECKPOINT, torch_file({"epoch": 3, "model": STATE, "args": {"lr": 0.1, "name": "a"}}, top="x"))

    assert (change.kind, change.note) == (Kind.SAME, "same tensors, other layout")


def test_a_pickle_that_is_written_otherwise_is_never_called_the_same() -> None:
    same = {"epoch": 3, "model": STATE, "args": {"lr": 0.1, "name": "a"}}

    change = compared(CHECKPOINT, torch_file(same, protocol=4))

    assert (change.kind, change.note) == (Kind.CHANGED, "other pickles; all that was followed is the same")


def test_a_view_of_a_storage_is_compared_by_the_part_that_it_spans() -> None:
    turned = Tensor(WEIGHT, strides=(1, 2))

    change = compared(torch_file({"w": turned}), torch_file({"w": Tensor(WEIGHT + 2, strides=(1, 2))}))

    assert nodes(change) == {"w": (Kind.CHANGED, "f32 6, all 6 numbers, max |d| 2")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            torch_file({"m": STATE}, more={"code/m.py": b"x + 1"}),
            torch_file({"m": STATE}, more={"code/m.py": b"x + 2"}),
        ),
        (torch_file({"m": STATE}), torch_file({"m": STATE}, more={"constants.pkl": b"N."})),
    ],
    ids=["code", "new"],
)
def test_members_without_tensors_are_never_passed_over(before: bytes, after: bytes) -> None:
    change = compared(before, after)

    assert change.kind is Kind.CHANGED
    assert "files inside" in nodes(change)
    assert not hold_same_values("model.pt", Blob(before), Blob(after))


def deflated(file: bytes) -> bytes:
    """The same archive with its members compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def views(numbers: NDArray[Any], count: int, *, backwards: bool = False) -> bytes:
    """Tensors that lie one after another in a storage, as of flattened parameters."""
    storage, size = Storage(numbers), len(numbers) // count
    order = range(count)[:: -1 if backwards else 1]
    return torch_file({f"w{at}": Tensor(numbers[:size], offset=at * size, storage=storage) for at in order})


@pytest.mark.parametrize("backwards", [False, True])
def test_many_views_of_a_compressed_storage_are_read_in_order(backwards: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.zeros(500_000, np.float32)
    moved = numbers.copy()
    moved[::2] = 1
    monkeypatch.setattr(members, "_ALWAYS", 0)
    monkeypatch.setattr(members, "_TIMES", 4)

    before, after = (deflated(views(side, 200, backwards=backwards)) for side in (numbers, moved))

    assert compared(before, after).note == "200 of 200 tensors"


def test_tensors_that_lie_over_each_other_without_end_are_said_to() -> None:
    def stacked(value: float) -> bytes:
        storage = Storage(np.full(1000, value, np.float32))
        return torch_file({f"w{at}": Tensor(storage.array, storage=storage) for at in range(40)})

    change = compared(stacked(1), stacked(2))

    assert (change.kind, change.complete) == (Kind.CHANGED, False)
    assert any("lie over each other more often than is looked at" in said for said in change.details)


def test_a_compressed_member_that_is_read_to_and_fro_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_ALWAYS", 0)
    monkeypatch.setattr(members, "_TIMES", 2)
    file = deflated(torch_file({"w": Tensor(np.zeros(100_000, np.float32))}))
    inside = members.read_members(BytesInMemory(file))["archive/data/0"].file
    buffer = memoryview(bytearray(10))

    for offset in (399_990, 0, 399_990, 0, 399_990):
        assert inside.read_into(buffer, offset) == 10
    with pytest.raises(TooMuch, match="to and fro"):
        inside.read_into(buffer, 0)


def test_a_storage_that_no_tensor_is_over_is_compared_as_one() -> None:
    """As torch.save keeps an untyped storage."""
    change = compared(torch_file({"s": Storage(BIAS)}), torch_file({"s": Storage(BIAS + 1)}))

    assert nodes(change) == {"s": (Kind.CHANGED, "f32 2, all 2 numbers, max |d| 1")}


def test_the_number_that_every_saving_makes_anew_is_no_content() -> None:
    one, other = (
        torch_file({"m": STATE}, more={".data/serialization_id": serial}) for serial in (b"1" * 40, b"2" * 40)
    )

    assert compared(one, other).kind is Kind.SAME


class _Runs:
    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


def test_nothing_in_a_file_is_ever_run_and_its_names_are_told(tmp_path: Path) -> None:
    place = tmp_path / "was-here"

    change = compared(CHECKPOINT, torch_file({"epoch": 3, "model": STATE, "args": _Runs(place)}))

    assert not place.exists()
    names = next(node for node in change.children if node.label == "names that loading would import")
    assert [(leaf.label, leaf.kind) for leaf in names.children] == [("posix.mkdir", Kind.ADDED)]


@pytest.mark.parametrize(
    "damaged",
    [
        torch_file({"w": Tensor(WEIGHT)}, byteorder=b"big"),
        torch_file({"w": Tensor(WEIGHT, offset=3)}),
        torch_file({"w": Tensor(WEIGHT, offset=-1)}),
        torch_file({"w": Tensor(WEIGHT)}).replace(b"data/0", b"data/9"),
        torch_file({"w": Tensor(WEIGHT)}).replace(b"FloatStorage", b"OtherStorage"),
        CHECKPOINT[: len(CHECKPOINT) // 2],
    ],
    ids=lambda damaged: str(len(damaged)),
)
def test_damaged_and_lying_files_are_compared_as_bytes(damaged: bytes) -> None:
    for before, after in ((CHECKPOINT, damaged), (damaged, CHECKPOINT)):
        change = compared(before, after)

        assert change.kind is Kind.CHANGED
        assert any(said.startswith("not compared as pytorch") for said in change.details), change.details


def test_mutated_files_never_break_it_nor_are_the_same_with_other_members() -> None:
    rng = random.Random(5)
    for _ in range(300):
        damaged = bytearray(CHECKPOINT)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        change = compared(CHECKPOINT, bytes(damaged))
        if change.kind is Kind.SAME:
            assert WEIGHT.tobytes() in damaged
            assert BIAS.tobytes() in damaged
