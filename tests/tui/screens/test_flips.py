"""The rows of the test set that became right or wrong, and what Compare says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.flips import FlipsScreen
from mlver_tui.view_models.glyphs import ASCII
from tests.support.answers import answering
from tests.support.explorer import HOSTILE
from tests.support.goldens import assert_golden
from tests.support.screens import opened, screen_lines, settled, still

FOLDER = Path(__file__).parent / "goldens"


async def press(pilot: Pilot[None], *keys: str) -> list[str]:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return screen_lines(pilot)


PLACES = {
    "80x24": ((80, 24), still()),
    "140x40": ((140, 40), still()),
    "200x60": ((200, 60), still()),
    "ascii": ((80, 24), still(glyphs=ASCII)),
}


@pytest.mark.parametrize("place", PLACES)
async def test_the_summary_tells_both_doubts_the_metrics_the_classes_and_enter_there_the_rows(place: str) -> None:
    (width, height), settings = PLACES[place]
    async with opened(answering(), size=(width, height), settings=settings) as pilot:
        assert_golden(FOLDER, f"flips-summary-{place}", await press(pilot, "d"))
        assert_golden(FOLDER, f"flips-metrics-{place}", await press(pilot, "3", "J" if height > 30 else "ctrl+d"))

        lines = await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FlipsScreen)
        assert_golden(FOLDER, f"flips-{place}", lines)
        assert place != "ascii" or "\n".join(lines).isascii()


async def test_one_class_after_the_other_and_only_what_was_broken() -> None:
    async with opened(answering(), size=(80, 24)) as pilot:
        assert any("all 15 rows" in line for line in await press(pilot, "d", "F"))

        lines = await press(pilot, "]")
        label = next(line.split()[-1] for line in lines if "whose truth is" in line)
        shown = [line for line in lines if line.endswith("-handed")]
        assert shown
        assert {line.replace("▸", " ").split()[2] for line in shown} == {label}

        assert any("all 15 rows" in line for line in await press(pilot, "["))
        lines = await press(pilot, "f", "f")
        assert any("4 rows broken" in line for line in lines)
        assert len([line for line in lines if line.endswith("-handed")]) == 4

        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, CompareScreen)


async def test_without_predictions_the_key_says_why_not() -> None:
    async with opened(size=(80, 24)) as pilot:
        lines = await press(pilot, "d", "F")

        assert isinstance(pilot.app.screen, CompareScreen)
        assert any("no rows of the test set are known to have flipped" in line for line in lines)


async def test_hostile_keys_and_classes_reach_no_terminal() -> None:
    project = answering()
    made = project.predictions
    assert made is not None
    assert made.flips is not None
    row = replace(
        made.flips.rows[0], key=HOSTILE, truth=HOSTILE, before=HOSTILE, after=HOSTILE, part={HOSTILE: HOSTILE}
    )
    by_class = (replace(made.flips.by_class[1], value=HOSTILE), *made.flips.by_class[2:])
    labels = tuple(HOSTILE + str(number) for number in range(10))
    assert made.confusion is not None
    project.predictions = replace(
        made,
        flips=replace(made.flips, rows=(row,), by_class=by_class),
        scores=(replace(made.scores[0], label=HOSTILE),),
        confusion=replace(made.confusion, labels=labels),
    )
    async with opened(project, size=(140, 40)) as pilot:
        for keys in (("d", "3"), ("enter",), ("]",)):
            text = "\n".join(await press(pilot, *keys))
            assert not any(sign in text for sign in ("\x1b", "\x07", "\u202e", "\x9b"))
