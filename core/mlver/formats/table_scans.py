"""Tables that are read in batches: files that may be larger than memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self, TypeAlias

from msgspec import Struct

from mlver.formats.blob import Blob
from mlver.formats.csv_header import unquoted_names
from mlver.formats.format import NotUnderstood
from mlver.formats.tables import CSV, JSON_LINES, PARQUET, SEPARATORS, TableFormat
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import polars as pl

    Lazy: TypeAlias = pl.LazyFrame

_KINDS = (PARQUET, CSV, JSON_LINES)
TABLE_SUFFIXES = (".csv", ".tsv", ".parquet", ".pq", ".ndjson", ".jsonl")
"""What files of these kinds are usually called."""
_INFERRED_WHOLE = 256 << 20
"""Bytes of JSON lines whose types are asked of every line; of more, of the first ten thousand."""


class TableFiles(Struct, frozen=True):
    """One file, or the parts of one table in their order."""

    parts: tuple[tuple[str, Blob], ...]
    """The path of each, by which it is recognised, and its bytes."""
    kind: TableFormat

    @classmethod
    def of(cls, parts: Sequence[tuple[str, Blob]]) -> Self | None:
        """The table; None: a part is none, or they are of several kinds. Raises the MlverErrors of reading."""
        kinds = {_kind(path, blob) for path, blob in parts}
        kind = kinds.pop() if len(kinds) == 1 else None
        return None if kind is None else cls(tuple(parts), kind)

    def try_out(self, should_stop: ShouldStop = never) -> None:
        """To be done before it is read. Raises NotUnderstood, and Interrupted."""
        for _, blob in self.parts:
            self.kind.try_out(blob, should_stop=should_stop)

    def rows_about(self) -> int:
        """How many rows it has: Parquet says it, of others it is gathered from the lines at some places."""
        return sum(_rows_about(blob, self.kind) for _, blob in self.parts)

    def scan(self) -> Lazy:
        """The table, nothing of it read yet; the cells of CSV and TSV are texts.

        Raises NotUnderstood where the parts have not all the same columns.
        """
        import polars as pl

        self.try_out()
        scans = [_scanned(path, blob, self.kind) for path, blob in self.parts]
        if len(scans) == 1:
            return scans[0]
        schemas = [scan.collect_schema() for scan in scans]
        if any(schema != schemas[0] for schema in schemas):
            raise NotUnderstood("its files have not all the same columns and types")
        return pl.concat(scans)


def _kind(path: str, blob: Blob) -> TableFormat | None:
    head = blob.head()
    return next((kind for kind in _KINDS if kind.recognises(path, head)), None)


def _rows_about(blob: Blob, kind: TableFormat) -> int:
    import polars as pl

    with blob.open() as file:
        if kind is PARQUET:
            return int(pl.scan_parquet(_source(blob)).select(pl.len()).collect().item())
        step = max(_LOOKED_AT, file.size // _PLACES)
        places = range(0, file.size, step)
        buffer = bytearray(_LOOKED_AT)
        looked_at = lines = 0
        for place in places:
            count = file.read_into(memoryview(buffer), place)
            looked_at += count
            lines += buffer.count(b"\n", 0, count)
        return lines * file.size // max(1, looked_at)


_PLACES, _LOOKED_AT = 16, 1 << 16


def _scanned(path: str, blob: Blob, kind: TableFormat) -> Lazy:
    import polars as pl

    with blob.open() as file:  # refuses what is no regular file, before polars opens it by its path
        size = file.size
    source = _source(blob)
    if kind is PARQUET:
        return pl.scan_parquet(source, glob=False, hive_partitioning=False)
    if kind is JSON_LINES:
        return pl.scan_ndjson(source, infer_schema_length=None if size <= _INFERRED_WHOLE else 10_000)
    separator = SEPARATORS[PurePosixPath(path).suffix.lower()]
    scan = pl.scan_csv(source, separator=separator, infer_schema=False, glob=False)
    names = unquoted_names(blob, scan.collect_schema().names(), separator)
    return scan.rename(names) if names else scan


def _source(blob: Blob) -> Path | io.BytesIO:
    return blob.content if isinstance(blob.content, Path) else io.BytesIO(blob.content)
