"""What the dialogs of the version list offer, and how a choice reads."""

from __future__ import annotations

from mlver.errors import FilterInvalid
from mlver.model.filtering import Narrowed
from mlver.model.ledger import Ledger
from mlver_tui.view_models.choices import Choice, choice_line, narrowed
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.model_choices import chosen_holder, chosen_model, model_choices, stage_choices
from mlver_tui.view_models.order_choices import column_choices, column_fields, order_choices
from mlver_tui.view_models.saved_filters import BUILT_IN_FILTERS, Origin, counted, filter_choices, offered_filters
from mlver_tui.view_models.spans import text_of, width_of
from mlver_tui.view_models.version_columns import BUILT_IN, USUAL
from mlver_tui.view_models.version_fields import leaves_of
from tests.support.explorer import HOSTILE, NOW, digits_ledger, digits_rows, hostile_row

ROWS = digits_rows()


def test_a_choice_fills_its_line_and_keeps_its_number() -> None:
    choice = Choice(key="a", name="never replayed", said="source=native -has:verdict", amount="12", is_on=True)

    for width in (1, 10, 30, 80):
        assert width_of(choice_line(choice, 14, width)) == width
    assert text_of(choice_line(choice, 14, 40)) == "  ● never replayed  source=native -… 12 "
    assert text_of(choice_line(choice, 14, 80, ASCII)).isascii()


def test_typing_finds_by_name_by_what_is_said_and_by_section() -> None:
    choices = [
        Choice(key="a", name="accuracy", said="best first", section="metrics"),
        Choice(key="b", name="optimiser.lr", said="smallest first", section="params"),
    ]

    assert [one.key for one in narrowed(choices, " FIRST ")] == ["a", "b"]
    assert [one.key for one in narrowed(choices, "param lr")] == ["b"]
    assert narrowed(choices, "lr accuracy") == []


def test_orders_say_which_way_and_which_is_on() -> None:
    offered = {one.key: one for one in order_choices(ROWS, ["lr"], "metric.loss", is_reversed=True)}

    assert list(offered)[:3] == ["newest", "name", "metric"]
    assert offered["metric.loss"].said == "best first, less is better; now reversed"
    assert offered["metric.accuracy"].said == "best first, more is better"
    assert offered["param.lr"].section == "params"
    assert [key for key, one in offered.items() if one.is_on] == ["metric.loss"]


def test_columns_that_are_on_come_first_and_each_is_there_once() -> None:
    fields = column_fields(("metric.loss", "stage"), ROWS)

    assert fields[:3] == ["metric.loss", "stage", "strip"]
    assert len(fields) == len(set(fields))
    assert set(BUILT_IN) <= set(fields)
    assert [one.key for one in column_choices(column_fields(USUAL, ROWS), USUAL) if one.is_on] == list(USUAL)


def test_of_dotted_names_those_with_a_value_are_offered() -> None:
    assert leaves_of(["optimiser", "optimiser.lr", "a", "a.b", "a.b.c", "lone", "x.y"]) == (
        "optimiser.lr", "a.b.c", "lone", "x.y",
    )  # fmt: skip


def test_a_single_model_is_not_offered_twice_and_what_users_see_is_the_first_stage() -> None:
    assert [one.name for one in model_choices({"digits": 12}, "digits")] == ["digits"]
    assert [one.name for one in model_choices({"a": 2, "b": 1}, None)] == ["all models", "a", "b"]
    stages = stage_choices(ROWS, digits_ledger(), NOW)
    assert [(one.name, chosen_holder(one.key)) for one in stages] == [
        ("production", ROWS[4].key), ("staging", ROWS[3].key),
    ]  # fmt: skip
    assert stage_choices(ROWS, Ledger(), NOW)[0].said == "v1.4.0 of digits"
    assert chosen_model(model_choices({"all": 2, "b": 1}, None)[1].key) == "all"
    assert chosen_model(model_choices({"all": 2, "b": 1}, None)[0].key) is None


def test_filters_with_names_come_before_recent_ones_and_none_twice() -> None:
    offered = offered_filters(
        {"mine": "lr"}, {"yours": "is:dirty loss"}, ["lr", "is:dirty", "new", *map(str, range(99))]
    )

    assert offered[: len(BUILT_IN_FILTERS)] == BUILT_IN_FILTERS
    assert [one.words for one in offered if one.origin is Origin.RECENT][:2] == ["new", "0"]
    assert len([one for one in offered if one.origin is Origin.RECENT]) == 10


def test_counts_are_asked_once_each_and_what_cannot_be_asked_says_so() -> None:
    asked = []

    def matching(words: str) -> Narrowed:
        asked.append(words)
        if words == "is:dirty":
            raise FilterInvalid("no", text=words, start=0)
        return Narrowed(ROWS[: len(words)])

    found = counted(BUILT_IN_FILTERS, matching)

    assert asked == [one.words for one in BUILT_IN_FILTERS]
    counts = {one.filter.words: one.count for one in found}
    assert counts["is:dirty"] is None
    amounts = {one.name: one.amount for one in filter_choices(BUILT_IN_FILTERS[1:6], counts, "")}
    assert amounts["dirty code"] == "not here"
    assert amounts["better"] == "9"
    assert {one.amount for one in filter_choices(BUILT_IN_FILTERS, {}, "")} == {"…"}


def test_hostile_names_are_made_showable() -> None:
    offered = [
        *order_choices([hostile_row()], [HOSTILE], "newest"),
        *column_choices(column_fields((), [hostile_row()]), ()),
        *model_choices({HOSTILE: 1, "b": 2}, None),
        *filter_choices(offered_filters({HOSTILE: HOSTILE}, {}, [HOSTILE + "x"]), {}, ""),
    ]

    for one in offered:
        assert not {"\x1b", "\x9b", "\u202e"} & set(one.name + one.said + one.amount)
