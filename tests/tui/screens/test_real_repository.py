"""The explorer on a repository whose versions were really trained: seen, compared, replayed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from textual.pilot import Pilot

from mlver_tui.screens.replay import ReplayScreen
from tests.support.screens import opened, screen_lines, settled
from tests.support.training import TrainingProject


def text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def trained(tmp_path: Path) -> TrainingProject:
    """Two versions, the second with another learning rate and other code."""
    made = TrainingProject(tmp_path / "toy", tmp_path / "home").create()
    made.run(reason="baseline")
    made.replace("params.json", '"lr": 0.1', '"lr": 0.3')
    made.replace("train.py", "1e-3", "2e-3")
    made.commit("steeper")
    made.run()
    return made


def break_one(made: TrainingProject) -> None:
    """Give one version a manifest that is no YAML and attacks the terminal."""

    def write(command: str, content: bytes) -> str:
        arguments = ["git", *command.split()]
        done = subprocess.run(arguments, cwd=made.folder, input=content, check=True, capture_output=True)
        return done.stdout.decode().strip()

    blob = write("hash-object -w --stdin", b"mlver: [\x1b]52;c;AAAA\x07")
    folder = write("mktree", f"100644 blob {blob}\tversion.yaml\n".encode())
    tree = write("mktree", f"040000 tree {folder}\t.mlver\n".encode())
    ref = made.git("for-each-ref", "--format=%(refname)", "refs/mlver/runs").split()[0]
    made.git("update-ref", ref, made.git("commit-tree", "-m", "broken", tree).strip())


async def test_a_user_sees_compares_and_replays_what_was_recorded(tmp_path: Path) -> None:
    made = trained(tmp_path)
    with made.opened() as project:
        async with opened(project, size=(100, 30)) as pilot:
            assert "2/2 versions" in screen_lines(pilot)[0]
            assert "baseline" in text(pilot)

            await pressed(pilot, "d")
            assert "better on accuracy" in text(pilot)
            await pressed(pilot, "2", "n")
            assert "optimiser" in text(pilot)
            assert "params.json:3" in text(pilot)
            await pressed(pilot, "4")
            assert "loss, train" in text(pilot)
            await pressed(pilot, "8", "G", "enter")
            assert "2e-3" in text(pilot)
            await pressed(pilot, "escape", "escape", "r")
            assert "python3 train.py" in text(pilot)

            await pilot.press("right", "enter")
            await settled(pilot)
            assert isinstance(pilot.app.screen, ReplayScreen)
            assert "VERDICT  ≡ identical bytes" in text(pilot)
            assert "trained 4 weights" in text(pilot)
            await pressed(pilot, "escape")
            assert "≡1" in screen_lines(pilot)[2]

    assert made.git("status", "--porcelain") == ""
    made.git("fsck", "--strict")


async def test_a_version_recorded_elsewhere_appears_beside_the_cursors(tmp_path: Path) -> None:
    made = trained(tmp_path)
    with made.opened() as project:
        async with opened(project) as pilot:
            await pressed(pilot, "j")
            made.replace("params.json", '"seed": 42', '"seed": 7')
            made.run(reason="another seed")

            pilot.app.screen._look_whether_changed()  # type: ignore[attr-defined]  # what its timer does
            await settled(pilot)

            assert "3/3 versions" in screen_lines(pilot)[0]
            assert "another seed" in screen_lines(pilot)[2]
            assert screen_lines(pilot)[4].startswith("▸")
            assert "baseline" in screen_lines(pilot)[4]


async def test_a_note_written_elsewhere_appears_and_is_found(tmp_path: Path) -> None:
    made = trained(tmp_path)
    with made.opened() as project, made.opened() as elsewhere:
        async with opened(project) as pilot:
            await pressed(pilot, "7")
            row = next(row for row in elsewhere.refresh().rows if row.reason == "baseline")
            elsewhere.write_note(elsewhere.plan_note(row, "the one to beat"))

            pilot.app.screen._look_whether_changed()  # type: ignore[attr-defined]  # what its timer does
            await settled(pilot)
            await pressed(pilot, "/", *"note:beat", "enter")

            assert "1/2 versions" in screen_lines(pilot)[0]
            assert "the one to beat" in text(pilot)

            elsewhere.write_note(elsewhere.plan_note(elsewhere.refresh().rows[0], "does not beat it"))
            pilot.app.screen._look_whether_changed()  # type: ignore[attr-defined]  # what its timer does
            await settled(pilot)

            assert "2/2 versions" in screen_lines(pilot)[0]


async def test_a_broken_manifest_is_one_marked_row(tmp_path: Path) -> None:
    made = trained(tmp_path)
    break_one(made)

    with made.opened() as project:
        async with opened(project) as pilot:
            shown = text(pilot)
            assert "✗ " in shown
            assert "2/2 versions" in screen_lines(pilot)[0]
            assert "\x1b" not in shown
