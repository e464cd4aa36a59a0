"""The columns of the version list: which there are, and those that show one text per version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value
from mlver_tui.view_models.spans import Span, Tone, dim
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.values import short_digest, value_text
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, Values, called, metric_of, of_metric, param_of

USUAL = ("strip", METRIC, "delta", "replay", "stage")
"""The columns on the right of WHY when nobody chose any."""

BUILT_IN: Mapping[str, str] = {
    "strip": "CDPEHS: which sides changed",
    METRIC: "what the versions are judged by",
    "delta": "how that moved from the parent or base",
    "replay": "RE: what its replays came to",
    "stage": "the deployment stages it holds",
    "model": "the model it is a version of",
    "author": "who made it",
    "ref": "the branch, tag or ref that names it",
    "status": "how its run ended",
    "source": "what reads it: mlver, DVC, MLflow",
    "run": "run id",
    "recipe": "digest of all that went in",
    "result": "digest of all that came out",
    "commit": "the commit it is",
}
"""Name -> what it says. Beside them every metric and every param may have a column."""

_SAMPLED = 500
"""Rows looked at to know how wide a column must be."""
_WIDEST, _WIDEST_HEAD = 16, 12
_REFS = ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/")


class TextColumn(Struct, frozen=True, kw_only=True):
    """A column of one text per version."""

    head: str
    cell: Callable[[VersionRow], Span]
    width: int
    is_right: bool = False


def is_column(field: str) -> bool:
    """Whether a column of that name can be."""
    return field in BUILT_IN or metric_of(field) is not None or param_of(field) is not None


def with_order(columns: Sequence[str], order: str, rows: Iterable[VersionRow] = ()) -> tuple[str, ...]:
    """The columns, and before them what the rows are sorted by when none of them shows it."""
    shown = {NEWEST, NAME, *columns}
    if METRIC in columns:
        primaries = {row.primary for row in rows if row.primary}
        shown |= {of_metric(name) for name in primaries} if len(primaries) == 1 else set()
    return tuple(columns) if order in shown or not is_column(order) else (order, *columns)


def text_columns(
    columns: Iterable[str], rows: Sequence[VersionRow], values: Values, glyphs: Glyphs = UNICODE
) -> dict[str, TextColumn]:
    """Those of the columns that show a text, as wide as the rows need."""
    sample = tuple(islice(rows, _SAMPLED))
    return {field: made for field in columns if (made := _column(field, sample, values, glyphs))}


def _column(field: str, sample: Sequence[VersionRow], values: Values, glyphs: Glyphs) -> TextColumn | None:
    if (metric := metric_of(field)) is not None:
        return _fitting(field, _metric_cell(metric, sample, glyphs), sample, glyphs, is_right=True)
    if (param := param_of(field)) is not None:
        known = values.get(param, {})
        is_right = all(_is_number(value) for value in islice(known.values(), _SAMPLED))
        return _fitting(field, _param_cell(param, values, glyphs), sample, glyphs, is_right=is_right)
    if text := _TEXTS.get(field):
        return _fitting(field, lambda row: dim(text(row, glyphs)), sample, glyphs)
    return None


def _fitting(
    field: str,
    cell: Callable[[VersionRow], Span],
    sample: Sequence[VersionRow],
    glyphs: Glyphs,
    *,
    is_right: bool = False,
) -> TextColumn:
    head = head_of(field, glyphs)
    widest = max((cell_width(cell(row).text[: _WIDEST + 1]) for row in sample), default=0)
    width = max(min(cell_width(head), _WIDEST_HEAD), min(widest, _WIDEST))
    return TextColumn(head=head, cell=cell, width=width, is_right=is_right)


def head_of(field: str, glyphs: Glyphs = UNICODE) -> str:
    """What stands over a column: of a dotted name its last part."""
    param = param_of(field)
    return glyphs.data(param.rpartition(".")[2] or param if param else called(field)).upper()


def _metric_cell(name: str, sample: Sequence[VersionRow], glyphs: Glyphs) -> Callable[[VersionRow], Span]:
    decimals = decimals_of(metric.value for row in sample if (metric := row.metrics.get(name)))

    def cell(row: VersionRow) -> Span:
        metric = row.metrics.get(name)
        return Span(metric_value(metric.value, decimals, glyphs) if metric else "")

    return cell


def _param_cell(name: str, values: Values, glyphs: Glyphs) -> Callable[[VersionRow], Span]:
    known = values.get(name, {})

    def cell(row: VersionRow) -> Span:
        if row.key not in known:
            return Span("")
        value = known[row.key]
        return Span(value_text(value, glyphs), Tone.DIM if value is None else Tone.PLAIN)

    return cell


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _short_ref(row: VersionRow, glyphs: Glyphs) -> str:
    for head in _REFS:
        if row.ref.startswith(head):
            return glyphs.data(row.ref.removeprefix(head))
    return glyphs.data(row.ref)


_TEXTS: Mapping[str, Callable[[VersionRow, Glyphs], str]] = {
    "model": lambda row, glyphs: glyphs.data(row.model),
    "author": lambda row, glyphs: glyphs.data(row.author),
    "ref": _short_ref,
    "status": lambda row, glyphs: glyphs.data(row.status.value),
    "source": lambda row, glyphs: glyphs.data(row.source),
    "run": lambda row, glyphs: glyphs.data(row.run or ""),
    "recipe": lambda row, glyphs: short_digest(row.recipe, glyphs) if row.recipe else "",
    "result": lambda row, glyphs: short_digest(row.result, glyphs) if row.result else "",
    "commit": lambda row, glyphs: glyphs.data(row.commit[:8]),
}
