"""Parquet files that mislead whoever reads them."""

from __future__ import annotations

import struct
from io import BytesIO

import polars as pl

_ROWS = 1 << 20
_END = struct.Struct("<I4s")


def endless_parquet(times: int = 30_000) -> bytes:
    """A file of 60 bytes for each million rows: its footer names the same million over and over."""
    made = BytesIO()
    pl.DataFrame({"a": pl.zeros(_ROWS, pl.Int64, eager=True)}).write_parquet(
        made, statistics=False, row_group_size=_ROWS
    )
    content = made.getvalue()
    length, magic = _END.unpack(content[-_END.size :])
    pages, footer = content[: -_END.size - length], content[-_END.size - length : -_END.size]
    # Field 4 of the footer is a list (0x19) of one record (0x1c) that begins with a list of one record; 5 the metadata.
    start, end = footer.index(b"\x19\x1c\x19\x1c&") + 1, footer.index(b"\x19\x1c\x18\x0cARROW")
    group = footer[start + 1 : end]
    footer = footer[:start] + b"\xfc" + _varint(times) + group * times + footer[end:]
    return pages + footer + _END.pack(len(footer), magic)


def _varint(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made += bytes([number & 0x7F | 0x80])
        number >>= 7
    return made + bytes([number])
