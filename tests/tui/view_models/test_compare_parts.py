"""The parts of Compare beside its tables: evidence, steps, one curve, a param's words, what is said of waiting."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.between import Between
from mlver.model.change import Change, Kind, branch
from mlver.model.comparison import Comparison
from mlver.model.curve import Curve
from mlver.model.data import Place
from mlver.model.manifest import StepFacts
from mlver.model.metric import Goal
from mlver.model.predictions import Flips, Predictions, RowsMatched, Tally
from mlver.model.version import Agreement, ReplayMark
from mlver.progress import Progress
from mlver_tui.view_models.banner import Banner, between_words
from mlver_tui.view_models.belief import belief_lines
from mlver_tui.view_models.change_lines import change_table
from mlver_tui.view_models.change_overview import OUTCOMES, tab_of
from mlver_tui.view_models.change_rows import ChangeRows, Shown, TreeOutline, change_rows, places_found
from mlver_tui.view_models.compare_tabs import CompareTab
from mlver_tui.view_models.compared import compared_view
from mlver_tui.view_models.curve_facts import curve_facts_line, curve_rule, held_lines, summary_curve
from mlver_tui.view_models.param_lines import param_lines
from mlver_tui.view_models.spans import Line, text_of, width_of
from mlver_tui.view_models.step_line import step_lines
from mlver_tui.view_models.summary import summary_lines
from mlver_tui.view_models.waiting import waiting_lines
from tests.support.explorer import NOW, comparison_of, digits_rows, leaf, params_tree

ROWS = {row.name: row for row in digits_rows()}


def compared(**more: object) -> Comparison:
    return replace(comparison_of(ROWS["v1.1.0"], ROWS["v1.4.0"]), **more)


def shown(lines: list[Line]) -> list[str]:
    return [text_of(line).rstrip() for line in lines]


# Can we believe it.


def replayed(before: Agreement | None, after: Agreement | None) -> Comparison:
    made = compared()
    marks = [ReplayMark(agreement=one, count=2) if one else None for one in (before, after)]
    sides = [
        replace(side, row=replace(side.row, replay=mark))
        for side, mark in zip((made.before, made.after), marks, strict=True)
    ]
    return replace(made, before=sides[0], after=sides[1])


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (Agreement.IDENTICAL, Agreement.WITHIN_TOLERANCE, "yes"),
        (Agreement.IDENTICAL, None, "not sure"),
        (Agreement.IDENTICAL, Agreement.NOT_COMPARABLE, "not sure"),
        (Agreement.DIFFERENT, Agreement.IDENTICAL, "no"),
        (Agreement.FAILED, None, "no"),
    ],
)
def test_replays_speak_for_or_against_a_difference(before: Agreement, after: Agreement | None, word: str) -> None:
    line = next(line for line in shown(belief_lines(replayed(before, after), 80)) if line.startswith(" replays"))

    assert line.endswith(f" {word}")


def test_where_nothing_was_replayed_nothing_is_said_of_replays() -> None:
    lines = shown(belief_lines(replayed(None, None), 80))

    assert lines[0] == " CAN WE BELIEVE IT"
    assert [line.split()[0] for line in lines[1:]] == ["data"]


@pytest.mark.parametrize(
    ("kind", "word"), [(Kind.SAME, "yes"), (Kind.CHANGED, "no"), (Kind.UNKNOWN, "not sure")], ids=str
)
def test_other_data_to_measure_on_is_no_evidence(kind: Kind, word: str) -> None:
    made = compared(data=branch("data", (Change(label="eval", kind=kind, before="a", after="b"),)))

    line = next(line for line in shown(belief_lines(made, 90)) if line.startswith(" data"))

    assert line.endswith(f" {word}")


def test_a_tab_with_something_unknown_does_not_say_that_nothing_differs() -> None:
    unknown = Change(label="hardware", kind=Kind.UNKNOWN)

    assert compared_view(compared(hardware=branch("hardware", ()))).label(CompareTab.ENV) == "Env 0"
    assert compared_view(compared(hardware=unknown)).label(CompareTab.ENV) == "Env ?"
    assert (
        compared_view(compared(hardware=unknown, seeds=Change(label="seeds", kind=Kind.CHANGED))).label(CompareTab.ENV)
        == "Env 1"
    )


def flipped() -> Predictions:
    """Eleven rows became right, four wrong."""
    tally = Tally(fixed=11, broken=4, both_right=334, both_wrong=11)
    flips = Flips(tally=tally, p=0.1185, by_class=(), by_slice=(), rows=())
    return Predictions(matched=RowsMatched(shared=360), flips=flips)


@pytest.mark.parametrize("is_beside_tree", [False, True])
def test_what_chance_may_have_done_is_told_wherever_the_summary_stands(is_beside_tree: bool) -> None:
    view = compared_view(compared(predictions=flipped()))

    lines = shown(summary_lines(view, 90, is_beside_tree=is_beside_tree))

    told = next(line for line in lines if "11 fixed, 4 broken of 360 · p = 0.12: chance is not ruled out" in line)
    assert told.endswith("not sure") is is_beside_tree


def test_without_evidence_there_is_no_question() -> None:
    made = replayed(None, None)

    assert belief_lines(replace(made, data=branch("data", ())), 80) == []


# Steps.


def with_steps(
    *names: str, first: str | None, differing: tuple[str, ...], why: str = "its command differs"
) -> Comparison:
    made = compared(first_step=first, first_step_why=why if first else "", differing_steps=differing)
    steps = tuple(StepFacts(name=name, run="true") for name in names)
    return replace(made, after=replace(made.after, manifest=replace(made.after.manifest, steps=steps)))


def test_the_line_of_steps_has_a_sign_under_each() -> None:
    made = with_steps("prepare", "train", "evaluate", first="train", differing=("train", "evaluate"))

    assert shown(step_lines(made, 43))[1:] == [
        " FIRST STEP THAT DIFFERS",
        " prepare ── train ── evaluate",
        "    =         ~         ~",
        " its command differs",
    ]


def test_a_version_with_one_step_names_it_without_a_sign() -> None:
    made = with_steps("train", first="train", differing=("train",), why="its input differs")

    assert shown(step_lines(made, 43))[2:] == [" train", " its input differs"]


def test_a_long_line_of_steps_loses_what_came_before_the_first_that_differs() -> None:
    made = with_steps(*(f"step_{number}" for number in range(9)), first="step_7", differing=("step_7",))

    lines = shown(step_lines(made, 43))

    assert "step_7" in lines[2]
    assert "step_0" not in lines[2]
    assert all(width_of(line) <= 43 for line in step_lines(made, 43))


def test_a_step_that_is_gone_is_named_alone() -> None:
    assert " prune" in shown(step_lines(with_steps("train", first="prune", differing=()), 43))
    assert " none does, or it is not known" in shown(step_lines(with_steps("train", first=None, differing=()), 43))


# One curve.


def curve(metric: str, *values: float, context: str = "", start: int = 0) -> Curve:
    steps = tuple(float(start + step) for step in range(len(values)))
    return Curve(metric=metric, context=context, steps=steps, values=values)


def test_the_curve_beside_the_summary_is_that_of_the_primary_metric_on_held_back_data() -> None:
    curves = [
        curve("loss", 1.0, 0.5),
        curve("accuracy", 0.5, 0.9, context="train"),
        curve("accuracy", 0.4, 0.8, context="eval"),
    ]

    assert summary_curve(curves, curves, compared().metrics) == ("accuracy", "eval")
    assert summary_curve(curves[:1], (), compared().metrics) == ("loss", "")
    assert summary_curve((), curve_list := [curve("other", 1.0, 2.0)], compared().metrics) == ("other", "")
    assert curve_list
    assert summary_curve((), (), compared().metrics) is None


def test_both_are_held_against_each_other_at_the_last_step_that_both_have() -> None:
    before, after = curve("loss", 1.0, 0.5), curve("loss", 0.9, 0.4, 0.3)

    assert text_of(curve_facts_line(before, after, Goal.MINIMISE)) == (
        " at step 1:  A 0.5   B 0.4   Δ −0.1      best:  A 0.5   B 0.3   "
    )
    assert "best" not in text_of(curve_facts_line(before, after, None))
    assert text_of(curve_facts_line(None, after, Goal.MAXIMISE)) == "      best:  A none   B 0.9   "
    assert "at step" not in text_of(curve_facts_line(before, curve("loss", 1.0, start=7), None))


def test_over_a_curve_stands_how_far_both_are_apart() -> None:
    """Over 0 to 1 the means are 0.75 and 0.65."""
    rows = (compared().before.row, compared().after.row)
    before, after = curve("loss", 1.0, 0.5), curve("loss", 0.9, 0.4, 0.3)

    (told,) = held_lines(("loss", ""), before, after, rows)

    assert text_of(told) == " Δ −0.1 at step 1, best −0.2, last −0.2, area −0.1"
    assert held_lines(("loss", ""), before, None, rows) == ()


def test_the_rule_over_the_curve_says_which_is_which_where_it_fits() -> None:
    assert text_of(curve_rule("loss", ("*", "o"), 40)).endswith(" A * B o ─")
    assert width_of(curve_rule("loss, evaluation", ("", ""), 20)) == 20


# Params.


def test_a_param_that_was_set_for_the_run_says_so() -> None:
    made = compared()
    path = ("optimiser", "lr")
    row = next(row for row in change_rows(params_tree()) if row.path == path)
    manifest = replace(made.after.manifest, params_from={"params.yaml": {"set": {"optimiser.lr": 0.03}}})
    made = replace(made, after=replace(made.after, manifest=manifest))

    lines = shown(param_lines(made, row, None, 80))

    assert lines == [
        " A  0.1   float   params.yaml:4   default of the project",
        " B  0.03  float   params.yaml:4   set by  mlver run -S optimiser.lr=0.03",
    ]


def test_of_a_version_that_nobody_recorded_nothing_is_said() -> None:
    made = compared()
    plain = replace(made.after.manifest, run=None)
    made = replace(made, before=replace(made.before, manifest=plain), after=replace(made.after, manifest=plain))
    row = next(row for row in change_rows(params_tree()) if row.path == ("optimiser", "lr"))

    assert shown(param_lines(made, row, None, 80))[1] == " B  0.03  float   params.yaml:4"


# Trees.


def test_the_tree_of_everything_has_causes_above_effects_and_keeps_what_is_the_same_as_one_line() -> None:
    view = compared_view(compared())
    rows = ChangeRows(view.overview, Shown())

    top = [row.path[0] for row in rows if row.depth == 0]

    assert top == ["params", "data", "code", "env", "hardware", "seeds", OUTCOMES, "metrics", "files"]
    assert view.whole == (11, 23)
    assert view.counts[CompareTab.PARAMS] == 3


def test_each_row_of_everything_knows_its_tab() -> None:
    view = compared_view(compared())
    rows = {row.path: row for row in ChangeRows(view.overview, Shown(everything=True))}

    assert tab_of(rows["params", "optimiser", "lr"], view.sections) == (CompareTab.PARAMS, "optimiser.lr")
    assert tab_of(rows["metrics", "loss"], view.sections) == (CompareTab.METRICS, "")
    tab, name = tab_of(rows["seeds", "numpy"], view.sections)
    assert tab is CompareTab.ENV
    assert name in view.outlines[tab].names
    tab, name = tab_of(rows["files", "models/weights.npy"], view.sections)
    assert (tab, name) == (CompareTab.FILES, "models/weights.npy")


def test_a_search_looks_into_folded_branches_and_not_into_what_is_hidden() -> None:
    outline = TreeOutline(params_tree())
    folded = Shown(folded=outline.branches)

    found = [outline.names[place] for place in places_found(outline, "MOMENTUM", folded)]

    assert found == ["optimiser.momentum"]
    assert list(places_found(outline, "activation", folded)) == []
    assert len(list(places_found(outline, "activation", Shown(everything=True)))) == 1


def test_values_in_one_column_keep_their_types_apart() -> None:
    moved = Change(label="[name=dense]", kind=Kind.MOVED, before={"a": 1}, after={"a": 1}, note="2 → 0")
    tree = branch("params", (leaf("number", 1, "1"), leaf("null", None, "null"), moved))
    rows = change_rows(tree)
    table = change_table(rows, is_inline=True)

    lines = [text_of(table.line(row, 80)).split() for row in rows]

    assert lines[0] == ["~", "number", "1", "→", '"1"', "int", "→", "text"]
    assert lines[1] == ["~", "null", "null", "→", '"null"']
    assert lines[2][:2] == [">", "[name=dense]"]


def test_a_very_deep_tree_is_walked_without_recursion() -> None:
    deep = leaf("end", 1, 2)
    for _ in range(3000):
        deep = Change(label="x", kind=Kind.CHANGED, children=(deep,))

    outline = TreeOutline(branch("params", (deep,)))

    assert len(outline.places(Shown())) == 3001
    assert outline.whole.differing == 1


def test_a_place_is_told_of_a_branch_alone() -> None:
    node = Change(label="a", kind=Kind.CHANGED, place_after=Place("params.yaml", 2), children=(leaf("b", 1, 2),))

    assert [row.tally is not None for row in change_rows(branch("params", (node,)))] == [True, False]


# The banner, and waiting.


def test_what_lies_between_is_told_in_words() -> None:
    assert between_words(Between(count=3, undone=1)) == "3 versions between · 1 undone"
    assert between_words(Between(count=3, undone=1), width=80) == "3 between · 1 undone"
    assert between_words(Between(count=1, undone=0)) == "1 version between"
    assert between_words(Between(count=0, undone=0)) == ""
    assert between_words(None) == ""


def test_the_banner_has_the_recipe_where_there_is_room_and_cuts_the_reason_first() -> None:
    banner = Banner(before=ROWS["v1.1.0"], after=ROWS["v1.4.0"], now=NOW, right=("x swap   esc back", "said here"))

    assert "recipe" in text_of(banner.lines(140)[0])
    for width in (60, 80, 140):
        lines = banner.lines(width)
        assert all(width_of(line) == width for line in lines)
        assert text_of(lines[1]).endswith("said here ")
        assert "dev1" in text_of(lines[0])


def test_a_short_wait_is_silent_and_a_long_one_tells_how_far_it_is() -> None:
    progress = Progress(doing="comparing weights.npy", done=1, total=4)

    assert waiting_lines("comparing", 0.0, progress, "ctrl-c") == []
    assert shown(waiting_lines("comparing", 0.2, progress, "ctrl-c")) == ["", " comparing …"]
    assert shown(waiting_lines("comparing", 1.0, progress, "ctrl-c")) == [
        "",
        " comparing weights.npy …  25 %",
        "",
        " ctrl-c stops it",
    ]
