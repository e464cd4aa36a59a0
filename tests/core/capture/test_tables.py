from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlver.capture import tables
from mlver.capture.tables import rows_of


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"x,y\n1,2\n3,4\n", (2, 2)),
        ("a.csv", b"x,y\r\n1,2\r\n3,4", (2, 2)),
        ("a.csv", b"1,2\n3,4\n", (2, 2)),
        ("a.csv", b'name,text\na,"one\ntwo\n"\nb,"say ""hi""\n"\n', (2, 2)),
        ("a.csv", b'"a, b",c\n1,2\n', (1, 2)),
        ("a.csv", b"x;y;z\n1;2;3\n", (1, 3)),
        ("a.csv", b"\xef\xbb\xbfx,y\n1,2\n", (1, 2)),
        ("a.csv", b"", (0, None)),
        ("a.tsv", b'x\ty\n5" disk\t2\n', (1, 2)),
        ("a.jsonl", b"{}\n{}\n", (2, None)),
        ("a.txt", b"x,y\n", None),
        ("a.npy", b"not an array", None),
        ("a.npy", b"\x93NUMPY\x01\x00\x10\x00{'shape': __import", None),
    ],
)
def test_rows_and_columns_are_counted(name: str, content: bytes, expected: tuple[int, int], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)

    assert rows_of(tmp_path / name) == expected


def test_quotes_are_followed_over_the_borders_of_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_bytes(b"name,text\n" + b'a,"one\ntwo ""x"""\n' * 50)

    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(tables, "PIECE_BYTES", size)

        assert rows_of(tmp_path / "a.csv") == (50, 2)


@pytest.mark.parametrize(("shape", "expected"), [((5, 3), (5, 3)), ((7,), (7, 1)), ((4, 8, 8), (4, None)), ((), None)])
def test_the_shape_of_an_array_is_read_from_its_header(
    shape: tuple[int, ...], expected: tuple[int, int] | None, tmp_path: Path
) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape))

    assert rows_of(tmp_path / "a.npy") == expected


def test_a_missing_file_has_no_known_size(tmp_path: Path) -> None:
    assert rows_of(tmp_path / "gone.csv") is None
