"""A log reaches the screen as text with colours, whatever a program wrote."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.view_models.logs import LONGEST_LINE, LogLines, shown_log_line

SGR = re.compile(r"\x1b\[[0-9;:]*m")


def test_only_colours_stay() -> None:
    assert (
        shown_log_line("\x1b[1;31mred\x1b[0m \x1b[2J \x1b]0;title\x07")
        == "\x1b[1;31mred\x1b[0m \\x1b[2J \\x1b]0;title\\x07"
    )


def test_what_a_carriage_return_overwrote_is_gone() -> None:
    assert shown_log_line("10%\r50%\r100%\r") == "100%"


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_any_bytes_in_any_pieces_become_the_same_printable_lines(parts: list[bytes]) -> None:
    at_once, in_pieces = LogLines(), LogLines()

    whole = [*at_once.feed(b"".join(parts)), *at_once.finish()]
    pieces = [line for part in parts for line in in_pieces.feed(part)]
    pieces += in_pieces.finish()

    assert pieces == whole
    assert all(SGR.sub("", line).isprintable() for line in whole)


def test_a_line_without_end_is_bounded() -> None:
    log = LogLines()

    for _ in range(50):
        assert log.feed(b"x" * 10_000) == []

    assert len(log.finish()[0]) <= LONGEST_LINE
