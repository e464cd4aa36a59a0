from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.commands.live_output import LiveOutput
from mlver_tui.view_models.glyphs import ASCII, UNICODE


def live(*, at_terminal: bool = True, has_colours: bool = True) -> LiveOutput:
    return LiveOutput(UNICODE, at_terminal=at_terminal, has_colours=has_colours)


def shown(output: LiveOutput, *pieces: bytes) -> str:
    return "".join([*map(output.feed, pieces), output.finish()])


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pieces_may_break_anywhere(size: int) -> None:
    data = "ä \x1b[1;31mred\x1b[0m\r\n50 %\r100 %\nend\n".encode()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]

    assert shown(live(), *pieces) == "ä \x1b[1;31mred\x1b[0m\n50 %\r100 %\nend\n\x1b[0m"


def test_only_colours_reach_the_terminal() -> None:
    assert (
        shown(live(), b"\x1b]52;c;aGk=\x07\x1b[2J\x1b[3;4Hx\x00\n") == "\\x1b]52;c;aGk=\\x07\\x1b[2J\\x1b[3;4Hx\\x00\n"
    )


def test_without_a_terminal_there_are_no_colours_and_a_return_ends_the_line() -> None:
    output = live(at_terminal=False, has_colours=False)

    assert shown(output, b"\x1b[31m1 %\r2 %\r\n") == "1 %\n2 %\n"


def test_a_line_that_was_left_open_is_ended() -> None:
    assert shown(live(), b"no end") == "no end\n"


def test_what_is_no_text_is_shown_as_bytes() -> None:
    assert shown(live(), b"\xff\xfe\n") == "\\xff\\xfe\n"


def test_ascii_terminals_get_ascii() -> None:
    output = LiveOutput(ASCII, at_terminal=True, has_colours=False)

    assert shown(output, "ä\n".encode()) == "\\xe4\n"


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_no_bytes_get_through_as_a_command(pieces: list[bytes]) -> None:
    text = shown(live(has_colours=False), *pieces)

    assert all(character.isprintable() or character in "\n\r" for character in text)
