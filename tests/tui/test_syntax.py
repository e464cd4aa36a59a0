from __future__ import annotations

import pytest

from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver_tui.syntax import MOST_LINE_CHARACTERS, lexer_of
from mlver_tui.view_models.diff_lines import diff_line
from mlver_tui.view_models.diff_rows import DiffLook, DiffRows, DiffText
from mlver_tui.view_models.spans import Tone, text_of
from mlver_tui.view_models.text_diff_lines import text_diff_lines


def pieces(path: str, *lines: str) -> list[list[tuple[str, Tone]]]:
    lexer = lexer_of(path)
    assert lexer is not None
    return [
        [(text[start:end], tone) for start, end, tone in runs] for text, runs in zip(lines, lexer(lines), strict=True)
    ]


def test_keywords_literals_and_comments_are_found_on_their_lines() -> None:
    assert pieces("a/train.py", "def f():", '    """Two', '    lines."""', "    return 1  # why") == [
        [("def", Tone.KEYWORD)],
        [('"""Two', Tone.LITERAL)],
        [('    lines."""', Tone.LITERAL)],
        [("return", Tone.KEYWORD), ("1", Tone.LITERAL), ("# why", Tone.DIM)],
    ]


@pytest.mark.parametrize("path", ["params.yaml", "x.TOML", "Makefile", "Dockerfile", "a.sh", "a.json", "k.cu", "a.r"])
def test_languages_are_known_by_their_names(path: str) -> None:
    assert lexer_of(path) is not None


@pytest.mark.parametrize("path", ["data.csv", "notes", "a.svg", "page.html"])
def test_other_files_have_no_colours(path: str) -> None:
    assert lexer_of(path) is None


def test_a_line_that_nobody_wrote_leaves_the_file_without_colours() -> None:
    assert pieces("a.py", "return 1", "x" * (MOST_LINE_CHARACTERS + 1)) == [[], []]


DIFF = TextDiff(
    lines=(
        DiffLine(LineKind.SAME, "import os", 1, 1),
        DiffLine(LineKind.REMOVED, "    rate = 0.1  # slow", 2, None),
        DiffLine(LineKind.ADDED, "    rate = 0.3  # slow", None, 2),
        DiffLine(LineKind.ADDED, "return None", None, 3),
    ),
    added=2,
    removed=1,
)


@pytest.mark.parametrize("is_side_by_side", [False, True])
def test_a_diff_has_the_colours_of_its_code_and_keeps_its_marks(is_side_by_side: bool) -> None:
    look = DiffLook(is_side_by_side=is_side_by_side)
    rows = DiffRows(DiffText(DIFF, lexer=lexer_of("train.py")), look)
    plain = DiffRows(DiffText(DIFF), look)

    drawn = [diff_line(rows.text, rows[place], 80, look) for place in range(len(rows))]

    assert [text_of(one) for one in drawn] == [
        text_of(diff_line(plain.text, plain[place], 80, look)) for place in range(len(plain))
    ]
    tones = {(span.text.strip(), span.tone) for one in drawn for span in one}
    assert ("import", Tone.KEYWORD) in tones
    assert {("1", Tone.REMOVED), ("3", Tone.ADDED), ("# slow", Tone.DIM)} <= tones
    assert ("return", Tone.KEYWORD) in tones, "a line that is new whole has its colours, its sign says that it is new"


def test_printed_diffs_have_the_colours_of_what_is_the_same_and_the_same_characters() -> None:
    drawn, plain = text_diff_lines("train.py", DIFF, lexer=lexer_of("train.py")), text_diff_lines("train.py", DIFF)

    assert [text_of(one) for one in drawn] == [text_of(one) for one in plain]
    assert any(span.text == "import" and span.tone is Tone.KEYWORD for one in drawn for span in one)
    assert any(span.text == "+return None" and span.tone is Tone.ADDED for one in drawn for span in one)
