"""What happened to a version since it was made: releases, stages, replays; and to others of its model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from mlver.model.ledger import LedgerEvent
from mlver.model.replay import ReplayRecord
from mlver_tui.view_models.detail import Detail
from mlver_tui.view_models.ledger_lines import event_phrase, is_about, message_line, own_phrase, person_name
from mlver_tui.view_models.numbers import age
from mlver_tui.view_models.receipt import agreement_words, epoch_of
from mlver_tui.view_models.spans import Line, Span, bright, dim, line
from mlver_tui.view_models.tables import aligned

MOST_EVENTS = 500
"""Nobody reads more under a cursor; `mlver stages --history` has them all."""

_WHY = 3
"""The column that is cut where there is no room."""


def history_count(detail: Detail) -> int:
    """How much of the history is about this very version."""
    return len(detail.replays) + sum(1 for event in detail.events if is_about(event, detail.row))


def history_lines(detail: Detail, width: int | None) -> list[Line]:
    """One line for each event, newest first: those of this version, which stand out, then others of its model."""
    own = [event for event in detail.events if is_about(event, detail.row)]
    others = [event for event in detail.events if not is_about(event, detail.row)]
    timed = list(_timed_events(own[:MOST_EVENTS], detail))
    timed += [(epoch_of(record.created) or 0.0, _replay_cells(record, detail)) for record in detail.replays]
    # The sort is stable: events keep the order in which they count, whatever clocks said.
    timed.sort(key=lambda pair: -pair[0])
    shown = others[: max(0, MOST_EVENTS - len(own))]
    cells = [each for _, each in timed] + [each for _, each in _timed_events(shown, detail)]
    if not cells:
        return [line(dim("nothing since it was made: no release, no stage, no replay"))]
    lines = aligned(cells, right={0}, flexible=_WHY, width=width)
    if shown:
        lines.insert(len(timed), line(dim(f"others of {detail.glyphs.data(detail.row.model)}")))
    left_out = len(detail.events) - MOST_EVENTS
    return [*lines, line(dim(f"{left_out} older ones"))] if left_out > 0 else lines


def _timed_events(shown: Sequence[LedgerEvent], detail: Detail) -> Iterator[tuple[float, list[Line]]]:
    """The events in their order; one whose clock was behind goes by the time of the one before it."""
    reached = accumulate((event.made or 0.0 for event in reversed(shown)), max)
    for event, when in zip(shown, reversed(list(reached)), strict=True):
        yield when, _event_cells(event, detail)


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
        line(dim(age(epoch_of(record.created), detail.now))),
        line(bright(f"{sign} {agreement_words(record.agreement)}")),
        line(dim(glyphs.data(record.author.name or record.host or "?"))),
        line(dim(f"replayed on {glyphs.data(record.host)}" if record.host else "replayed")),
    ]
