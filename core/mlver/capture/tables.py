"""How large a data set is in rows and columns, without reading it into memory."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

PIECE_BYTES = 1 << 20
HEAD_BYTES = 1 << 16


def rows_of(path: Path, head: bytes | None = None) -> tuple[int, int | None] | None:
    """Rows and columns of a CSV, TSV, JSON Lines or NPY file; columns are None where there is no one number.

    None: another format, or a file that is not what its suffix says. `head` is the beginning of the file, if known.
    A first line without any number is taken for the header and not counted. In a CSV a line break inside quotes is not
    a row's end; the limit: one quotation mark too many, and the count is off. In a TSV quotes mean nothing.
    """
    count = {".csv": _csv, ".tsv": _tsv, ".jsonl": _lines, ".ndjson": _lines, ".npy": _npy}.get(path.suffix.lower())
    if count is None:
        return None
    try:
        if head is None:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        return count(path, head)
    except (OSError, ValueError, SyntaxError, csv.Error):
        return None  # a size is a courtesy: what cannot be counted stays unknown


def _csv(path: Path, head: bytes) -> tuple[int, int | None] | None:
    text = head.decode("utf-8-sig", "replace")
    line = text.splitlines()[0] if text else ""
    delimiter = max(",;\t|", key=line.count)
    return _table(path, next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), []), has_quotes=True)


def _tsv(path: Path, head: bytes) -> tuple[int, int | None] | None:
    text = head.decode("utf-8-sig", "replace")
    return _table(path, text.splitlines()[0].split("\t") if text else [], has_quotes=False)


def _table(path: Path, first: list[str], *, has_quotes: bool) -> tuple[int, int | None]:
    if not first:
        return 0, None
    is_header = not any(map(_is_number, first))
    return _count(path, has_quotes=has_quotes) - is_header, len(first)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _lines(path: Path, _head: bytes) -> tuple[int, int | None]:
    return _count(path, has_quotes=False), None


def _count(path: Path, *, has_quotes: bool) -> int:
    """Lines that hold something at their end; a last line needs no line break."""
    count = 0
    last = b"\n"
    is_quoted = False
    for piece in _pieces(path):
        last = piece[-1:]
        if not has_quotes or (not is_quoted and b'"' not in piece):
            count += piece.count(b"\n")
            continue
        # Every second part lies inside quotes; a doubled quote is an empty part and changes nothing.
        parts = piece.split(b'"')
        count += sum(part.count(b"\n") for part in parts[is_quoted::2])
        is_quoted ^= len(parts) % 2 == 0
    return count + (last != b"\n")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _npy(_path: Path, head: bytes) -> tuple[int, int | None] | None:
    """The shape in the header (numpy's NEP 1); an array of one dimension is one column."""
    if not head.startswith(b"\x93NUMPY") or len(head) < 12:  # noqa: PLR2004 - magic, version, length
        return None
    length_bytes = 2 if head[6] == 1 else 4
    begin = 8 + length_bytes
    header = head[begin : begin + int.from_bytes(head[8:begin], "little")].decode("latin-1")
    if len(header) > 10_000 or not re.match(r"\s*\{", header):  # noqa: PLR2004 - numpy's own limit
        return None
    shape = ast.literal_eval(header.strip())["shape"]
    if not shape or not all(isinstance(size, int) for size in shape):
        return None
    columns = 1 if len(shape) == 1 else shape[1]
    return shape[0], columns if len(shape) <= 2 else None  # noqa: PLR2004 - a table has two dimensions
