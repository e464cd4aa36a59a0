"""What the palette offers for what was typed."""

from __future__ import annotations

import pytest

from mlver.model.filtering import Completion
from mlver_tui.view_models.palette import VERBS, Deed, Known, Offer, Spoken, completed_line, name_cells, offers

KNOWN = Known(
    deeds=(
        Deed(id="compare", label="compare", help="Compare the marks"),
        Deed(id="sort", label="sort", help="Sort by age, metric or name"),
        Deed(id="clear-marks", label="clear marks", help="Clear all marks", why_not="nothing is marked"),
    ),
    versions={"latest": "", "production": "v1.4.0", "v1.1.0": "hidden 16", "v1.4.0": "scaling", "e07b3a51.1": ""},
    metrics=("loss", "accuracy"),
    orders=("newest", "metric.loss", "metric.accuracy", "param.optimiser.lr"),
    themes=("dark", "light"),
    filters={"dirty code": "is:dirty", "lost": "loss metric.loss>1"},
)


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("diff v1.1.0 production", Spoken("diff", ("v1.1.0", "production"))),
        ("diff v1.1.0 HEAD~2", Spoken("diff", ("v1.1.0", "HEAD~2"))),
        ("diff v1.1.0 v1.4.0 latest", Spoken("diff", ("v1.1.0", "v1.4.0", "latest"))),
        ("go v1.4.0", Spoken("go", ("v1.4.0",))),
        ("base v1.4.0^", Spoken("base", ("v1.4.0^",))),
        ("mark v1.1.0 v1.4.0", Spoken("mark", ("v1.1.0", "v1.4.0"))),
        ("sort metric.loss", Spoken("sort", ("metric.loss",))),
        ("filter dirty code", Spoken("filter", ("is:dirty",))),
        ("filter dirty", Spoken("filter", ("dirty",))),
        ("diff v9", Spoken("diff", ("v9",))),
        ("filter metric.loss < 0.2", Spoken("filter", ("metric.loss", "<", "0.2"))),
        ("theme light", Spoken("theme", ("light",))),
        ("replay production", Spoken("replay", ("production",))),
        ("sort by metric.loss", Spoken("sort", ("metric.loss",))),
        ("compare", Spoken("do", ("compare",))),
        ("go to v1.4", Spoken("go", ("v1.4.0",))),
        ("v1.4", Spoken("go", ("v1.4.0",))),
        ("by loss", Spoken("sort", ("metric.loss",))),
        ("by lr", Spoken("sort", ("param.optimiser.lr",))),
        ("note v1.4.0", Spoken("note", ("v1.4.0",))),
        ("theme li", Spoken("theme", ("light",))),
    ],
)
def test_what_is_typed_whole_stands_first(typed: str, spoken: Spoken) -> None:
    assert offers(typed, KNOWN)[0].does == spoken


def test_names_are_completed_while_they_are_typed() -> None:
    assert [one.text for one in offers("diff v1.", KNOWN)][:2] == ["diff v1.1.0", "diff v1.4.0"]
    assert offers("diff v1.", KNOWN)[0].begins == "diff v1.1.0 "
    assert "diff v1.1.0 v1.4.0" in [one.text for one in offers("diff v1.1.0", KNOWN)]
    assert "diff v1.1.0 v1.1.0" not in [one.text for one in offers("diff v1.1.0", KNOWN)]
    assert offers("go prod", KNOWN)[0].does == Spoken("go", ("production",))
    assert [one.text for one in offers("sort lr", KNOWN)][-1] == "sort param.optimiser.lr"


def test_the_action_of_a_commands_name_comes_before_its_words() -> None:
    said = offers("sort", KNOWN)

    assert said[0].does == Spoken("do", ("sort",))
    assert said[1].text == "sort newest"
    assert [one.does for one in said].count(Spoken("do", ("sort",))) == 1
    assert offers("sort ", KNOWN)[0].text == "sort newest"


@pytest.mark.parametrize("typed", list(VERBS))
def test_no_line_stands_there_twice(typed: str) -> None:
    texts = [one.text for one in offers(typed, KNOWN)]

    assert len(set(texts)) == len(texts)


def test_the_fields_of_a_filter_are_offered_behind_what_is_typed() -> None:
    known = Known(completed=lambda typed: Completion(len(typed) - 3, ("stage:", "status:")))

    typed, *others = offers("filter is:dirty sta", known)

    assert typed.does == Spoken("filter", ("is:dirty", "sta"))
    assert [one.begins for one in others] == ["filter is:dirty stage:", "filter is:dirty status:"]


def test_tab_takes_the_line_under_the_cursor_or_goes_on_with_the_last_word() -> None:
    assert completed_line("diff v1.", ["diff v1.1.0 ", "diff v1.4.0 "]) == "diff v1.1.0 "
    assert completed_line("filter sta", ["filter sta", "filter stage:"]) == "filter stage:"
    assert (
        completed_line("diff v1.1.0 v1.4.0", ["diff v1.1.0 v1.4.0", "diff v1.1.0 v1.4.0 latest"])
        == "diff v1.1.0 v1.4.0"
    )
    assert completed_line("x", []) == ""


def test_what_is_wrong_is_told_in_a_sentence() -> None:
    assert offers("theme drak", KNOWN)[0].mistake == "drak is none; did you mean dark?"
    assert offers("sort acuracy", KNOWN)[0].mistake == "acuracy is none; did you mean metric.accuracy?"
    assert offers("go v1.1.0 v1.4.0", KNOWN)[0].mistake == "too many words: go V"
    assert offers("comparr", KNOWN)[0].mistake == "nothing is called so; did you mean compare?"
    assert offers("xqz \x1b[2J", KNOWN)[0].does is None
    assert offers("curves of lose", KNOWN)[0].mistake == "no metric is called lose; did you mean loss?"
    assert offers("diff v9", KNOWN)[0].help == "v9: not in the list; looked for in git"
    assert offers("filter dirty", KNOWN)[1].text == "filter dirty code"


def test_what_cannot_be_done_now_says_why_and_comes_last() -> None:
    said = offers("", KNOWN)

    assert said[-1].why_not == "nothing is marked"
    assert said[-1].does is None
    assert {one.begins for one in said if one.begins} == {f"{verb} " for verb in VERBS}


def test_of_ten_thousand_versions_a_handful_is_offered() -> None:
    many = Known(versions={f"v{number}.0.{number % 7}": f"change {number}" for number in range(10_000)})
    for typed in ("go v9", "diff v1.0.1 9", "v77", "zzz"):
        assert len(offers(typed, many)) <= 40, typed


def test_the_lines_of_one_command_have_one_column_and_a_very_long_one_goes_beyond_it() -> None:
    found = [Offer(text="diff v1.1.0 v1.4.0"), Offer(text="diff v1.1.0 e07b3a51.2"), Offer(text="x" * 60)]

    assert name_cells(found, 80) == len("diff v1.1.0 e07b3a51.2")
    assert name_cells([], 80) == 0
