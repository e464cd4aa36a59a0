"""Writing a note from the explorer: the editor, the question, the ref; and why it may not be possible."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from msgspec.structs import replace
from textual.app import SuspendNotSupported

from mlver.errors import BadArgument
from mlver_tui.screens.confirm import ConfirmScreen
from mlver_tui.settings import ExplorerSettings
from tests.support.explorer import HOSTILE, digits_rows, listing
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, screen_lines, settled, still

Suspend = Callable[[], AbstractContextManager[None]]


def settings(edit: Callable[[str], str], **more: Any) -> ExplorerSettings:
    """Those of a user whose editor does that to the text it is given."""
    return still(find_editor=lambda: "ed", edit=lambda _editor, text, _suspend: edit(text), **more)


def said(pilot: Any) -> str:
    return "\n".join(screen_lines(pilot))


async def test_a_note_is_asked_for_shown_and_written_only_when_told_to() -> None:
    project = MemoryProject()
    async with opened(project, settings=settings(lambda text: "scaling restored,\nat last\n" + text)) as pilot:
        await pilot.press(*"jjjj", "m", "n")
        await settled(pilot)

        assert isinstance(pilot.app.screen, ConfirmScreen)
        for part in (
            "note about v1.4.0",
            "scaling restored,",
            "at last",
            "refs/notes/mlver",
            "dev1",
            "mlver note v1.4.0",
        ):
            assert part in said(pilot)
        assert "‹ cancel ›" in said(pilot)
        assert not any(asked.startswith("write_note") for asked in project.asked)

        await pilot.press("right", "enter")
        await settled(pilot)

        assert "write_note scaling restored,\nat last" in project.asked
        assert [one.message for one in pilot.app._notifications] == ["noted v1.4.0"]
        assert "notes  1, last by dev1, just now" in said(pilot)
        await pilot.press("7")
        assert any(line.split()[1:4] == ["note", "dev1", "scaling"] for line in screen_lines(pilot))


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("y",), ("space", "enter"), ("w", "enter")])
async def test_no_other_answer_writes(keys: tuple[str, ...]) -> None:
    project = MemoryProject()
    async with opened(project, settings=settings(lambda _text: "pasted\n")) as pilot:
        await pilot.press("m", "n")
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

        assert not any(asked.startswith("write_note") for asked in project.asked)


async def test_a_text_that_was_not_kept_is_what_the_next_note_begins_with() -> None:
    begun: list[str] = []

    def edit(text: str) -> str:
        begun.append(text)
        return "long thoughts\n" if len(begun) == 1 else text

    async with opened(settings=settings(edit)) as pilot:
        for _ in range(2):
            await pilot.press("m", "n")
            await settled(pilot)
            await pilot.press("escape")
            await settled(pilot)

    assert begun[0].startswith("\n# A note about e07b3a51.2 of digits")
    assert begun[1].startswith("long thoughts\n# A note about")


async def test_no_text_is_no_note() -> None:
    async with opened(settings=settings(lambda text: text)) as pilot:
        await pilot.press("m", "n")
        await settled(pilot)

        assert "the note is empty: nothing was written" in said(pilot)


async def test_an_editor_that_fails_is_told() -> None:
    def fail(_text: str) -> str:
        raise BadArgument("the editor 'ed' ended with 1: nothing was written")

    async with opened(settings=settings(fail)) as pilot:
        await pilot.press("m", "n")
        await settled(pilot)

        assert "the editor 'ed' ended with 1" in said(pilot)


async def test_a_terminal_that_cannot_be_given_away_is_told() -> None:
    def suspend_it(_editor: str, text: str, suspend: Suspend) -> str:
        with suspend():
            return text

    async with opened(settings=still(find_editor=lambda: "ed", edit=suspend_it)) as pilot:
        with pytest.raises(SuspendNotSupported), pilot.app.suspend():
            pass
        await pilot.press("m", "n")
        await settled(pilot)

        assert "mlver note V -m TEXT writes a note" in said(pilot)


async def test_a_note_that_cannot_be_kept_says_why_and_the_text_stays() -> None:
    project, texts = MemoryProject(), []

    def edit(text: str) -> str:
        texts.append(text)
        return "precious\n"

    async with opened(project, settings=settings(edit)) as pilot:
        await pilot.press("m", "n")
        await settled(pilot)
        project.failure = damaged()
        await pilot.press("right", "enter")
        await settled(pilot)
        assert "cannot write the note about e07b3a51.2" in said(pilot)
        project.failure = None
        await pilot.press("R")
        await settled(pilot)
        await pilot.press("m", "n")
        await settled(pilot)

    assert texts[1].startswith("precious\n")


async def test_a_hostile_note_is_shown_harmless_in_the_question_and_the_history() -> None:
    async with opened(settings=settings(lambda _text: HOSTILE), size=(140, 40)) as pilot:
        await pilot.press("m", "n")
        await settled(pilot)
        assert "\\x1b]52" in said(pilot)
        assert "\x1b" not in said(pilot)
        await pilot.press("right", "enter")
        await settled(pilot)
        await pilot.press("7")

        assert "\\x1b]52" in said(pilot)
        assert "\x1b" not in said(pilot)


async def test_it_says_why_it_is_not_possible() -> None:
    mlflow = replace(digits_rows()[0], source="mlflow", commit="ab" * 16, key="mlflow/mlruns/ab")
    cases = [
        (None, still(find_editor=lambda: "ed", is_read_only=True), "read-only: nothing is written"),
        (listing(mlflow), still(find_editor=lambda: "ed"), "an MLflow run is no commit"),
        (None, still(find_editor=lambda: None), "no editor was found: set $VISUAL or $EDITOR"),
    ]
    for now, given, why in cases:
        async with opened(MemoryProject(now), settings=given) as pilot:
            await pilot.press("m")
            await settled(pilot)
            assert why in said(pilot)

            await pilot.press("n")
            await settled(pilot)

            assert why in said(pilot)
