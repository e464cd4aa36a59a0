"""Curves of a version's plots: tables and JSON lists that `plots` declares, and DVCLive's folders.

DVC's tables are not histories as mlver knows them: any column may be the x axis, or none, and tabs part the columns.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.curves import STEP_COLUMNS, USUAL
from mlver.errors import DocumentInvalid, MlverError
from mlver.model.curve import EPOCH_COLUMN, TIME_COLUMNS, Curve, axis_of, moments_of
from mlver.model.data import Data
from mlver.sources.dvc.contents import Contents
from mlver.sources.dvc.project import Project
from mlver.sources.dvc.steps import PlotFile

_TABLES = {".csv": ",", ".tsv": "\t"}
_LISTS = (".json", ".yaml", ".yml")
_LIVE = "plots/metrics/"
"""Where DVCLive writes one table per metric, below its own folder."""

_NEVER_METRICS = ("timestamp",)
_NESTING = 10


class _Named(Struct, frozen=True, kw_only=True):
    path: str
    curve: Curve


def curves_of(project: Project, contents: Contents) -> tuple[Curve, ...]:
    """The curves of every plot that is here; one that cannot be read is passed over unless there is no other.

    Raises MlverError when none of them can be read.
    """
    found: list[_Named] = []
    failure: MlverError | None = None
    for plot in _plot_files(project, contents).values():
        try:
            found += (_Named(path=plot.path, curve=curve) for curve in _curves(plot, contents))
        except MlverError as error:
            failure = failure or error
        if len(found) > USUAL.max_curves:
            break
    if failure and not found:
        raise failure
    counts = Counter(one.curve.metric for one in found)
    return tuple(
        one.curve if counts[one.curve.metric] == 1 else replace(one.curve, metric=f"{one.path}:{one.curve.metric}")
        for one in found[: USUAL.max_curves]
    )


def _plot_files(project: Project, contents: Contents) -> dict[str, PlotFile]:
    """Path -> plot, folders replaced by what is in them; what is declared first counts."""
    found: dict[str, PlotFile] = {}
    for plot in project.plots:
        for path in contents.below(plot.path):
            found.setdefault(path, replace(plot, path=path))
    for file in project.survey.telling:
        if file.path.endswith(".tsv") and _live_metric(file.path):
            found.setdefault(file.path, PlotFile(path=file.path))
    return {path: plot for path, plot in found.items() if not (plot.template or "").startswith("confusion")}


def _curves(plot: PlotFile, contents: Contents) -> Iterator[Curve]:
    suffix = plot.path[plot.path.rfind(".") :].lower()
    if suffix in _LISTS:
        document = contents.document(plot.path)
        rows = _first_rows(document.data, _NESTING) if document else None
        return _of_rows(rows or [], plot)
    content = contents.read(plot.path, USUAL.max_bytes) if suffix in _TABLES else None
    return _of_rows(_table(content, plot.path, _TABLES[suffix]) if content else [], plot)


def _table(content: bytes, path: str, separator: str) -> list[dict[str, Any]]:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return list(csv.DictReader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise DocumentInvalid(f"not a table: {error}", name=path) from error


def _first_rows(data: Data, nesting: int) -> list[dict[str, Any]] | None:
    """The first list of mappings, wherever in the document."""
    if isinstance(data, list):
        rows: list[dict[str, Any]] = [row for row in data if isinstance(row, dict)]
        return rows or None
    if isinstance(data, dict) and nesting:
        return next((found for value in data.values() if (found := _first_rows(value, nesting - 1))), None)
    return None


def _of_rows(rows: list[dict[str, Any]], plot: PlotFile) -> Iterator[Curve]:
    columns = list(dict.fromkeys(key for row in rows for key in row if isinstance(key, str)))
    x = plot.x if plot.x in columns else next((name for name in STEP_COLUMNS if name in columns), None)
    wanted = [name for name in plot.columns if name in columns] or _usual(columns, x)
    live = _live_metric(plot.path)
    for name in wanted:
        curve = _curve(rows, x, name)
        if curve:
            yield replace(curve, metric=live) if live and len(wanted) == 1 else curve


def _usual(columns: list[str], x: str | None) -> list[str]:
    """What is drawn when nothing is said: over steps every column, over the rows' numbers the last, as DVC does."""
    others = [name for name in columns if name != x and name not in _NEVER_METRICS]
    return [name for name in others if name not in STEP_COLUMNS] if x else others[-1:]


def _curve(rows: Iterable[Mapping[str, Any]], x: str | None, column: str) -> Curve | None:
    steps, values, told, skipped = [], [], [], 0
    for index, row in enumerate(rows):
        step, value = _number(row.get(x)) if x else float(index), _number(row.get(column))
        if step is not None and step == step and value is not None:  # noqa: PLR0124  # NaN is no step
            steps.append(step)
            values.append(value)
            told.append(row)
        elif row.get(column) not in (None, ""):
            skipped += 1
    if not values:
        return None
    return Curve(
        metric=column,
        steps=tuple(steps),
        values=tuple(values),
        epochs=axis_of([_number(row.get(EPOCH_COLUMN)) for row in told]),
        times=moments_of([_moment(row) for row in told]),
        skipped=skipped,
    )


def _moment(row: Mapping[str, Any]) -> float | None:
    return next((_number(row[name]) for name in TIME_COLUMNS if name in row), None)


def _number(cell: object) -> float | None:
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    try:
        return float(cell)
    except (ValueError, OverflowError):
        return None


def _live_metric(path: str) -> str | None:
    """`dvclive/plots/metrics/train/loss.tsv` -> `train/loss`; None: not one of DVCLive's tables."""
    _, found, name = path.rpartition(f"/{_LIVE}")
    return name.rpartition(".")[0] or None if found else None
