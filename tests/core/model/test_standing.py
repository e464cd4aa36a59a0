from __future__ import annotations

import random

from mlver.model.ledger import Ledger, LedgerEvent
from mlver.model.standing import ledger_of, releases_by_place, stages_by_place
from mlver.model.tag_names import parse_name

FIRST, SECOND, THIRD = "1" * 40, "2" * 40, "3" * 40


def ledger(*made: tuple[str, str] | tuple[str, str, float]) -> Ledger:
    """The ledger of (tag, commit, time) made one after the other; given to the code in another order."""
    events = [_event(tag, place, *time or [float(at)]) for at, (tag, place, *time) in enumerate(made)]
    random.Random(len(events)).shuffle(events)
    return ledger_of(events)


def _event(tag: str, place: str, made: float) -> LedgerEvent:
    name = parse_name(tag)
    assert name
    return LedgerEvent(
        move=name.move,
        model=name.model,
        version=name.version,
        stage=name.stage,
        number=name.number,
        place=place,
        tag=tag,
        made=made,
    )


def tags(events: tuple[LedgerEvent, ...]) -> list[str]:
    return [event.tag for event in events]


def test_what_was_registered_stands_until_it_is_taken_back() -> None:
    known = ledger(("m@v1.0.0", FIRST), ("m@v1.10.0", SECOND), ("m@v1.9.0", FIRST), ("m@v1.10.0!", SECOND))

    assert tags(known.releases) == ["m@v1.9.0", "m@v1.0.0"]
    assert releases_by_place(known) == {(FIRST, "m"): ("v1.9.0", "v1.0.0")}


def test_a_release_can_come_back_elsewhere() -> None:
    known = ledger(("m@v1.0.0", FIRST), ("m@v1.0.0!", FIRST), ("m@v1.0.0#3", SECOND))

    assert releases_by_place(known) == {(SECOND, "m"): ("v1.0.0",)}


def test_of_two_registrations_of_one_version_the_newer_counts() -> None:
    known = ledger(("m@v1.0.0#1", FIRST), ("m@v1.0.0#2", SECOND))

    assert tags(known.releases) == ["m@v1.0.0#2"]


def test_taking_back_at_another_commit_changes_nothing() -> None:
    assert tags(ledger(("m@v1.0.0", FIRST), ("m@v1.0.0!", SECOND)).releases) == ["m@v1.0.0"]


def test_the_last_who_took_a_stage_holds_it() -> None:
    known = ledger(("m#prod#1", FIRST), ("m#prod#2", SECOND), ("m#dev#3", FIRST), ("n#prod#1", FIRST))

    assert tags(known.holders) == ["m#prod#2", "m#dev#3", "n#prod#1"]
    assert stages_by_place(known) == {(SECOND, "m"): ("prod",), (FIRST, "m"): ("dev",), (FIRST, "n"): ("prod",)}


def test_a_version_taken_out_of_a_stage_gives_it_back_to_the_one_before() -> None:
    moves = [("m#prod#1", FIRST), ("m#prod#2", SECOND), ("m#prod!#3", SECOND)]

    assert tags(ledger(*moves).holders) == ["m#prod#1"]
    assert tags(ledger(*moves, ("m#prod!#4", FIRST)).holders) == []
    assert tags(ledger(*moves, ("m#prod#4", SECOND)).holders) == ["m#prod#4"]


def test_a_version_that_is_no_release_any_more_holds_nothing() -> None:
    moves = [("m@v1.0.0", FIRST), ("m#prod#1", FIRST), ("m@v2.0.0", SECOND), ("m#prod#2", SECOND)]

    assert tags(ledger(*moves, ("m@v2.0.0!", SECOND)).holders) == ["m#prod#1"]


def test_a_commit_without_release_can_hold_a_stage() -> None:
    [holder] = ledger(("m#prod#1", FIRST)).holders

    assert (holder.version, holder.place) == (None, FIRST)


def test_a_move_names_the_release_it_moved() -> None:
    known = ledger(("m#prod#1", FIRST), ("m@v1.0.0", FIRST), ("m#prod!#2", FIRST), ("m@v1.0.0!", FIRST))

    assert [event.version for event in known.events] == ["v1.0.0"] * 4


def test_moves_with_numbers_count_in_their_order_whatever_the_clocks_said() -> None:
    known = ledger(("m#prod#1", FIRST, 500.0), ("m#prod#2", SECOND, 100.0), ("m#dev#3", THIRD, 300.0))

    assert tags(known.events) == ["m#dev#3", "m#prod#1", "m#prod#2"]
    assert tags(known.holders) == ["m#dev#3", "m#prod#2"]


def test_of_moves_that_clocks_turned_round_the_higher_number_counts() -> None:
    known = ledger(("m#prod!#9", FIRST, 500.0), ("m#prod#10", FIRST, 100.0), ("m#prod#8", SECOND, 600.0))

    assert tags(known.events) == ["m#prod#8", "m#prod!#9", "m#prod#10"]
    assert tags(known.holders) == ["m#prod#10"]


def test_a_version_can_take_a_stage_again() -> None:
    assert tags(ledger(("m#prod#1", FIRST), ("m#prod#2", SECOND), ("m#prod#3", FIRST)).holders) == ["m#prod#3"]


def test_moves_with_and_without_numbers_meet_by_time() -> None:
    assert tags(ledger(("m#prod", FIRST), ("m#prod#1", SECOND), ("m#prod!", FIRST)).holders) == ["m#prod#1"]
    assert tags(ledger(("m#prod#1", SECOND), ("m#prod", FIRST)).holders) == ["m#prod"]


def test_what_is_made_in_one_moment_is_registered_before_it_is_moved() -> None:
    known = ledger(("m#prod!", FIRST, 5.0), ("m#prod", FIRST, 5.0), ("m@v1.0.0!", FIRST, 5.0), ("m@v1.0.0", FIRST, 5.0))

    assert tags(known.events) == ["m@v1.0.0", "m@v1.0.0!", "m#prod", "m#prod!"]
    assert known.holders == known.releases == ()


def test_an_event_without_a_time_is_the_oldest() -> None:
    undated = LedgerEvent(move=ledger(("m#prod", FIRST)).events[0].move, model="m", stage="prod", place=FIRST, tag="t")

    assert ledger_of([_event("m#prod", SECOND, 5.0), undated]).holders[0].place == SECOND


def test_a_model_is_deprecated_until_something_follows() -> None:
    moves = [("m@v1.0.0", FIRST), ("m@deprecated", FIRST)]

    assert tags(ledger(*moves, ("n@v1.0.0", FIRST)).deprecated) == ["m@deprecated"]
    assert ledger(*moves, ("m@v1.1.0", SECOND)).deprecated == ()
    assert tags(ledger(*moves).releases) == ["m@v1.0.0"]
