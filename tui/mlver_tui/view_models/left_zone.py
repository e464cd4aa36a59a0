"""The left zone of the version list: models, who holds which stage, filters with counts, and what is being made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.version import VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import person_name, version_name
from mlver_tui.view_models.live_lines import Running, delta_line, other_line, own_line, place_text, value_line
from mlver_tui.view_models.numbers import age, ago
from mlver_tui.view_models.numbers import count as written_count
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, spread
from mlver_tui.view_models.version_rows import shown_name

ALL_MODELS = ""
"""Key of the entry that stands for every model."""


class Entry(Struct, frozen=True):
    """A line of the zone."""

    key: str | None
    """What choosing it is about; None: it says more of the entry above, and no cursor rests on it."""
    left: Line
    right: Line = EMPTY

    def line(self, width: int) -> Line:
        """Both texts at the edges; where they do not fit the left one is cut."""
        room = max(0, width - sum(len(span.text) for span in self.right) - 1)
        return spread(fitted(self.left, room), self.right, width) if self.right else fitted(self.left, width)


def model_entries(models: Mapping[str, int], current: str | None, glyphs: Glyphs = UNICODE) -> list[Entry]:
    """Every model with its count; where there are several, all of them together last."""
    entries = [_chosen(name, name, count, name == current, glyphs) for name, count in models.items()]
    if len(models) > 1:
        entries.append(_chosen(ALL_MODELS, "all", sum(models.values()), current is None, glyphs))
    return entries


def filter_entries(filters: Iterable[tuple[str, int | None, str]], words: str, glyphs: Glyphs = UNICODE) -> list[Entry]:
    """Filters as (name, how many pass, words): the one that the list is narrowed by is marked. The key is the words."""
    return [_chosen(asked, name, count, asked == words.strip(), glyphs) for name, count, asked in filters]


def _chosen(key: str, name: str, count: int | None, is_on: bool, glyphs: Glyphs) -> Entry:
    shown = glyphs.data(name)
    counted = line(dim(written_count(count, glyphs))) if count is not None else EMPTY
    return Entry(key, line(f"{glyphs.cursor if is_on else ' '} ", bright(shown) if is_on else Span(shown)), counted)


def stage_entries(
    rows: Sequence[VersionRow], ledger: Ledger, now: float, *, model: str | None, glyphs: Glyphs = UNICODE
) -> list[Entry]:
    """Who holds which stage, since when and by whom, and which version held it before. The key is that of the row.

    Of all models together each stage says of which it is.
    """
    places = {event.place for event in ledger.events}
    told = [row for row in rows if row.commit in places]
    by_place = {(row.commit, row.model): row for row in told}
    entries: list[Entry] = []
    for event in ledger.holders:
        if model is None or event.model == model:
            holder = _row_of(event, by_place, told)
            entries += _holder(event, holder, _before(event, ledger, by_place), now, model is None, glyphs)
    return entries


def _row_of(
    event: LedgerEvent, by_place: Mapping[tuple[str, str], VersionRow], rows: Sequence[VersionRow]
) -> VersionRow | None:
    """The version an entry is about; a run of a store is that run, whatever the registry calls its model."""
    return by_place.get((event.place, event.model)) or next((row for row in rows if row.commit == event.place), None)


def _holder(  # noqa: PLR0913, PLR0917 - all that the three lines say
    event: LedgerEvent, row: VersionRow | None, before: str, now: float, with_model: bool, glyphs: Glyphs
) -> list[Entry]:
    name = version_name(event, glyphs, called=row.name if row else "")
    stage = glyphs.data(event.stage or "?") + (f" of {glyphs.data(event.model)}" if with_model else "")
    key = row.key if row else f"not here: {event.tag}"
    since = "" if age(event.made, now) == "?" else ago(event.made, now).removesuffix(" ago")
    by = person_name(event, glyphs)
    told = ", ".join(part for part in (since, by if by != "?" else "") if part)
    entries = [Entry(key, line(Span(stage, Tone.ACCENT)), line(name))]
    entries += [Entry(None, line(dim(f"  {told}")))] if told else []
    entries += [Entry(None, line(dim(f"  was {glyphs.data(before)}")))] if before else []
    return entries


def _before(event: LedgerEvent, ledger: Ledger, by_place: Mapping[tuple[str, str], VersionRow]) -> str:
    """What held the stage before: the last that was put there and is another."""
    for one in reversed(ledger.events[: ledger.events.index(event)] if event in ledger.events else ()):
        is_of_stage = one.move is Move.ASSIGNED and (one.model, one.stage) == (event.model, event.stage)
        if is_of_stage and one.place != event.place:
            row = by_place.get((one.place, one.model))
            return version_name(one, called=row.name if row else "")
    return ""


def running_entries(running: Iterable[tuple[VersionRow, Running]], glyphs: Glyphs = UNICODE) -> list[Entry]:
    """What is being recorded: how far, its newest value, and the other version's at the same step."""
    entries: list[Entry] = []
    for row, known in running:
        # The ordinal of a run that has no name yet goes: there is only one of it under way.
        called = shown_name(row, glyphs) if row.names else shown_name(row, glyphs).partition(".")[0]
        name = line(Span(glyphs.running, Tone.ACCENT), f" {called}")
        entries.append(Entry(row.key, name, line(place_text(known))))
        is_short = known.against_name != "A"
        value, other = value_line(known, glyphs), other_line(known, glyphs, is_short=is_short)
        below = (value, own_line(known, glyphs), other, delta_line(known, glyphs))
        entries += [Entry(None, (Span("  "), *said)) for said in below if said]
    return entries
