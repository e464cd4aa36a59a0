"""Text from a repository cannot reach the terminal as anything but text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mlver_tui.view_models.text import ascii_only, cell_width, cut, cut_start, padded, sanitise, sanitise_lines


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b]52;c;AAAA\x07", "\\x1b]52;c;AAAA\\x07"),
        ("\x9b2J", "\\x9b2J"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("no\xa0break\u3000wide", "no break  wide"),
        ("e\u0301", "e\u0301"),
        ("[/nope] [bold]x", "[/nope] [bold]x"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(given_text: str, shown: str) -> None:
    assert sanitise(given_text) == shown


@given(st.text())
def test_sanitised_text_is_one_printable_line_and_stays_as_it_is(text: str) -> None:
    shown = sanitise(text)

    assert shown.isprintable()
    assert sanitise(shown) == shown
    shown.encode()


def test_marks_piled_on_one_letter_become_visible() -> None:
    shown = sanitise("a" + "\u0301" * 1000)

    assert cell_width(shown) > 1000


def test_lines_of_a_file_keep_their_indentation_and_lose_their_line_ends() -> None:
    assert sanitise_lines("a\r\n\tb\x0c\nc") == ["a", "    b\\x0c", "c"]


@given(st.text(st.characters(exclude_categories=("Cs", "Co", "Cn", "Cc", "Cf", "Zl", "Zp"))), st.integers(0, 30))
def test_cut_and_padded_text_never_leaves_its_cells(text: str, width: int) -> None:
    assert cell_width(cut(text, width)) <= width
    assert cell_width(cut_start(text, width)) <= width
    assert cell_width(padded(text, width)) == width


@pytest.mark.parametrize("text", ["−0.0056", "1\u2009437", "≡3", "日本語", "e\u0301", "한글", "ｱ", "▸●▲▼·", "⠙⣆", "😀"])
def test_widths_agree_with_the_terminal_library(text: str) -> None:
    assert cell_width(text) == cell_len(text)


def test_what_is_cut_leaves_an_ellipsis() -> None:
    assert cut("warm-up (uncommitted)", 8) == "warm-up…"
    assert cut_start("models/weights.npy", 8) == "…hts.npy"
    assert padded("日本語", 4) == "日… "
    assert padded("7", 3, right=True) == "  7"


def test_an_ascii_terminal_gets_ascii() -> None:
    assert ascii_only("lr 0.1 → 0.3") == "lr 0.1 \\u2192 0.3"
