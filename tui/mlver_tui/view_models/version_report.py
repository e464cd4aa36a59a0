"""A version as lines without columns of a fixed width: what `mlver show` prints."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mlver.model.manifest import Artifact, DataFacts
from mlver.model.version import Version
from mlver.project import known_data
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_lines, file_name
from mlver_tui.view_models.fields import LABEL_WIDTH
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.history import history_lines
from mlver_tui.view_models.ledger_lines import is_about
from mlver_tui.view_models.metric_cells import metric_table
from mlver_tui.view_models.numbers import amount, size
from mlver_tui.view_models.origin import note_lines
from mlver_tui.view_models.receipt import TWO_COLUMNS_FROM, param_leaves, receipt_fields, receipt_lines
from mlver_tui.view_models.spans import EMPTY, Line, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.text import padded
from mlver_tui.view_models.values import short_digest, type_name, value_span

_UNCUT = 20_000
"""Cells for lines that nothing limits: longer than any value a manifest may hold on one line."""


def version_report(detail: Detail, *, width: int | None, everything: bool = False) -> Iterator[Line]:
    """The receipt, then metrics, params, files and code; `everything`: the environment with every package too."""
    yield from _receipt(detail, width)
    version = detail.version
    if version is None:
        return
    if detail.row.metrics:
        yield from (EMPTY, *metric_table(detail, width, title=bright("METRICS")))
    for title, rows, right in (
        ("PARAMS", list(_params(detail, version)), set[int]()),
        ("DATA", [_data_set(detail, fact) for fact in known_data(version.manifest)], {2}),
        ("FILES", [_artifact(detail, fact) for fact in version.manifest.artifacts], {1}),
    ):
        if rows:
            yield from (EMPTY, line(bright(title)))
            yield from aligned(rows, right=right, flexible=0 if title == "FILES" else 1, width=width)
    tabs = [DetailTab.CODE, DetailTab.ENV] if everything else [DetailTab.CODE]
    own = [event for event in detail.events if is_about(event, detail.row)]
    if own or detail.notes.notes or detail.notes.problems:
        yield from (EMPTY, line(bright("HISTORY")))
        yield from history_lines(replace(detail, events=tuple(own)), width)
    for tab in tabs:
        yield from (EMPTY, line(bright(tab.value.upper())))
        yield from detail_lines(detail, tab, width or _UNCUT)


def _receipt(detail: Detail, width: int | None) -> Iterator[Line]:
    if width is not None and width >= TWO_COLUMNS_FROM:
        yield from receipt_lines(detail, width)
        return
    yield from note_lines(detail.row, detail.version, width, detail.glyphs)
    for column in receipt_fields(detail):
        yield from ((dim(padded(field.label, LABEL_WIDTH)), *field.value) for field in column)


def _params(detail: Detail, version: Version) -> Iterator[list[Line]]:
    glyphs = detail.glyphs
    for key, value in param_leaves(version.manifest.params):
        yield [line(glyphs.data(key)), line(value_span(value, Tone.BRIGHT, glyphs)), line(dim(type_name(value)))]


def _data_set(detail: Detail, fact: DataFacts) -> list[Line]:
    glyphs = detail.glyphs
    rows = amount(fact.rows, "row", glyphs) if fact.rows is not None else ""
    return [
        line(glyphs.data(fact.name)),
        file_name(fact.path, fact.files, glyphs),
        line(size(fact.size, glyphs)),
        _digest(fact, glyphs),
        line(rows),
    ]


def _artifact(detail: Detail, fact: Artifact) -> list[Line]:
    glyphs = detail.glyphs
    return [
        file_name(fact.path, fact.files, glyphs),
        line(size(fact.size, glyphs)),
        _digest(fact, glyphs),
        line(dim(glyphs.data(fact.step or ""))),
    ]


def _digest(fact: DataFacts | Artifact, glyphs: Glyphs) -> Line:
    """The digest with its scheme, unless it is a sha256: no head says which it is."""
    scheme, _, _ = (fact.checksum or "").rpartition(":")
    named = f"{glyphs.data(scheme)}:" if scheme and not fact.sha256 else ""
    return line(dim(f"{named}{short_digest(fact.digest, glyphs)}"))
