"""Every format of tensors and members held to a slow, plain comparison of what was written: never a wrong "same"."""

from __future__ import annotations

import io
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, hold_same_values
from mlver.model.change import Change, Kind
from tests.support.model_files import gguf, onnx
from tests.support.tensor_files import safetensors
from tests.support.torch_files import Tensor, torch_file

Tensors = Mapping[str, NDArray[Any]]


def npz(tensors: Tensors) -> bytes:
    made = io.BytesIO()
    arrays: Any = dict(tensors)
    np.savez_compressed(made, **arrays)
    return made.getvalue()


def record(tensors: Tensors) -> bytes:
    """One array of one record, whose fields are the tensors."""
    fields = [(name, array.dtype.str, array.shape) for name, array in tensors.items()]
    made, array = io.BytesIO(), np.zeros((), np.dtype(fields))
    for name, values in tensors.items():
        array[name] = values
    np.save(made, array)
    return made.getvalue()


FORMATS: dict[str, Callable[[Tensors], bytes]] = {
    "w.safetensors": safetensors,
    "w.npz": npz,
    "w.npy": record,
    "w.pt": lambda tensors: torch_file({name: Tensor(array) for name, array in tensors.items()}),
    "w.pkl": lambda tensors: pickle.dumps(dict(tensors)),
    "z.pkl": lambda tensors: zlib.compress(pickle.dumps(dict(tensors))),
    "w.gguf": gguf,
    "w.onnx": onnx,
}
PLAIN = ("<f4", "<f2", "<i8")
"""Types that all of them can write."""
NUMBERS = (0, -0.0, 1, 2, float("nan"), float("-inf"), 60_000)

drawn = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(
        st.sampled_from(PLAIN), st.lists(st.integers(1, 3), max_size=2), st.lists(st.sampled_from(NUMBERS), min_size=9)
    ),
    max_size=4,
)  # fmt: skip


def made(dtype: str, shape: list[int], numbers: list[float]) -> NDArray[Any]:
    count = int(np.prod(shape))
    plain = [0 if dtype == "<i8" and number * 0 != 0 else number for number in numbers[:count]]
    return np.array(plain, dtype).reshape(shape)


def moved(before: NDArray[Any], after: NDArray[Any]) -> int:
    """How many numbers differ, one by one: a NaN is a NaN, and -0.0 is not 0.0."""
    pairs = zip(before.ravel().tolist(), after.ravel().tolist(), strict=True)
    return sum(repr(ours) != repr(theirs) for ours, theirs in pairs)


@pytest.mark.parametrize("path", FORMATS)
@given(drawn, drawn)
def test_tensors_are_the_same_only_where_a_plain_reader_says_so(path: str, left: Any, right: Any) -> None:
    before, after = ({name: made(*said) for name, said in side.items()} for side in (left, right))
    if path in {"w.npy", "w.npz"} and not (before and after):  # a record without fields is none, nor is an empty zip
        return
    files = [FORMATS[path](side) for side in (before, after)]

    change = compare_files(path, *map(Blob, files))
    nodes = {node.label: node for node in change.children}

    are_same = before.keys() == after.keys() and all(_is_same(before[name], after[name]) for name in before)
    assert change.kind is not Kind.SAME or are_same
    assert are_same or not hold_same_values(path, *map(Blob, files))
    if files[0] == files[1]:
        return
    for name in before.keys() | after.keys():
        _check(name, before.get(name), after.get(name), nodes)


def _is_same(before: NDArray[Any], after: NDArray[Any]) -> bool:
    return (before.dtype, before.shape) == (after.dtype, after.shape) and not moved(before, after)


def _check(name: str, before: NDArray[Any] | None, after: NDArray[Any] | None, nodes: Mapping[str, Change]) -> None:
    if before is None or after is None:
        is_renamed = before is not None and any(node.note == f"was {name}" for node in nodes.values())
        kinds = {Kind.REMOVED} if after is None else {Kind.ADDED, Kind.MOVED}
        assert is_renamed or nodes[name].kind in kinds
        return
    node = nodes[name]
    assert (node.kind is Kind.SAME) == _is_same(before, after)
    if node.kind is Kind.CHANGED and (before.dtype, before.shape) == (after.dtype, after.shape):
        count = moved(before, after)
        said = f"all {count}" if count == before.size else f"{count} of {before.size}"
        assert f"{said} numbers" in node.note


def zipped(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


members = st.dictionaries(st.sampled_from("abcd"), st.binary(max_size=3), min_size=1, max_size=4)


@pytest.mark.parametrize("written", [zipped, tarred])
@given(members, members)
def test_members_are_the_same_only_where_their_bytes_are(
    written: Callable[[Mapping[str, bytes]], bytes], before: Any, after: Any
) -> None:
    files = written(before), written(after)

    change = compare_files("archive", *map(Blob, files))

    assert (change.kind is Kind.SAME) == (files[0] == files[1])
    told = {node.label: node.kind for node in change.children if files[0] != files[1]}
    for name in before.keys() & after.keys() & told.keys():
        assert (told[name] is Kind.SAME) == (before[name] == after[name])


@given(
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.sampled_from(["x", "x.txt", "x.json", "x.yaml", "x.toml", "x.csv", "x.pkl"]),
)
def test_any_bytes_under_any_name_are_the_same_only_when_they_are(before: bytes, after: bytes, path: str) -> None:
    change = compare_files(path, Blob(before), Blob(after))

    assert change.kind is not Kind.SAME or before == after or change.note.startswith("same values")
    assert change.kind is Kind.SAME or before != after
