"""A list of versions for other programs, as CSV, Markdown and JSON: `mlver list` prints it, the explorer writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from mlver.model.data import Data
from mlver.model.version import Listing, VersionRow
from mlver_tui.commands.json_output import Json, json_text, row_document
from mlver_tui.commands.markdown import code_span, table_lines
from mlver_tui.matrix_export import inert
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value
from mlver_tui.view_models.receipt import param_leaves
from mlver_tui.view_models.values import value_text
from mlver_tui.view_models.version_rows import shown_name

FORMATS = ("csv", "md", "json")

Params = Mapping[str, Mapping[str, Data]]
"""Key of a version -> its params; a broken version has none."""


def list_text(listing: Listing, rows: Sequence[VersionRow], params: Params, form: str, glyphs: Glyphs) -> str:
    """The rows of a listing in one of FORMATS, whole: nothing is cut."""
    if form == "csv":
        return list_csv(rows, params, glyphs)
    if form == "md":
        return list_markdown(rows, glyphs)
    return json_text(list_document(listing, rows, params))


def list_document(listing: Listing, rows: Sequence[VersionRow], params: Params) -> dict[str, Json]:
    """The versions with their params, and what was left out of the listing."""
    return {
        "versions": [{**row_document(row), "params": params.get(row.key)} for row in rows],
        "problems": list(listing.problems),
        "complete": listing.is_current and not listing.is_cut,
    }


def list_csv(rows: Sequence[VersionRow], params: Params, glyphs: Glyphs) -> str:
    """A line per version: who and when, every metric, every param. Text that a spreadsheet would run has a `'`."""
    leaves = {row.key: dict(param_leaves(params.get(row.key) or {})) for row in rows}
    metrics = list(dict.fromkeys(name for row in rows for name in row.metrics))
    names = list(dict.fromkeys(name for known in leaves.values() for name in known))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    heads = (*_FACTS, *(f"metric.{name}" for name in metrics), *(f"param.{name}" for name in names))
    table.writerow([inert(glyphs.data(head)) for head in heads])
    for row in rows:
        facts = [inert(glyphs.data(text)) for text in _facts(row)]
        values = [str(row.metrics[name].value) if name in row.metrics else "" for name in metrics]
        known = leaves[row.key]
        table.writerow([*facts, *map(inert_number, values), *(_cell(known, name, glyphs) for name in names)])
    return text.getvalue()


_FACTS = ("name", "model", "created", "author", "why", "changed", "stages", "status", "recipe", "run", "commit")


def _facts(row: VersionRow) -> tuple[str, ...]:
    return (
        row.name, row.model, _moment(row.created), row.author, row.title or row.reason or "", row.strip,
        " ".join(row.stages), row.status.value, row.recipe or "", row.run or "", row.commit,
    )  # fmt: skip


def _moment(created: float | None) -> str:
    return datetime.fromtimestamp(created, UTC).isoformat() if created is not None else ""


def inert_number(text: str) -> str:
    """A number may begin with a minus; other text is what `inert` makes of it."""
    try:
        float(text)
    except ValueError:
        return inert(text)
    return text


def _cell(known: Mapping[str, Data], name: str, glyphs: Glyphs) -> str:
    if name not in known:
        return ""
    value = known[name]
    text = value_text(value, glyphs, limit=None)
    return inert(text) if isinstance(value, str) else text


def list_markdown(rows: Sequence[VersionRow], glyphs: Glyphs) -> str:
    """One table, for pull requests and wikis."""
    cells = [
        [
            code_span(shown_name(row, glyphs)),
            _moment(row.created)[:10],
            code_span(glyphs.remark(row.title or row.reason or "")),
            code_span(row.strip),
            _metric(row, glyphs),
            code_span(glyphs.data(", ".join(row.stages))),
        ]
        for row in rows
    ]
    lines = list(table_lines(["version", "date", "why", "changed", "metric", "stage"], cells, right=range(4, 5)))
    return "\n".join(lines[1:]) + "\n"


def _metric(row: VersionRow, glyphs: Glyphs) -> str:
    metric = row.primary_metric
    if metric is None:
        return ""
    value = metric_value(metric.value, decimals_of([metric.value]), glyphs)
    return code_span(f"{glyphs.data(row.primary or '')} {value}")
