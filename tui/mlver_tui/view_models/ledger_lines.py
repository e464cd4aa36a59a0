"""Releases and stages as people read them: badges, who holds what since when, and what happened before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.model.ledger import PRODUCTION, Ledger, LedgerEvent, Move
from mlver.model.moments import moment
from mlver.model.source_names import MLFLOW
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import age, ago
from mlver_tui.view_models.spans import Line, Span, Tone, dim, join, line
from mlver_tui.view_models.text import cut

if TYPE_CHECKING:
    from mlver.model.version import VersionRow

PROTECTED = PRODUCTION
"""Written large."""

BADGE_WIDTH, MOST_BADGE_WIDTH = 5, 10
_BADGE_LETTERS = 4
_COMMIT_DIGITS = 8


def badge(stages: Sequence[str], glyphs: Glyphs = UNICODE, width: int = BADGE_WIDTH) -> Span:
    """The stages of a version in at most so many cells: `PROD`, `staging`, `cham…`, `PROD+`."""
    if not stages:
        return Span("")
    first = PROTECTED if PROTECTED in stages else stages[0]
    more = "+" if len(stages) > 1 else ""
    letters = first[:_BADGE_LETTERS].upper() if first == PROTECTED else cut(glyphs.data(first), width - len(more))
    return Span(letters + more, Tone.ACCENT)


def stages_named(stages: Sequence[str], glyphs: Glyphs = UNICODE) -> Span:
    """The stages of a version whole, for output that nothing limits."""
    return Span(", ".join(glyphs.data(stage) for stage in stages), Tone.ACCENT)


def events_for(row: VersionRow, ledger: Ledger) -> tuple[LedgerEvent, ...]:
    """What happened to a version and to others of its model, newest first."""
    return tuple(event for event in reversed(ledger.events) if event.model == row.model or is_about(event, row))


def is_about(event: LedgerEvent, row: VersionRow) -> bool:
    """Whether an event is about this version, not another of its model.

    A commit may hold versions of several models, so a tag must name the row's; a run is one version, whatever the
    registry calls its model; another store may hold a copy of it.
    """
    is_there = event.place == row.commit and event.store == row.store
    return is_there and (event.source == MLFLOW or event.model == row.model)


def stages_line(row: VersionRow, events: Iterable[LedgerEvent], now: float, glyphs: Glyphs = UNICODE) -> Line:
    """`production since 2 d, dev1`: each stage the version holds; `events` are newest first."""
    taken: dict[str, LedgerEvent] = {}
    for event in events:
        if event.move is Move.ASSIGNED and event.stage and is_about(event, row):
            taken.setdefault(event.stage, event)
    return join([_held(stage, taken.get(stage), now, glyphs) for stage in row.stages])


def _held(stage: str, taken: LedgerEvent | None, now: float, glyphs: Glyphs) -> Line:
    name = Span(glyphs.data(stage), Tone.ACCENT)
    if taken is None:
        return line(name)
    since = "" if age(taken.made, now) == "?" else f" since {ago(taken.made, now).removesuffix(' ago')}"
    by = person_name(taken, glyphs)
    return line(name, dim(since), dim(f", {by}" if by != "?" else ""))


def person_name(event: LedgerEvent, glyphs: Glyphs = UNICODE) -> str:
    """Who made the entry: the name, else the address."""
    return glyphs.data(event.author.name or event.author.email or "?")


def version_name(event: LedgerEvent, glyphs: Glyphs = UNICODE, *, called: str = "") -> str:
    """What an event moved: the release, else what the version is called, else the beginning of the commit."""
    return glyphs.data(event.version or called or event.place[:_COMMIT_DIGITS] or "?")


def event_phrase(event: LedgerEvent, glyphs: Glyphs = UNICODE, *, called: str = "") -> str:
    """What happened, in a few words: `v1.4.0 → production`."""
    version, stage = version_name(event, glyphs, called=called), glyphs.data(event.stage or "?")
    return {
        Move.REGISTERED: f"{version} released",
        Move.DEREGISTERED: f"{version} taken back",
        Move.ASSIGNED: f"{version} {glyphs.arrow} {stage}",
        Move.UNASSIGNED: f"{version} out of {stage}",
        Move.CREATED: "model created",
        Move.DEPRECATED: "model deprecated",
    }[event.move]


def own_phrase(event: LedgerEvent, row: VersionRow, glyphs: Glyphs = UNICODE) -> str:
    """As `event_phrase`, of the version it is about; a model of another name is named: `houses@v1 released`."""
    if event.model != row.model and event.version:
        event = replace(event, version=f"{event.model}@{event.version}")
    return event_phrase(event, glyphs, called=row.name)


def day(event: LedgerEvent) -> str:
    """The date of an event, UTC; `?` where it has none that a calendar knows."""
    try:
        return moment(event.made)[:10] if event.made is not None else "?"
    except (ValueError, OverflowError, OSError):
        return "?"


def message_line(event: LedgerEvent, glyphs: Glyphs = UNICODE) -> Line:
    """The first line of what was said with it."""
    return line(dim(glyphs.data(event.message.partition("\n")[0])))
