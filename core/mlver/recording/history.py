"""The curves of a run in one form: `step,metric,value,context`, whatever columns the training wrote.

What it wrote of epochs and moments beside the steps follows in the columns `epoch` and `timestamp`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlver.model.curve import EPOCH_COLUMN, TIME_COLUMNS

_LIMIT_ROWS = 2_000_000
_CONTEXT_PREFIXES = ("train", "eval", "val", "valid", "validation", "test")
_STEPS = ("step", "global_step", EPOCH_COLUMN)
_NEVER_METRICS = {*_STEPS, *TIME_COLUMNS} - {"time"}
"""`time` may be how long a step took, so it is taken both ways; whoever reads the curves can tell."""


class HistoryPoint(NamedTuple):
    """One value, as text."""

    step: str
    metric: str
    value: str
    context: str
    epoch: str = ""
    timestamp: str = ""


def history_csv(files: Mapping[str, bytes]) -> tuple[bytes, tuple[str, ...]]:
    """One canonical CSV of several history files (path -> bytes), and warnings about what could not be taken.

    Two shapes are read: `step, metric, value[, context]`, and a wide table with a column `step` or `epoch` (else the
    row's number) and one column per metric, where `train_loss` or `train/loss` is metric `loss`, context `train`.
    Values are copied as text, so nothing is lost or rounded here.
    """
    rows: list[HistoryPoint] = []
    warnings: list[str] = []
    for path, content in files.items():
        try:
            table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        except (UnicodeDecodeError, csv.Error) as error:
            warnings.append(f"{path}: no curves taken: {error}")
            continue
        rows += history_points(table)
    if len(rows) > _LIMIT_ROWS:
        warnings.append(f"curves cut after {_LIMIT_ROWS} of {len(rows)} points")
    return _written(rows[:_LIMIT_ROWS]) if rows else b"", tuple(warnings)


def history_points(table: list[list[str]]) -> Iterator[HistoryPoint]:
    """The points of a history as they are written; its first row is the heads."""
    return _long(table) if table and {"step", "metric", "value"} <= set(table[0]) else _wide(table)


def axis_of(heads: Sequence[str]) -> str | None:
    """The column that says where on the x axis a row is; None: the row's number does."""
    return next((name for name in _STEPS if name in heads), None)


def _long(table: list[list[str]]) -> Iterator[HistoryPoint]:
    head, *lines = table
    place = {name: head.index(name) for name in ("step", "metric", "value")}
    context = head.index("context") if "context" in head else None
    for line in lines:
        if len(line) > max(place.values()):
            where = _cell(line, context)
            yield HistoryPoint(
                line[place["step"]], line[place["metric"]], line[place["value"]], where, *_axes(head, line)
            )


def _wide(table: list[list[str]]) -> Iterator[HistoryPoint]:
    if not table:
        return
    head, *lines = table
    step = axis_of(head)
    for number, line in enumerate(lines):
        at = line[head.index(step)] if step and len(line) > head.index(step) else str(number)
        for name, value in zip(head, line, strict=False):
            if name not in _NEVER_METRICS and value != "":
                metric, context = _split(name)
                yield HistoryPoint(at, metric, value, context, *_axes(head, line))


def _axes(head: Sequence[str], line: Sequence[str]) -> tuple[str, str]:
    """Epoch and moment of a line."""
    moment = next((name for name in TIME_COLUMNS if name in head), None)
    epoch = head.index(EPOCH_COLUMN) if EPOCH_COLUMN in head else None
    return _cell(line, epoch), _cell(line, head.index(moment) if moment else None)


def _cell(line: Sequence[str], column: int | None) -> str:
    return line[column] if column is not None and column < len(line) else ""


def _split(name: str) -> tuple[str, str]:
    for mark in ("/", "_"):
        head, found, rest = name.partition(mark)
        if found and rest and head in _CONTEXT_PREFIXES:
            return rest, head
    return name, ""


def _written(rows: Sequence[HistoryPoint]) -> bytes:
    """The table; with the columns that no row has anything in left out."""
    columns = [
        column
        for column, name in enumerate(HistoryPoint._fields)
        if name not in HistoryPoint._field_defaults or any(row[column] for row in rows)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([HistoryPoint._fields[column] for column in columns])
    writer.writerows([row[column] for column in columns] for row in rows)
    return text.getvalue().encode()
