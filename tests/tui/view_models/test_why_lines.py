from __future__ import annotations

from mlver.model.why import Why
from mlver_tui.view_models.glyphs import ASCII
from mlver_tui.view_models.spans import text_of
from mlver_tui.view_models.why_lines import why_lines

WHY = Why(sentences=("consistent with params: lr 0.1 → 0.03, epochs 40 → 60", "these changed together"))


def test_each_sentence_begins_below_the_other() -> None:
    assert [text_of(one) for one in why_lines(WHY, 40)] == [
        "WHY   consistent with params: lr 0.1 →",
        "        0.03, epochs 40 → 60",
        "      these changed together",
    ]


def test_without_a_width_no_line_is_broken_and_arrows_are_ascii_where_they_must() -> None:
    assert text_of(why_lines(WHY, None, ASCII)[0]) == "WHY   consistent with params: lr 0.1 -> 0.03, epochs 40 -> 60"


def test_nothing_stands_where_nobody_asked() -> None:
    assert why_lines(None, 80) == []
    assert why_lines(Why(), 80) == []


def test_names_of_a_repository_cannot_drive_the_terminal() -> None:
    said = text_of(why_lines(Why(sentences=("consistent with code: \x1b[31mx",)), 80)[0])

    assert "\x1b" not in said
