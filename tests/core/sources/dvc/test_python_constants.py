"""Constants of Python files are read from their syntax, and nothing of them runs."""

from __future__ import annotations

import pytest

from mlver.errors import DocumentInvalid
from mlver.sources.dvc.python_constants import LIMIT, read_python_constants
from tests.support.dvc_shapes import CONSTANTS


def test_constants_are_those_dvc_finds() -> None:
    document = read_python_constants(CONSTANTS.encode(), name="constants.py")

    assert document.data == {
        "RATE": 0.1,
        "SIZES": [1, 2],
        "NAMES": {"a": 1, "b": [2]},
        "TYPED": 4,
        "Model": {"depth": 5, "Inner": {"width": -6}, "bias": True},
    }


def test_nothing_runs_and_nothing_is_said_of_odd_escapes() -> None:
    source = (
        b'import sys\nsys.exit(3)\nA = print("run")\nB = {1: {2, 1}, (1, 2): b"x", None: 1j}\nC = "\\d"\nD = [1, *A]\n'
    )

    document = read_python_constants(source, name="a.py")

    assert document.data == {"B": {"1": [1, 2], "(1, 2)": "b'x'", "None": "1j"}, "C": "\\d"}


@pytest.mark.parametrize(
    "source",
    [
        b"A = (",
        b"A = 1\0",
        b"A = " + b"(" * 5_000,
        b"A = " + b"-" * 100_000 + b"1",
        b"A = " + b"1+" * 100_000 + b"1",
        b"A = " + b"[" * 150 + b"]" * 149,
        b"A = " + b"9" * 5_000,
        b"\xff\xfe",
        b"A = 1\n" * (LIMIT // 6 + 1),
    ],
    ids=["open", "nul", "deep", "minus", "plus", "lists", "digits", "bytes", "long"],
)
def test_what_is_no_python_is_refused(source: bytes) -> None:
    with pytest.raises(DocumentInvalid, match=r"a\.py"):
        read_python_constants(source, name="a.py")


def test_a_long_sum_is_no_constant_and_no_failure() -> None:
    document = read_python_constants(b"A = " + b"1+" * 500 + b"1\nB = 2\n", name="a.py")

    assert document.data == {"B": 2}


def test_what_no_document_can_hold_is_no_constant() -> None:
    source = b"A = 0x" + b"f" * 10_000 + b'\nB = "\\ud800"\nC = [0x' + b"f" * 10_000 + b"]\nD = 1\n"

    assert read_python_constants(source, name="a.py").data == {"D": 1}
