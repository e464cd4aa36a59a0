"""The first tab of Compare: did it help, what changed, where it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from mlver.model.change import Change, Kind, Missing
from mlver.model.comparison import Comparison
from mlver.model.data import Data
from mlver.model.metric import Judgement, MetricDelta
from mlver.model.version import VersionRow
from mlver_tui.view_models.change_rows import KIND_TONES
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.metric_rows import RESOURCES, metric_columns, metric_head, metric_line
from mlver_tui.view_models.numbers import age
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, join, line, spread, text_of
from mlver_tui.view_models.values import is_digest, value_text
from mlver_tui.view_models.version_rows import replay_span, shown_name

_NAMED_CHANGES = 3
_LOOKED_AT = 50
_NO_INPUT = "not an input"
_NAMED_METRICS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """The two lines that always name A and B."""

    before: VersionRow
    after: VersionRow
    now: float
    right: tuple[str, str] = ("", "")
    """What stands at the right edges."""
    glyphs: Glyphs = UNICODE

    def lines(self, width: int) -> list[Line]:
        """A over B."""
        return [
            self._line(Span(" A ", Tone.SIDE_A), self.before, self.right[0], width),
            self._line(Span(" B ", Tone.SIDE_B), self.after, self.right[1], width),
        ]

    def _line(self, side: Span, row: VersionRow, end: str, width: int) -> Line:
        glyphs = self.glyphs
        left = line(
            side,
            *fitted((bright(shown_name(row, glyphs)),), 11),
            " ",
            glyphs.data(row.title or row.reason or ""),
            dim(f"  {age(row.created, self.now)}  {glyphs.data(row.author)}  "),
            replay_span(row.replay, glyphs),
        )
        return spread(left, line(dim(f"{end} ")) if end else EMPTY, width)


def summary_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The whole tab."""
    lines = [*_helped_lines(did_it_help(comparison, glyphs), width), EMPTY]
    if comparison.metrics:
        columns = metric_columns(comparison.metrics, width - 2, glyphs)
        lines.append(line(" ", *metric_head(columns, width - 2, glyphs)))
        lines += [line(" ", *metric_line(delta, columns, width - 2, glyphs)) for delta in comparison.metrics]
    lines += [EMPTY, line(bright(" WHAT CHANGED"))]
    lines += [section_line(section, width, glyphs) for section in sections(comparison)]
    lines.append(_first_step(comparison, width, glyphs))
    lines += [fitted((Span(f" ! {glyphs.data(note)}", Tone.WARNING),), width) for note in comparison.notes]
    if not comparison.complete:
        lines.append(line(Span(f" {glyphs.incomplete} incomplete: a limit was hit", Tone.WARNING)))
    return [fitted(one, width) for one in lines]


_HEAD_CELLS = 15


def _helped_lines(said: str, width: int) -> list[Line]:
    parts = wrap(said, max(20, width - _HEAD_CELLS - 1)) or [""]
    first, *rest = parts
    return [line(bright(" DID IT HELP   "), first), *(line(" " * _HEAD_CELLS, part) for part in rest)]


def did_it_help(comparison: Comparison, glyphs: Glyphs = UNICODE) -> str:
    """`better on accuracy, worse on latency_ms; the test set is the same`."""
    measured = [delta for delta in comparison.metrics if delta.name not in RESOURCES]
    said = [
        f"{word} on {_named([delta.name for delta in measured if delta.judgement is judgement], glyphs)}"
        for judgement, word in ((Judgement.BETTER, "better"), (Judgement.WORSE, "worse"))
        if any(delta.judgement is judgement for delta in measured)
    ]
    return "; ".join(filter(None, (", ".join(said) or _nothing_judged(measured), _test_set(comparison))))


def _nothing_judged(deltas: Sequence[MetricDelta]) -> str:
    if not deltas:
        return "no metrics to compare"
    if all(delta.judgement is Judgement.SAME for delta in deltas):
        return "the same on every metric"
    if any(delta.judgement is Judgement.NO_GOAL for delta in deltas):
        return "metrics moved, and no goal says which way is better"
    return "not known: no metric is on both sides"


def _named(names: Sequence[str], glyphs: Glyphs) -> str:
    shown = [glyphs.data(name) for name in names[:_NAMED_METRICS]]
    more = len(names) - len(shown)
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown) + (f" +{more}" if more else "")


