"""What everything on a line of a comparison means: both values whole, their types, where they come from, the signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlver.model.change import MISSING, Change, Kind, Missing
from mlver.model.comparison import Comparison
from mlver.model.data import Data, Place
from mlver.model.manifest import Manifest
from mlver.model.metric import MetricDelta
from mlver_tui.view_models.change_lines import note_of, tally_text
from mlver_tui.view_models.change_rows import ChangeRow, joined
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.inspection import meaning_words, moved_words
from mlver_tui.view_models.metric_rows import metric_texts
from mlver_tui.view_models.numbers import percent
from mlver_tui.view_models.param_lines import source_words
from mlver_tui.view_models.picking import Labelled
from mlver_tui.view_models.remarks import said_once
from mlver_tui.view_models.values import type_name, value_text

_KINDS = {
    Kind.SAME: "the same on both sides",
    Kind.CHANGED: "it differs",
    Kind.ADDED: "only B has it",
    Kind.REMOVED: "only A has it",
    Kind.MOVED: "the same in another place",
    Kind.UNKNOWN: "one side is not known: neither the same nor different may be said",
}


def inspected_change(
    row: ChangeRow, labels: tuple[str, ...], comparison: Comparison, glyphs: Glyphs = UNICODE
) -> list[Labelled]:
    """A row of a tree; `labels` lead to it from the root of its tab, and are what params are called by."""
    return list(_change(row, labels, comparison, glyphs))


def _change(row: ChangeRow, labels: tuple[str, ...], comparison: Comparison, glyphs: Glyphs) -> Iterator[Labelled]:
    node = row.node
    yield Labelled(label="name", shown=joined(labels))
    for name, version, value in (("A", comparison.before, node.before), ("B", comparison.after, node.after)):
        if value is not MISSING or not node.children:
            yield Labelled(label=name, shown=value_text(value, glyphs, limit=None))
        if said := _origin(node, labels, value, version.manifest, is_after=name == "B"):
            yield Labelled(label=f"{name} is", shown=said)
    below = tally_text(row.tally, glyphs) if row.tally else ""
    moved = f"below it {below}" if below else note_of(node, glyphs) if not node.children else glyphs.remark(node.note)
    yield Labelled(label=f"sign  {glyphs.kind[node.kind]}", shown=_KINDS[node.kind])
    yield from (Labelled(label="change", shown=one) for one in said_once((moved, *map(glyphs.remark, node.details))))
    if node.is_noise:
        yield Labelled(label="ignored", shown="a pattern of ignore in mlver.yaml matches it: it counts as noise")
    if not node.complete:
        yield Labelled(label="limit", shown="one was hit below this: what is missing is not known to be the same")


def _origin(node: Change, labels: tuple[str, ...], value: Data | Missing, manifest: Manifest, *, is_after: bool) -> str:
    """`float, params.yaml:4, default of the project`."""
    place: Place | None = node.place_after if is_after else node.place_before
    source = source_words(manifest, node, labels, is_after=is_after)
    return ", ".join(filter(None, (type_name(value), str(place) if place else "", source)))


def inspected_metrics(deltas: Iterable[MetricDelta], glyphs: Glyphs = UNICODE) -> list[Labelled]:
    """Metrics with all the digits that were measured, what they mean, and what their sign says."""
    return [one for delta in deltas for one in _metric(delta, glyphs)]


def _metric(delta: MetricDelta, glyphs: Glyphs) -> Iterator[Labelled]:
    star = f" {glyphs.star}" if delta.meaning.primary else ""
    unit = f" {delta.meaning.unit}" if delta.meaning.unit else ""
    said = "; ".join(meaning_words(delta.meaning))
    yield Labelled(label=delta.name + star, shown=f"what is judged first; {said}" if star else said)
    for name, value in (("  A", delta.before), ("  B", delta.after)):
        yield Labelled(label=name, shown="none" if value is None else f"{value_text(value, glyphs, limit=None)}{unit}")
    if delta.absolute is not None:
        moved = (metric_texts(delta, glyphs)[2].strip(), percent(delta.relative, glyphs).strip())
        yield Labelled(label=f"  {glyphs.delta}", shown=", ".join(filter(None, moved)))
    yield Labelled(label=f"  {glyphs.judgement[delta.judgement]}", shown=moved_words(delta))
