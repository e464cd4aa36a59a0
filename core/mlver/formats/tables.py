"""Tables: CSV, TSV, Parquet and JSON lines, compared by rows and cells.

Cells of CSV and TSV are texts, so that no guess at a column's type hides or makes a difference; means and distances are
of columns whose texts are all numbers. Parquet and JSON lines have their types.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from mlver.comparing.patience import PartsDone, Task, patiently
from mlver.comparing.tables import STEPS, TablesCompared, compare_tables
from mlver.comparing.wording import amount
from mlver.formats.blob import Blob, Pair
from mlver.formats.csv_header import unquoted_names
from mlver.formats.format import USUAL, Limits, NotUnderstood, TooMuch
from mlver.formats.json_lines import read_json_lines
from mlver.formats.parquet_trial import BREAKS_OFF, try_out
from mlver.formats.table_limits import check_cells, check_columns
from mlver.formats.text import TextFormat
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop, never

if TYPE_CHECKING:
    import polars as pl

_PARQUET = b"PAR1"
_READ = 0.3
"""The share of the time that one side takes to be read, about."""
SEPARATORS = {".csv": ",", ".tsv": "\t"}
_LINES = {".ndjson", ".jsonl"}


class TableFormat:
    """Rows and columns in a file."""

    tells_bytes = False
    vouches = False

    def __init__(self, name: str, suffixes: frozenset[str]) -> None:
        self.name = name
        self._suffixes = suffixes

    def recognises(self, path: str, head: bytes) -> bool:
        """Parquet by its magic; the others by suffix, where the head is text."""
        if self.name == "parquet":
            return head.startswith(_PARQUET)
        return PurePosixPath(path).suffix.lower() in self._suffixes and TextFormat().recognises(path, head)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """Columns, rows, and what became of the cells of each column."""

        def work(task: Task) -> TablesCompared:
            part = PartsDone(task, f"comparing rows of {pair.path}")
            before = self.read(pair.path, pair.before, limits)
            part.done(_READ)
            after = self.read(pair.path, pair.after, limits)
            part.done(2 * _READ)
            return compare_tables(before, after, part.each((1 - 2 * _READ) / (STEPS + after.width)))

        self.try_out(pair.before, limits, should_stop)
        self.try_out(pair.after, limits, should_stop)
        with understood():
            found = patiently(work, report=pair.report, should_stop=should_stop)
        nodes = tuple(node for node in (found.columns, found.rows, found.cells) if node.kind is not Kind.SAME)
        kind = Kind.SAME if found.is_same else Kind.CHANGED
        return Change(label=pair.path, kind=kind, children=nodes, note=found.note, details=found.details)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change | None:
        """Columns and how many rows; None for those that are texts."""
        import polars as pl

        if self.name != "parquet":
            return None
        self.try_out(side, limits, should_stop)
        content = side.content if isinstance(side.content, Path) else io.BytesIO(side.content)
        with understood():
            scan = pl.scan_parquet(content, glob=False, hive_partitioning=False)
            rows = scan.select(pl.len()).collect().item()
            schema = scan.collect_schema()
        columns = (Change(label=name, kind=Kind.SAME, note=str(dtype)) for name, dtype in schema.items())
        note = f"{amount(rows, 'row')}, {amount(len(schema), 'column')}"
        return Change(label=path, kind=Kind.SAME, children=tuple(columns), note=note)

    def try_out(self, file: Blob, limits: Limits = USUAL, should_stop: ShouldStop = never) -> None:
        """To be done before a file is read. Raises NotUnderstood where reading it would end this process, or never."""
        if self.name == "parquet":
            try_out(file, limits, should_stop)

    def read(self, path: str, side: Blob, limits: Limits) -> pl.DataFrame:
        """The table in a file; what polars raises is left as it is."""
        import polars as pl

        with side.open() as file:
            if file.size > limits.table_bytes:
                raise TooMuch(f"a table of more than {limits.table_bytes >> 20} MiB")
        content = side.read(limits.table_bytes)
        if self.name == "parquet":
            rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
            # A few bytes can stand for billions of cells.
            check_cells(rows, len(pl.read_parquet_schema(io.BytesIO(content))), limits)
            table = pl.read_parquet(io.BytesIO(content))
        elif self.name == "json lines":
            table = read_json_lines(content, limits)
        else:
            separator = SEPARATORS[PurePosixPath(path).suffix.lower()]
            check_columns(content.partition(b"\n")[0].count(separator.encode()) + 1, limits)
            table = pl.read_csv(content, separator=separator, infer_schema=False)
            table = table.rename(unquoted_names(side, table.columns, separator))
        if any(dtype.is_nested() or dtype == pl.Object for dtype in table.dtypes):
            raise NotUnderstood("a column holds lists or records")
        return table


CSV = TableFormat("csv", frozenset(SEPARATORS))
PARQUET = TableFormat("parquet", frozenset())
JSON_LINES = TableFormat("json lines", frozenset(_LINES))


def read_table(path: str, side: Blob, limits: Limits = USUAL) -> pl.DataFrame:
    """The table in a file of any of these formats. Raises NotUnderstood, and the MlverErrors of reading."""
    head = side.head()
    known = next((one for one in (PARQUET, CSV, JSON_LINES) if one.recognises(path, head)), None)
    if known is None:
        raise NotUnderstood("no table: neither CSV, TSV, JSON lines nor Parquet")
    known.try_out(side, limits)
    with understood():
        return known.read(path, side, limits)


_SAID = 120


@contextmanager
def understood() -> Iterator[None]:
    """What polars raises says that a file is no such table."""
    import polars as pl

    try:
        yield
    except pl.exceptions.PanicException as panic:  # its text is of the reader, not of the file
        raise NotUnderstood(BREAKS_OFF) from panic
    except (pl.exceptions.PolarsError, ValueError, OverflowError, OSError) as error:
        raise NotUnderstood(str(error).partition("\n")[0][:_SAID]) from error