def _test_set(comparison: Comparison) -> str:
    roles = {
        data.name
        for side in (comparison.before, comparison.after)
        for data in side.manifest.data
        if data.role == "eval"
    }
    tests = [child for child in comparison.data.children if child.label in roles]
    if not tests:
        return ""
    if all(child.kind is Kind.SAME for child in tests):
        return "the test set is the same"
    return "the test set is NOT the same" if any(child.is_change for child in tests) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A side of the versions that can change."""

    name: str
    tab: str
    """The tab of Compare that has all of it."""
    tree: Change
    by_thing: bool = True
    """Counted by the tree's children (files, data sets, packages); else by its leaves (params)."""

    @property
    def count(self) -> int:
        """How much of it differs."""
        if self.by_thing:
            return sum(child.is_change for child in self.tree.children)
        return self.tree.count().total


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """The sides in the order of the summary."""
    return (
        Section(name="params", tab="Params", tree=comparison.params, by_thing=False),
        Section(name="data", tab="Data", tree=comparison.data),
        Section(name="code", tab="Code", tree=comparison.code),
        Section(name="env", tab="Env", tree=comparison.environment),
        Section(name="hardware", tab="Env", tree=comparison.hardware),
        Section(name="seeds", tab="Env", tree=comparison.seeds),
        Section(name="files", tab="Files", tree=comparison.files),
    )


def section_line(section: Section, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`~ params   3   optimiser.lr 0.1 → 0.03 · + momentum 0.9`."""
    tree = section.tree
    total = section.count
    kind = tree.kind if total or tree.kind is Kind.UNKNOWN else Kind.SAME
    start = line(
        Span(f" {glyphs.kind[kind]} ", KIND_TONES[kind]),
        dim(f"{section.name:<9}") if not total else f"{section.name:<9}",
        Span(f"{total:>3}   ", Tone.DIM if not total else Tone.PLAIN),
    )
    if not total:
        said = "not known on one side" if kind is Kind.UNKNOWN else tree.note or "same"
        return fitted((*start, dim(glyphs.data(said))), width)
    # What no step reads changed nothing: it is told last.
    changes = sorted(_changes(tree), key=lambda found: found[1].note.startswith(_NO_INPUT))
    shown = [_told(path, leaf, glyphs) for path, leaf in changes[:_NAMED_CHANGES]]
    if total > len(shown):
        shown.append((dim(f"+{total - len(shown)}"),))
    return fitted(start + join(shown, f" {glyphs.dot} "), width)


def _changes(tree: Change) -> list[tuple[tuple[str, ...], Change]]:
    found: list[tuple[tuple[str, ...], Change]] = []
    waiting: list[tuple[tuple[str, ...], Change]] = [((child.label,), child) for child in reversed(tree.children)]
    while waiting and len(found) < _LOOKED_AT:
        path, node = waiting.pop()
        if not node.is_change:
            continue
        # A file with byte ranges below it is one change to a reader, not a hundred.
        if node.children and not node.note:
            waiting += [((*path, child.label), child) for child in reversed(node.children)]
        else:
            found.append((path, node))
    return found


def _told(path: tuple[str, ...], leaf: Change, glyphs: Glyphs) -> Line:
    name = glyphs.data(".".join(path))
    if leaf.kind is Kind.ADDED:
        return line(Span(f"{glyphs.kind[leaf.kind]} ", Tone.ADDED), name, *_told_value(leaf.after, glyphs))
    if leaf.kind is Kind.REMOVED:
        return line(Span(f"{glyphs.kind[leaf.kind]} ", Tone.REMOVED), name)
    before, after = _told_value(leaf.before, glyphs), _told_value(leaf.after, glyphs)
    if not leaf.children and before and after:
        return line(name, dim(f"{text_of(before)} {glyphs.arrow}"), *after)
    return line(name, dim(f" {glyphs.data(leaf.note)}" if leaf.note else ""))


def _told_value(value: Data | Missing, glyphs: Glyphs) -> Line:
    """A value worth telling in a sentence: no digest, no list, not nothing."""
    if isinstance(value, (dict, list, Missing)) or (isinstance(value, str) and is_digest(value)):
        return EMPTY
    return (bright(f" {value_text(value, glyphs)}"),)


def _first_step(comparison: Comparison, width: int, glyphs: Glyphs) -> Line:
    if comparison.first_step is None:
        return fitted(line(dim(" no step differs, or it is not known")), width)
    why = f" ({glyphs.data(comparison.first_step_why)})" if comparison.first_step_why else ""
    return fitted(line(" first step that differs: ", bright(glyphs.data(comparison.first_step)), why), width)
