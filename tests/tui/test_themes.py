"""Each theme has a colour for each tone, and tells apart what must be told apart."""

from __future__ import annotations

import pytest

from mlver_tui.settings import THEME_NAMES
from mlver_tui.themes import ANSI, THEMES, TONE_COLOURS
from mlver_tui.view_models.spans import Tone

_NO_COLOUR = {Tone.PLAIN, Tone.ACTIVE}
_PAIRS = ((Tone.BETTER, Tone.WORSE), (Tone.ADDED, Tone.REMOVED), (Tone.SIDE_A, Tone.SIDE_B))


def test_every_theme_has_a_name_that_can_be_chosen() -> None:
    assert tuple(THEMES) == THEME_NAMES


@pytest.mark.parametrize("name", THEME_NAMES)
def test_every_tone_has_a_colour(name: str) -> None:
    colours = TONE_COLOURS[THEMES[name].name]

    wanted = set(Tone) - _NO_COLOUR - ({Tone.DIM, Tone.BRIGHT} if THEMES[name] is ANSI else set())
    assert wanted <= set(colours)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_opposites_differ_and_no_side_looks_like_a_judgement(name: str) -> None:
    colours = TONE_COLOURS[THEMES[name].name]

    assert all(colours[one] != colours[other] for one, other in _PAIRS)
    assert not {colours[Tone.SIDE_A], colours[Tone.SIDE_B]} & {colours[Tone.BETTER], colours[Tone.WORSE]}
