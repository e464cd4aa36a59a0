"""Replay: nothing runs before it was chosen; what runs can be stopped; the verdict stays."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec.structs import replace
from textual.pilot import Pilot

from mlver.errors import Interrupted
from mlver.model.replay import ReplayPlan, ReplayRecord
from mlver.model.version import VersionRow
from mlver.progress import ShouldStop, never
from mlver.running.events import RunEvent
from mlver_tui.screens.confirm import ConfirmScreen
from mlver_tui.screens.replay import ReplayScreen
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import HOSTILE, plan_of
from tests.support.explorer_project import MemoryProject, damaged
from tests.support.screens import opened, screen_lines, settled


def text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def test_r_only_opens_a_plan() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")

        assert "python train.py" in text(pilot)
        assert "expected     other bytes are likely: numpy 1.26.4 → 2.4.6" in text(pilot)
        assert "replay" not in project.asked


async def test_pasted_text_and_keys_typed_ahead_run_nothing() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        await pressed(pilot, *"ygGl r", "space", "enter")
        assert isinstance(pilot.app.screen, VersionsScreen)
        await pressed(pilot, "r")
        await pressed(pilot, *"ry", "tab", "enter", "tab", "enter")

        assert "replay" not in project.asked


async def test_go_runs_the_steps_and_shows_log_and_verdict() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        await pressed(pilot, "right", "enter")

        shown = text(pilot)
        assert "VERDICT  ≡ identical bytes" in shown
        assert "✓  train" in shown
        assert "61 MiB" in shown
        assert "\\x1b]52;c;AAAA\\x07 [/nope]" in shown


async def test_the_help_of_a_plan_starts_nothing() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")

        await pressed(pilot, "?", *"run the steps")
        assert "Run the steps" not in text(pilot)
        await pressed(pilot, "down", "enter")
        assert "replay" not in project.asked


async def test_coming_back_from_a_replay_looks_at_the_versions_again() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        await pressed(pilot, "right", "enter")
        asked = project.asked.count("refresh")
        await pressed(pilot, "escape")

        assert isinstance(pilot.app.screen, VersionsScreen)
        assert project.asked.count("refresh") == asked + 1


async def test_obstacles_leave_nothing_to_go() -> None:
    class Stopped(MemoryProject):
        def plan_replay(self, row: VersionRow) -> ReplayPlan:
            return replace(plan_of(row), obstacles=(f"data/digits.csv is not here {HOSTILE}",))

    project = Stopped()
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        assert "✗ data/digits.csv is not here" in text(pilot)
        await pressed(pilot, "right", "right", "enter")

        assert "replay" not in project.asked
        assert isinstance(pilot.app.screen, VersionsScreen)


async def test_a_plan_that_cannot_be_made_is_a_card() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        project.failure = damaged()
        await pressed(pilot, "r")

        assert "✗ cannot plan a replay of e07b3a51.2" in text(pilot)
        assert "‹ Back ›" in text(pilot)


async def test_a_running_replay_is_stopped_only_after_asking() -> None:
    project = MemoryProject()
    started, may_end = threading.Event(), threading.Event()

    def run(should_stop: ShouldStop) -> None:
        started.set()
        while not may_end.wait(0.01):
            if should_stop():
                raise Interrupted("stopped", hint="nothing was kept")

    project.on_replay = run
    async with opened(project) as pilot:
        try:
            await pressed(pilot, "r")
            await pilot.press("right", "enter")
            assert started.wait(10)
            screen = pilot.app.screen
            assert isinstance(screen, ReplayScreen)
            for key in ("ctrl+c", "escape", "ctrl+x", "q", "Q"):
                await pilot.press(key)
                await pilot.pause()
                assert isinstance(pilot.app.screen, ConfirmScreen), key
                await pilot.press("y", "enter")
                await pilot.pause()
                assert screen.is_replaying, key
            await pilot.press("ctrl+x", "right", "enter")
            await settled(pilot)

            assert not screen.is_replaying
            assert "stopped: nothing was kept" in text(pilot)
        finally:
            may_end.set()


async def test_the_question_names_what_it_would_stop_and_goes_when_that_has_ended() -> None:
    project = MemoryProject()
    started, may_end = threading.Event(), threading.Event()

    def run(_should_stop: ShouldStop) -> None:
        started.set()
        may_end.wait(10)

    project.on_replay = run
    async with opened(project) as pilot:
        try:
            await pressed(pilot, "r")
            await pilot.press("right", "enter")
            assert started.wait(10)
            await pilot.pause(0.05)
            assert "Go: run these steps" not in text(pilot)
            await pilot.press("ctrl+x")
            await pilot.pause(0.05)
            assert "Stop the replay of e07b3a51.2?" in text(pilot)
            assert "‹ Let it run ›" in text(pilot)
        finally:
            may_end.set()
        await settled(pilot)
        await pilot.pause(0.05)

        assert isinstance(pilot.app.screen, ReplayScreen)
        assert "VERDICT  ≡ identical bytes" in text(pilot)
        assert "Stop the replay" not in text(pilot)
        assert "stopp" not in text(pilot)


async def test_leaving_the_app_ends_a_running_replay() -> None:
    project = MemoryProject()
    started, stopped = threading.Event(), threading.Event()

    def run(should_stop: ShouldStop) -> None:
        started.set()
        for _ in range(1000):
            if should_stop():
                stopped.set()
                raise Interrupted("stopped")
            threading.Event().wait(0.01)

    project.on_replay = run
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        await pilot.press("right", "enter")
        assert started.wait(10)
        pilot.app.exit()

    assert stopped.wait(10)


async def test_a_long_verdict_is_read_to_its_end() -> None:
    class Long(MemoryProject):
        def replay(
            self, plan: ReplayPlan, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
        ) -> ReplayRecord:
            record = super().replay(plan, on_event=on_event, should_stop=should_stop)
            (metric,) = record.metrics
            return replace(record, metrics=tuple(replace(metric, name=f"metric-{number}") for number in range(20)))

    async with opened(Long()) as pilot:
        await pressed(pilot, "r")
        await pressed(pilot, "right", "enter")
        assert "more below: j k" in screen_lines(pilot)[0]
        assert "metric-19" not in text(pilot)
        below = int(screen_lines(pilot)[0].partition(" more below: j k")[0].split()[-1])
        assert f"… {below} more below" in text(pilot)

        await pressed(pilot, "G")
        assert "metric-19" in text(pilot)
        assert "above: j k" in screen_lines(pilot)[0]

        await pressed(pilot, "g", "j")
        assert "1 above, " in screen_lines(pilot)[0]


async def test_tab_leaves_the_focus_on_the_choices() -> None:
    project = MemoryProject()
    async with opened(project) as pilot:
        await pressed(pilot, "r")
        await pressed(pilot, "tab", "right", "enter")

        assert "replay" in project.asked


async def test_enter_waits_for_the_plan_and_movement_is_done_when_it_is_there() -> None:
    project, is_planned = MemoryProject(), threading.Event()
    plan = plan_of(project.listing.rows[0])
    long = replace(plan, drift=tuple(f"package {index}" for index in range(60)))

    def late(row: VersionRow) -> ReplayPlan:  # noqa: ARG001 - as the project has it
        is_planned.wait(10)
        return long

    project.plan_replay = late  # type: ignore[method-assign]  # a plan that takes its time
    async with opened(project) as pilot:
        await pilot.press("r", "enter", "right", "enter", "G")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReplayScreen)
        is_planned.set()
        await settled(pilot)

        assert isinstance(pilot.app.screen, ReplayScreen)
        assert "replay" not in project.asked
        assert "makes models/" in text(pilot)
