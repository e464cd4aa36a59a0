"""What `i` tells of a row of a comparison: nothing shortened, hostile text shown as text."""

from __future__ import annotations

from mlver.model.change import Change, Kind
from mlver.model.data import Place
from mlver_tui.view_models.change_rows import change_rows
from mlver_tui.view_models.glyphs import ASCII, UNICODE
from mlver_tui.view_models.inspected_change import inspected_change, inspected_metrics
from mlver_tui.view_models.picking import whole_rows
from mlver_tui.view_models.spans import text_of, width_of
from tests.support.explorer import HOSTILE, comparison_of, digits_rows

COMPARISON = comparison_of(*digits_rows()[:2])


def test_a_long_value_stands_on_as_many_lines_as_it_takes() -> None:
    value = "words of a value " * 40
    node = Change(label="note", kind=Kind.CHANGED, before=value, after=None, place_before=Place("params.yaml", 3))
    (row,) = change_rows(Change(label="", kind=Kind.CHANGED, children=(node,)))
    told = inspected_change(row, row.path, COMPARISON)

    made = whole_rows(told, 60, UNICODE)

    said = {one.label: one.shown for one in told}
    assert said["A is"] == "text, params.yaml:3, default of the project"
    assert said["B"] == "null"
    of_a = [text_of(one.line) for place, one in made if told[place].label == "A"]
    assert " ".join("".join(part[10:] + " " for part in of_a).split()) == f'"{value.strip()} "'
    assert max(width_of(one.line) for _, one in made) <= 60


def test_a_branch_tells_what_is_below_it_and_hostile_text_is_text() -> None:
    leaf = Change(label=HOSTILE, kind=Kind.ADDED, after=HOSTILE, is_noise=False)
    top = Change(label="top", kind=Kind.CHANGED, children=(leaf,))
    branch, row = change_rows(Change(label="", kind=Kind.CHANGED, children=(top,)))

    told = {one.label: one.shown for one in inspected_change(branch, branch.path, COMPARISON)}
    assert told == {"name": "top", "sign  ~": "it differs", "change": "below it +1"}
    shown = "".join(text_of(one.line) for _, one in whole_rows(inspected_change(row, row.path, COMPARISON), 80, ASCII))
    assert "\x1b" not in shown
    assert shown.isascii()


def test_metrics_have_all_their_digits_and_say_which_way_is_better() -> None:
    told = [(one.label.strip(), one.shown) for one in inspected_metrics(COMPARISON.metrics[:1])]

    assert [label for label, _ in told] == ["accuracy ★", "A", "B", "Δ", "="]
    assert told[0][1] == "what is judged first; more is better; 0.005 counts as the same"
    assert told[-1][1] == "within the tolerance"
