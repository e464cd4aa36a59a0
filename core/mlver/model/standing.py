"""What follows from the events of a ledger: their order, which releases stand, who holds which stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.tag_names import precedence

_Key = TypeVar("_Key")

_MOVES_OF_STAGES = (Move.ASSIGNED, Move.UNASSIGNED)

_AT_ONE_MOMENT = (Move.DEPRECATED, Move.CREATED, Move.REGISTERED, Move.DEREGISTERED, Move.ASSIGNED, Move.UNASSIGNED)
"""What is made in one moment counts in this order, as GTO has it: a model deprecated and used at once is in use."""


def ledger_of(events: Iterable[LedgerEvent], problems: Iterable[str] = ()) -> Ledger:
    """The ledger of all events of a repository or a store, however they come."""
    ordered = _in_order(events)
    state = _State()
    for event in ordered:
        state.count(event)
    named = tuple(state.with_version(event) for event in ordered)
    return Ledger(
        events=named,
        problems=tuple(problems),
        releases=tuple(state.releases()),
        holders=tuple(state.with_version(event) for event in state.holders()),
        deprecated=tuple(event for event in state.newest.values() if event.move is Move.DEPRECATED),
    )


def releases_by_place(ledger: Ledger) -> dict[tuple[str, str], tuple[str, ...]]:
    """(place, model) -> the releases that stand there, highest first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in ledger.releases:
        found[event.place, event.model].append(event.version or "")
    return {key: tuple(versions) for key, versions in found.items()}


def stages_by_place(ledger: Ledger) -> dict[tuple[str, str], tuple[str, ...]]:
    """(place, model) -> the stages held there now, in the order they were taken."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in ledger.holders:
        found[event.place, event.model].append(event.stage or "")
    return {key: tuple(stages) for key, stages in found.items()}


def _in_order(events: Iterable[LedgerEvent]) -> tuple[LedgerEvent, ...]:
    """By time, but what carries numbers by number: clocks disagree, and a number was taken after the one below it."""
    groups: dict[tuple[str, str | None, str | None], list[LedgerEvent]] = defaultdict(list)
    for event in events:
        groups[event.model, event.stage, None if event.move in _MOVES_OF_STAGES else event.version].append(event)
    timed = [pair for group in groups.values() for pair in _when(group)]
    return tuple(event for _, event in sorted(timed, key=_rank))


def _when(group: list[LedgerEvent]) -> Iterator[tuple[float, LedgerEvent]]:
    """Each event with the moment it counts from: no earlier than that of any lower number."""
    reached = 0.0
    for event in sorted(group, key=lambda one: (-1 if one.number is None else one.number, one.made or 0.0)):
        if event.number is None:
            yield event.made or 0.0, event
        else:
            reached = max(reached, event.made or 0.0)
            yield reached, event


def _rank(pair: tuple[float, LedgerEvent]) -> tuple[float, int, int, str, str]:
    when, event = pair
    number = -1 if event.number is None else event.number
    return when, number, _AT_ONE_MOMENT.index(event.move), event.model, event.tag


class _State(Struct):
    """What stands after the events so far; events later in the dicts count more."""

    registered: dict[tuple[str, str | None, str], LedgerEvent] = field(default_factory=dict)
    """(model, version, place) -> the registration that stands."""
    ever: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """(model, place) -> versions that were registered there at any time."""
    assigned: dict[tuple[str, str | None, str], LedgerEvent] = field(default_factory=dict)
    """(model, stage, place) -> the assignment that stands."""
    newest: dict[str, LedgerEvent] = field(default_factory=dict)
    """Model -> its last event."""

    def count(self, event: LedgerEvent) -> None:
        """The next event."""
        self.newest[event.model] = event
        release = (event.model, event.version, event.place)
        stay = (event.model, event.stage, event.place)
        if event.move is Move.REGISTERED:
            self.ever[event.model, event.place].add(event.version or "")
            _put_last(self.registered, release, event)
        elif event.move is Move.DEREGISTERED:
            self.registered.pop(release, None)
        elif event.move is Move.ASSIGNED:
            _put_last(self.assigned, stay, event)
        elif event.move is Move.UNASSIGNED:
            self.assigned.pop(stay, None)

    def releases(self) -> list[LedgerEvent]:
        """Those that stand, one per version of a model: the newest."""
        newest = {(event.model, event.version): event for event in self.registered.values()}
        highest_first = sorted(newest.values(), key=lambda event: precedence(event.version or ""), reverse=True)
        return sorted(highest_first, key=lambda event: event.model)

    def holders(self) -> list[LedgerEvent]:
        """Who took each stage last, among those not taken out of it again and not deregistered altogether."""
        newest: dict[tuple[str, str | None], LedgerEvent] = {}
        for event in self.assigned.values():
            if not self.ever.get((event.model, event.place)) or self._versions_at(event):
                _put_last(newest, (event.model, event.stage), event)
        return sorted(newest.values(), key=lambda event: event.model)

    def with_version(self, event: LedgerEvent) -> LedgerEvent:
        """A move of a stage, with the release name of what it moved."""
        if event.version or event.move not in _MOVES_OF_STAGES:
            return event
        versions = self._versions_at(event) or self.ever.get((event.model, event.place))
        return replace(event, version=max(versions, key=precedence)) if versions else event

    def _versions_at(self, event: LedgerEvent) -> set[str]:
        known = self.ever.get((event.model, event.place), set())
        return {version for version in known if (event.model, version, event.place) in self.registered}


def _put_last(held: dict[_Key, LedgerEvent], key: _Key, event: LedgerEvent) -> None:
    held.pop(key, None)
    held[key] = event
