"""Releases and stages: badges, the receipt's line, the history."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.person import Person
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_counts, detail_lines
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.history import MOST_EVENTS
from mlver_tui.view_models.ledger_lines import badge, event_phrase, events_for, is_about, stages_line
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import Tone, text_of, width_of
from tests.support.explorer import DAY, HOSTILE, NOW, digits_ledger, digits_rows, record_of, version_of


def detail_of(name: str, *, ledger: Ledger | None = None) -> Detail:
    row = next(row for row in digits_rows() if row.name == name)
    events = events_for(row, ledger or digits_ledger())
    return Detail(row=row, version=version_of(row), events=events, now=NOW)


@pytest.mark.parametrize(
    ("stages", "shown"),
    [
        ((), ""),
        (("staging",), "stag…"),
        (("champion", "x"), "cha…+"),
        (("production",), "PROD"),
        (("staging", "production"), "PROD+"),
        (("dev", "staging"), "dev+"),
        (("Prod",), "Prod"),
    ],
)
def test_a_badge_is_short_and_only_production_is_large(stages: tuple[str, ...], shown: str) -> None:
    assert badge(stages).text == shown


def test_a_hostile_stage_is_harmless() -> None:
    assert "\x1b" not in badge((HOSTILE,)).text
    assert width_of((badge((HOSTILE, "x")),)) <= 5


def test_the_receipt_says_since_when_a_stage_is_held_and_who_said_so() -> None:
    shown = "\n".join(text_of(one) for one in receipt_lines(detail_of("v1.4.0"), 80))

    assert "stage   production since 2 d, dev1" in shown


def test_a_stage_of_which_the_history_is_not_known_is_named_all_the_same() -> None:
    row = replace(digits_rows()[0], stages=("production", "canary"))

    assert text_of(stages_line(row, (), NOW)) == "production  canary"


def test_the_receipt_says_what_else_a_version_is_called() -> None:
    detail = detail_of("v1.4.0")
    named = replace(detail, row=replace(detail.row, names=("v1.4.0", "best", "main")))

    assert any("also   best  main" in text_of(one) for one in receipt_lines(named, 80))
    assert not any("also" in text_of(one) for one in receipt_lines(detail, 80))


def test_the_history_tells_the_model_and_what_is_of_this_version_stands_out() -> None:
    detail = replace(detail_of("v1.4.0"), replays=(record_of(digits_rows()[4]),))

    lines = detail_lines(detail, DetailTab.HISTORY, 60)

    assert [text_of(one).rstrip() for one in lines] == [
        "now  ≡ identical bytes    box-3  replayed on box-3",
        " 2d  v1.4.0 → production  dev1   Better on every class",
        " 2d  v1.4.0 released      dev1   Release",
        "others of digits",
        " 1d  00000000 → staging   dev1   Better on every class",
        " 3d  v1.3.0 → production  dev1   Better on every class",
        " 4d  v1.3.0 released      dev1   Release",
        " 9d  v1.1.0 released      dev1   Release",
        " 9d  v1.0.0 released      dev1   Release",
    ]
    assert all(width_of(one) == 60 for one in lines)
    own = [text_of(one) for one in lines if any(span.tone is Tone.BRIGHT for span in one)]
    assert len(own) == detail_counts(detail)[DetailTab.HISTORY] == 3


def test_the_history_keeps_the_order_in_which_events_count() -> None:
    events = digits_ledger().events
    late = replace(events[-1], made=NOW - 20 * DAY, message="behind by weeks")
    detail = replace(detail_of("v1.4.0"), events=(late, *reversed(events[:-1])))

    own = detail_counts(detail)[DetailTab.HISTORY] or 0
    assert "behind by weeks" in text_of(detail_lines(detail, DetailTab.HISTORY, 80)[own + 1])


def test_a_version_without_a_release_goes_by_its_name() -> None:
    shown = [text_of(one) for one in detail_lines(detail_of("7d18e6b0.1"), DetailTab.HISTORY, 60)]

    assert shown[0].startswith("1d  7d18e6b0.1 → staging")


def test_what_happened_to_a_run_under_a_registered_models_name_is_its_history() -> None:
    found = digits_rows()[0]
    row = replace(
        found, key=f"mlflow/mlflow.db/{found.commit}", source="mlflow", model="experiment", stages=("champion",),
        names=("houses@v1",),
    )  # fmt: skip
    released = LedgerEvent(
        move=Move.REGISTERED, model="houses", version="v1", place=row.commit, tag="houses/1", made=NOW - DAY,
        source="mlflow", store="mlflow.db",
    )  # fmt: skip
    held = replace(released, move=Move.ASSIGNED, stage="champion", made=None)
    other = replace(released, model="experiment", version="v9", place="f" * 40)
    detail = Detail(row=row, events=events_for(row, Ledger(events=(other, released, held))), now=NOW)

    shown = [text_of(one).split() for one in detail_lines(detail, DetailTab.HISTORY, 60)]

    assert shown[0] == ["?", "houses@v1", "→", "champion", "?"]
    assert shown[1] == ["1d", "houses@v1", "released", "?"]
    assert shown[2] == ["others", "of", "experiment"]
    assert not is_about(replace(released, source="tags"), row)
    assert detail_counts(detail)[DetailTab.HISTORY] == 2
    assert text_of(stages_line(row, detail.events, NOW)) == "champion"


def test_a_version_to_which_nothing_happened_says_so() -> None:
    empty = replace(detail_of("v1.4.0"), events=())

    assert "nothing since it was made" in text_of(detail_lines(empty, DetailTab.HISTORY, 60)[0])


def test_an_endless_history_is_cut_and_says_so() -> None:
    event = digits_ledger().events[0]
    long = replace(detail_of("v1.4.0"), events=(event,) * (MOST_EVENTS + 7))

    assert text_of(detail_lines(long, DetailTab.HISTORY, 60)[-1]).startswith("7 older ones")


@pytest.mark.parametrize("move", list(Move))
def test_every_move_has_words_that_are_safe(move: Move) -> None:
    event = LedgerEvent(
        move=move, model="m", version=HOSTILE, stage=HOSTILE, place="", tag=HOSTILE, author=Person(name=HOSTILE)
    )

    assert event_phrase(event, ASCII).isascii()
    assert "\x1b" not in event_phrase(event)


def test_what_one_store_registered_is_not_told_of_its_copys_run() -> None:
    found = digits_rows()[0]
    row = replace(found, key=f"mlflow/mlflow.db/{found.commit}", source="mlflow")
    event = LedgerEvent(
        move=Move.REGISTERED, model="houses", version="v1", place=row.commit, tag="houses/1", source="mlflow",
        store="../mlflow.db",
    )  # fmt: skip

    assert not is_about(event, row)
    assert is_about(replace(event, store="mlflow.db"), row)
