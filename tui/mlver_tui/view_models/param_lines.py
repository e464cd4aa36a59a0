"""What is known of one param: where both values come from, which it ever had, and the metric with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import quote

from mlver.model.change import MISSING, Change, Missing
from mlver.model.comparison import Comparison
from mlver.model.data import Data
from mlver.model.manifest import Manifest
from mlver.model.moments import moment, seconds_of
from mlver.model.note import Note
from mlver.model.param_history import ParamHistory, TriedValue
from mlver_tui.view_models.change_lines import provenance_lines
from mlver_tui.view_models.change_rows import ChangeRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.note_lines import note_author, text_lines
from mlver_tui.view_models.numbers import decimals_of, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import cell_width, padded
from mlver_tui.view_models.values import value_text

_HEAD_CELLS = 10
_LONGEST_VALUE = 24
"""Of the values told one after another."""
_NAMED = 4
"""Other inputs named beside a value."""


def source_words(manifest: Manifest, node: Change, path: Sequence[str], *, is_after: bool) -> str:
    """`set by  mlver run -S optimiser.lr=0.03`, or that the project has it so; empty where that is not known.

    Unsanitised: keys and values of a repository are in it.
    """
    place = node.place_after if is_after else node.place_before
    value = node.after if is_after else node.before
    if isinstance(value, Missing) or manifest.run is None:
        return ""
    dotted = ".".join(label[1:-1] if label.startswith("[") else label for label in path)
    for file, entry in manifest.params_from.items():
        settings = entry.get("set") if isinstance(entry, dict) else None
        if isinstance(settings, dict) and dotted in settings and (place is None or place.file == file):
            return f"set by  mlver run -S {quote(f'{dotted}={value_text(value)}')}"
    return "default of the project" if place and place.file in manifest.params_from else ""


def history_lines(
    told: ParamHistory, now: Sequence[Data | Missing], width: int, glyphs: Glyphs = UNICODE
) -> list[Line]:
    """`history`, the metric, `caution`, `note`; `now` are the values of both sides, which stand out."""
    lines = [_stretches_line(told, width, glyphs)]
    if told.tried:
        lines += _tried_lines(told, now, width, glyphs)
        lines += _caution_lines(told, now, width, glyphs)
    if told.note:
        lines += _note_lines(told.note, width, glyphs)
    if told.unread:
        lines.append(_headed("", line(dim(f"of {told.unread} more versions the params are not known")), width))
    return lines


def _headed(head: str, said: Line, width: int, tone: Tone = Tone.DIM) -> Line:
    return fitted((Span(f" {padded(head, _HEAD_CELLS - 1)}", tone), *said), width)


def _stretches_line(told: ParamHistory, width: int, glyphs: Glyphs) -> Line:
    """The newest that fit; an ellipsis stands for the older ones."""
    arrow = f" {glyphs.arrow} "
    room = width - _HEAD_CELLS - 1
    parts: list[str] = []
    used = 0
    for stretch in reversed(told.stretches):
        times = f" {glyphs.times}{stretch.count}" if stretch.count > 1 else ""
        part = _short(stretch.value, glyphs) + times
        used += cell_width(part) + len(arrow)
        if parts and used > room - 2 - len(arrow):
            parts.append(glyphs.ellipsis)
            break
        parts.append(part)
    return _headed("history", line(arrow.join(reversed(parts))), width)


def _short(value: Data | Missing, glyphs: Glyphs) -> str:
    text = value_text(value, glyphs)
    return text if cell_width(text) <= _LONGEST_VALUE else padded(text, _LONGEST_VALUE)


def _tried_lines(told: ParamHistory, now: Sequence[Data | Missing], width: int, glyphs: Glyphs) -> Iterator[Line]:
    decimals = decimals_of([one.measured for one in told.tried])
    said = [
        line(
            _as_now(_short(one.value, glyphs), one.value, now),
            dim(f" {glyphs.arrow} "),
            number(one.measured, decimals, glyphs=glyphs),
            "   ",
        )
        for one in told.tried
    ]
    said.insert(0, line(dim("best " if told.is_best else "median ")))
    head = glyphs.data(told.metric or "")
    for part in _in_lines(said, max(1, width - _HEAD_CELLS)):
        yield _headed(head, part, width)
        head = ""


def _as_now(text: str, value: Data | Missing, now: Sequence[Data | Missing]) -> Span:
    return bright(text) if any(_is_same(value, one) for one in now) else Span(text)


def _is_same(left: Data | Missing, right: Data | Missing) -> bool:
    return type(left) is type(right) and (left == right or repr(left) == repr(right))


def _in_lines(parts: Sequence[Line], width: int) -> Iterator[Line]:
    """The parts one after another, none of them broken."""
    now: Line = EMPTY
    for part in parts:
        if now and width_of(now) + width_of(part) > width:
            yield now
            now = EMPTY
        now += part
    yield now


def _caution_lines(told: ParamHistory, now: Sequence[Data | Missing], width: int, glyphs: Glyphs) -> Iterator[Line]:
    """Of both sides' values first: those are what is being decided about."""
    doubted = sorted(
        (one for one in told.tried if one.also_changed),
        key=lambda one: not any(_is_same(one.value, side) for side in now),
    )
    head = "caution"
    for one in doubted:
        said = f"at {_short(one.value, glyphs)} {_listed(one, glyphs)} changed too"
        for part in wrapped(said, max(1, width - _HEAD_CELLS - 1)):
            yield _headed(head, line(part), width, Tone.WARNING)
            head = ""


def _note_lines(note: Note, width: int, glyphs: Glyphs) -> Iterator[Line]:
    """`ci2, 2026-11-16: “0.03 was best of the sweep”`."""
    when = moment(seconds_of(note.written) or 0.0)[:10]
    left, right = ("'", "'") if glyphs.is_ascii else ("“", "”")
    text = " ".join(text_lines(note.text, None, glyphs))
    head = "note"
    for part in wrapped(f"{note_author(note, glyphs)}, {when}: {left}{text}{right}", max(1, width - _HEAD_CELLS - 1)):
        yield _headed(head, line(part), width)
        head = ""


def _listed(one: TriedValue, glyphs: Glyphs) -> str:
    names = [glyphs.data(name) for name in one.also_changed[:_NAMED]]
    more = len(one.also_changed) - len(names)
    names += [f"{more} more"] if more else []
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def param_lines(
    comparison: Comparison, row: ChangeRow, told: ParamHistory | None, width: int, glyphs: Glyphs = UNICODE
) -> list[Line]:
    """All that is known of the param of a row; `told` is None while it is being asked for, and of a branch."""
    node = row.node
    sources = sources_of(comparison, row)
    lines = provenance_lines(row, width, glyphs, sources=sources, with_note=bool(node.details))
    if told is None or row.tally is not None:
        return lines
    now = [value for value in (node.before, node.after) if value is not MISSING]
    return [*lines, EMPTY, *history_lines(told, now, width, glyphs)]


def sources_of(comparison: Comparison, row: ChangeRow) -> tuple[str, str]:
    """Where the values of both sides come from, in words (unsanitised); empty where that is not known."""
    before, after = comparison.before.manifest, comparison.after.manifest
    return (
        source_words(before, row.node, row.path, is_after=False),
        source_words(after, row.node, row.path, is_after=True),
    )
