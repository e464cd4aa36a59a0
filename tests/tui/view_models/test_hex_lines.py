"""What a byte is, told by its colour and by its sign."""

from __future__ import annotations

import pytest

from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.hex_lines import HexLook, HexWindow, hex_lines
from mlver_tui.view_models.spans import Line, Tone, text_of

BYTES = bytes([0x41, 0x00, 0x41, 0x0A, 0x7F, 0xFF, 0x80])


def drawn(other: bytes, glyphs: Glyphs = UNICODE) -> Line:
    """The line of A; the cursor stands on the first byte."""
    window = HexWindow(start=0, before=BYTES, after=other, cursor=0)
    return hex_lines(window, HexLook(width=80, height=3, glyphs=glyphs))[0]


def test_each_kind_of_byte_has_its_colour() -> None:
    tones = {span.text: span.tone for span in drawn(BYTES) if len(span.text) == 2}

    assert tones["00"] is Tone.DIM
    assert tones["0a"] is tones["7f"] is Tone.ACCENT
    assert tones["ff"] is tones["80"] is Tone.SIDE_H
    assert [span.tone for span in drawn(BYTES) if span.text == "41"] == [Tone.ACTIVE, Tone.PLAIN]


@pytest.mark.parametrize(("glyphs", "signs"), [(UNICODE, "A·A^^××"), (ASCII, "A.A^^%%")])
def test_each_kind_of_byte_has_its_sign(glyphs: Glyphs, signs: str) -> None:
    assert text_of(drawn(BYTES, glyphs)).rstrip().endswith(signs)


def test_what_differs_has_the_hue_of_its_side_and_a_sign_whatever_it_is() -> None:
    line = drawn(bytes([0x41, 0x01, 0x41]))

    assert {span.tone for span in line if span.text in {"00", "0a", "ff"}} == {Tone.SIDE_A}
    assert text_of(line).count("~") == len(BYTES) - 2
