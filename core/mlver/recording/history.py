"""The curves of a run in one form: `step,metric,value,context`, whatever columns the training wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

_LIMIT_ROWS = 2_000_000
_CONTEXT_PREFIXES = ("train", "eval", "val", "valid", "validation", "test")


def history_csv(files: Mapping[str, bytes]) -> tuple[bytes, tuple[str, ...]]:
    """One canonical CSV of several history files (path -> bytes), and warnings about what could not be taken.

    Two shapes are read: `step, metric, value[, context]`, and a wide table with a column `step` or `epoch` (else the
    row's number) and one column per metric, where `train_loss` or `train/loss` is metric `loss`, context `train`.
    Values are copied as text, so nothing is lost or rounded here.
    """
    rows: list[tuple[str, str, str, str]] = []
    warnings: list[str] = []
    for path, content in files.items():
        try:
            table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        except (UnicodeDecodeError, csv.Error) as error:
            warnings.append(f"{path}: no curves taken: {error}")
            continue
        rows += _long(table) if table and {"step", "metric", "value"} <= set(table[0]) else _wide(table)
    if len(rows) > _LIMIT_ROWS:
        warnings.append(f"curves cut after {_LIMIT_ROWS} of {len(rows)} points")
    return _written(rows[:_LIMIT_ROWS]) if rows else b"", tuple(warnings)


def _long(table: list[list[str]]) -> Iterator[tuple[str, str, str, str]]:
    head, *lines = table
    place = {name: head.index(name) for name in ("step", "metric", "value")}
    context = head.index("context") if "context" in head else None
    for line in lines:
        if len(line) > max(place.values()):
            where = line[context] if context is not None and len(line) > context else ""
            yield line[place["step"]], line[place["metric"]], line[place["value"]], where


def _wide(table: list[list[str]]) -> Iterator[tuple[str, str, str, str]]:
    if not table:
        return
    head, *lines = table
    step = next((name for name in ("step", "global_step", "epoch") if name in head), None)
    for number, line in enumerate(lines):
        at = line[head.index(step)] if step and len(line) > head.index(step) else str(number)
        for name, value in zip(head, line, strict=False):
            if name not in {"step", "global_step", "epoch"} and value != "":
                metric, context = _split(name)
                yield at, metric, value, context


def _split(name: str) -> tuple[str, str]:
    for mark in ("/", "_"):
        head, found, rest = name.partition(mark)
        if found and rest and head in _CONTEXT_PREFIXES:
            return rest, head
    return name, ""


def _written(rows: Iterable[tuple[str, str, str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("step", "metric", "value", "context"))
    writer.writerows(rows)
    return text.getvalue().encode()
