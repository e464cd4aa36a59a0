from __future__ import annotations

import pytest

from mlver.formats.blob import Blob
from mlver.formats.registry import hold_same_values


@pytest.mark.parametrize(
    ("path", "before", "after", "answer"),
    [
        ("w.json", b'{"a": 1, "b": [1.5]}', b'{ "b": [1.50], "a": 1 }', True),
        ("w.json", b"[1]", b"[1.0]", False),
        ("w.json", b"[0.0]", b"[-0.0]", False),
        ("w.json", b"[NaN]", b"[ NaN]", True),
        ("w.json", b"[1", b"[1 ", False),
        ("w.yaml", b"a: 1e-3\n", b"a: 0.001\n", True),
        ("w.txt", b"a\n", b"b\n", False),
        ("w.bin", b"\x00\x01", b"\x00\x02", False),
    ],
)
def test_same_values_are_told_from_other_ones(path: str, before: bytes, after: bytes, answer: bool) -> None:
    assert hold_same_values(path, Blob(before), Blob(after)) is answer
