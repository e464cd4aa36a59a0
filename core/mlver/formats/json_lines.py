"""Lines of JSON objects as a table: a column for each key that any line has.

polars gives each column one type and turns what is of another into it: 1 beside "1" becomes a text, and an integer
beside 0.5 a float that may be another number. Such a table would call the same what is not, so it is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

import msgspec

from mlver.formats.format import Limits, NotUnderstood
from mlver.formats.table_limits import check_cells

if TYPE_CHECKING:
    import polars as pl

_KEY = re.compile(rb'"((?:[^"\\]|\\.){0,200})"\s*:')
_LOOKED_AT, _LINE = 2000, 1 << 14
"""Lines, and bytes of each."""
_MANY, _MANY_TIMES = 1000, 4
"""Keys of the lines that were looked at, of which a line has at most a fourth."""
_AT_ONCE = 1 << 20
"""Bytes of lines that are held as objects."""
_EXACT = 1 << 53
"""Every smaller integer is a float too."""


def read_json_lines(content: bytes, limits: Limits) -> pl.DataFrame:
    """The table; a key that a line has not is null there. Raises NotUnderstood, and what polars raises."""
    import polars as pl

    if _have_few_keys_in_common(content):  # polars is not asked, for it takes quadratic time for them
        raise NotUnderstood("lines that have few keys in common")
    schema = pl.scan_ndjson(io.BytesIO(content), infer_schema_length=None).collect_schema()
    check_cells(content.count(b"\n") + 1, len(schema), limits)
    table = pl.read_ndjson(io.BytesIO(content), infer_schema_length=None)
    _check_kept(table, content)
    return table


def _have_few_keys_in_common(content: bytes) -> bool:
    keys: set[bytes] = set()
    most = 0
    for place in range(0, len(content), max(1, len(content) // _LOOKED_AT)):
        start = content.find(b"\n", place, place + _LINE) + 1 or place
        found = _KEY.findall(content[start : start + _LINE].partition(b"\n")[0])
        keys.update(found)
        most = max(most, len(found))
    return len(keys) > max(_MANY, _MANY_TIMES * most)


def _check_kept(table: pl.DataFrame, content: bytes) -> None:
    """Read what polars may have turned into something else again. Raises NotUnderstood where it did."""
    import polars as pl

    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    floats = [name for name, dtype in table.schema.items() if dtype.is_float() and _goes_beyond(table[name])]
    plain = [name for name in texts if not _ODD.search(name)]
    odd = [name for name in texts if _ODD.search(name)]
    if plain:
        # Names of fields must be Python's; `rename` says what the lines call them.
        asked = {f"c{place}": name for place, name in enumerate(plain)}
        row = msgspec.defstruct("Row", [(name, str | None, None) for name in asked], rename=asked)
        for _ in _read(content, row):
            pass
    if odd or floats:
        for line in _read(content, dict[str, Any]):
            _check_texts(line.get(name) for name in odd)
            _check_exact(line.get(name) for name in floats)


_ODD = re.compile(r'["\\\x00-\x1f]')
"""Letters of a name that msgspec does not look for."""


def _goes_beyond(column: pl.Series) -> bool:
    largest = cast("float | None", column.abs().max())
    return largest is not None and largest >= _EXACT


def _check_texts(cells: Iterable[object]) -> None:
    if not all(cell is None or isinstance(cell, str) for cell in cells):
        raise NotUnderstood(_BESIDE)


def _check_exact(cells: Iterable[object]) -> None:
    if any(isinstance(cell, int) and cell != int(float(cell)) for cell in cells):
        raise NotUnderstood("a column holds integers that its other numbers, as floats, cannot be held beside")


def _read(content: bytes, kind: Any) -> Iterator[Any]:
    """Each line as what is said. Raises NotUnderstood where one is something else."""
    lines = msgspec.json.Decoder(kind)
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + _AT_ONCE) + 1 or len(content)
        try:
            yield from lines.decode_lines(memoryview(content)[start:end])
        except msgspec.DecodeError as error:
            raise NotUnderstood(_BESIDE) from error
        start = end


_BESIDE = "a column holds texts beside other values"
