"""What happened to a version since it was made: notes, releases, stages, replays; and to others of its model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.model.moments import seconds_of
from mlver_tui.view_models.ledger_lines import event_phrase, is_about, message_line, own_phrase, person_name
from mlver_tui.view_models.nesting import nesting_lines
from mlver_tui.view_models.note_lines import note_age, note_author, problem_lines, text_lines
from mlver_tui.view_models.numbers import age
from mlver_tui.view_models.receipt import agreement_words
from mlver_tui.view_models.spans import Line, Span, bright, dim, line, width_of
from mlver_tui.view_models.tables import GAP, aligned

if TYPE_CHECKING:
    from mlver.model.ledger import LedgerEvent
    from mlver.model.note import Note
    from mlver.model.replay import ReplayRecord
    from mlver_tui.view_models.detail import Detail

MOST_EVENTS = 500
"""Nobody reads more under a cursor; `mlver stages --history` has them all."""

_WHY = 3
"""The column that is cut where there is no room."""

_LEAST_TEXT, _INDENT = 28, 5
"""Cells: with fewer beside it, a note's text stands below its line, so far to the right."""


class _Entry(Struct, frozen=True):
    """One line of the history, and what goes on below it."""

    when: float
    cells: list[Line]
    note: Note | None = None


def history_count(detail: Detail) -> int:
    """How much of the history is about this very version."""
    return (
        len(detail.notes.notes) + len(detail.replays) + sum(1 for event in detail.events if is_about(event, detail.row))
    )


def history_lines(detail: Detail, width: int | None) -> list[Line]:
    """One line for each event, newest first: those of this version, which stand out, then others of its model."""
    own = [event for event in detail.events if is_about(event, detail.row)]
    others = [event for event in detail.events if not is_about(event, detail.row)]
    entries = list(_timed_events(own[:MOST_EVENTS], detail))
    entries += [_Entry(seconds_of(record.created) or 0.0, _replay_cells(record, detail)) for record in detail.replays]
    entries += [_Entry(seconds_of(note.written) or 0.0, _note_cells(note, detail), note) for note in detail.notes.notes]
    # The sort is stable: events keep the order in which they count, whatever clocks said.
    entries.sort(key=lambda entry: -entry.when)
    shown = others[: max(0, MOST_EVENTS - len(own))]
    problems = [*problem_lines(detail.notes.problems, detail.glyphs), *nesting_lines(detail, width)]
    if not entries and not shown:
        nothing = line(dim("nothing since it was made: no note, no release, no stage, no replay"))
        return [*problems, nothing]
    lines = _with_notes(entries, list(_timed_events(shown, detail)), detail, width)
    left_out = len(detail.events) - MOST_EVENTS
    return [*problems, *lines, *([line(dim(f"{left_out} older ones"))] if left_out > 0 else [])]


def _with_notes(own: list[_Entry], others: list[_Entry], detail: Detail, width: int | None) -> list[Line]:
    """The entries in columns; a note's text in the last of them, as far as there is room, else below its line."""
    columns = zip(*(entry.cells[:_WHY] for entry in (*own, *others)), strict=True)
    before = sum(max(map(width_of, column)) + len(GAP) for column in columns)
    is_beside = width is None or width - before >= _LEAST_TEXT
    indent = before if is_beside else _INDENT
    texts = [_text(entry, width - indent if width else None, detail) for entry in own]
    first = [text[:1] if is_beside else [] for text in texts]
    rows = [[*entry.cells, *map(line, text)] for entry, text in zip(own, first, strict=True)]
    drawn = aligned([*rows, *(entry.cells for entry in others)], right={0}, flexible=_WHY, width=width)
    lines: list[Line] = []
    for one, text in zip(drawn, texts, strict=False):
        lines += [one, *(line(" " * indent, more) for more in text[1 if is_beside else 0 :])]
    if others:
        lines += [line(dim(f"others of {detail.glyphs.data(detail.row.model)}")), *drawn[len(own) :]]
    return lines


def _text(entry: _Entry, width: int | None, detail: Detail) -> list[str]:
    return text_lines(entry.note.text, width, detail.glyphs) if entry.note else []


def _timed_events(shown: Sequence[LedgerEvent], detail: Detail) -> Iterator[_Entry]:
    """The events in their order; one whose clock was behind goes by the time of the one before it."""
    reached = accumulate((event.made or 0.0 for event in reversed(shown)), max)
    for event, when in zip(shown, reversed(list(reached)), strict=True):
        yield _Entry(when, _event_cells(event, detail))


def _event_cells(event: LedgerEvent, detail: Detail) -> list[Line]:
    glyphs = detail.glyphs
    is_own = is_about(event, detail.row)
    phrase = own_phrase(event, detail.row, glyphs) if is_own else event_phrase(event, glyphs)
    return [
        line(dim(age(event.made, detail.now))),
        line(bright(phrase) if is_own else Span(phrase)),
        line(dim(person_name(event, glyphs))),
        message_line(event, glyphs),
    ]


def _replay_cells(record: ReplayRecord, detail: Detail) -> list[Line]:
    glyphs = detail.glyphs
    sign = glyphs.agreement[record.agreement]
    return [
        line(dim(age(seconds_of(record.created), detail.now))),
        line(bright(f"{sign} {agreement_words(record.agreement)}")),
        line(dim(glyphs.data(record.author.name or record.host or "?"))),
        line(dim(f"replayed on {glyphs.data(record.host)}" if record.host else "replayed")),
    ]


def _note_cells(note: Note, detail: Detail) -> list[Line]:
    """Without its text: that may need many lines."""
    glyphs = detail.glyphs
    return [line(dim(note_age(note, detail.now))), line(bright("note")), line(dim(note_author(note, glyphs)))]
