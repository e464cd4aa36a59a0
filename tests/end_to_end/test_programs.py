"""The user's own programs in a real terminal: they get it whole, and the explorer takes it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.terminal import PROGRAMS, Terminal
from tests.support.training import TrainingProject

EXPLORER = str(PROGRAMS / "mlver-tui")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TrainingProject:
    folder = tmp_path_factory.mktemp("programs")
    made = TrainingProject(folder / "toy", folder / "home").create()
    made.run(reason="the only one")
    return made


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def explorer(project: TrainingProject, *options: str, **variables: str) -> Terminal:
    return Terminal(
        (EXPLORER, *options), folder=project.folder, environment={**project.environment, **variables}, size=(100, 40)
    )


def test_the_editor_shows_a_copy_and_the_explorer_comes_back(project: TrainingProject, tmp_path: Path) -> None:
    editor = program(tmp_path, "ed", 'echo "EDITING $(basename "$1") secure=$LESSSECURE"; cat "$1"; read answer')
    with explorer(project, VISUAL=editor) as terminal:
        terminal.wait_for("the only one")
        terminal.type("e")
        terminal.wait_for("params.json")
        terminal.type("jjjjjjjjj\r")
        terminal.wait_for("EDITING params.json secure=1")
        terminal.type("done\r")
        terminal.wait_for("the only one")
        terminal.type("Q")
        assert terminal.wait() == 0


def test_the_pager_gets_the_log_without_escapes(project: TrainingProject, tmp_path: Path) -> None:
    pager = program(tmp_path, "pg", 'echo "PAGING" >&2; cat -v "$1"; read answer')
    with explorer(project, PAGER=pager, VISUAL="false") as terminal:
        terminal.wait_for("the only one")
        terminal.type("e")
        terminal.wait_for("log of the run")
        terminal.type("l")
        text = terminal.wait_for("PAGING")
        assert "^[" not in text
        terminal.type("\r")
        terminal.wait_for("the only one")
        terminal.type("Q")
        assert terminal.wait() == 0


def test_a_ctrl_z_in_the_pager_stops_nothing_that_no_shell_brings_back(
    project: TrainingProject, tmp_path: Path
) -> None:
    pager = program(tmp_path, "pg", 'trap "echo TOLD TO STOP" TSTP; echo PAGING; read answer; read answer')
    with explorer(project, PAGER=pager, VISUAL="false") as terminal:
        terminal.wait_for("the only one")
        terminal.type("e")
        terminal.wait_for("log of the run")
        terminal.type("l")
        terminal.wait_for("PAGING")
        terminal.type("\x1a")
        terminal.wait_for("TOLD TO STOP")
        terminal.type("\r\r")
        terminal.wait_for("the only one")
        terminal.type("Q")
        assert terminal.wait() == 0


def test_a_copy_goes_to_tmux_by_its_own_program(project: TrainingProject, tmp_path: Path) -> None:
    program(tmp_path, "tmux", f'echo "$@" > {tmp_path}/told; cat > {tmp_path}/text')
    path = f"{tmp_path}:{project.environment['PATH']}"
    with explorer(project, TMUX="/tmp/tmux-0/default,1,0", PATH=path) as terminal:
        terminal.wait_for("the only one")
        terminal.settle()  # the refresh after the first rows has the last word in the status line
        terminal.type("y")
        terminal.wait_for("copy to the clipboard")
        terminal.type("m")
        terminal.wait_for("by tmux")
        assert b"\x1b]52" not in terminal._seen
        terminal.type("Q")
        assert terminal.wait() == 0

    assert (tmp_path / "told").read_text() == "load-buffer -w -\n"
    assert (tmp_path / "text").read_text().startswith("mlver show ")


def test_elsewhere_the_terminal_is_told_by_its_sequence(project: TrainingProject) -> None:
    with explorer(project) as terminal:
        terminal.wait_for("the only one")
        terminal.settle()  # the refresh after the first rows has the last word in the status line
        terminal.type("y")
        terminal.wait_for("copy to the clipboard")
        terminal.type("n")
        terminal.wait_for("OSC 52")
        assert b"\x1b]52;c;" in terminal._seen
        terminal.type("Q")
        assert terminal.wait() == 0


def test_without_the_mouse_the_terminal_keeps_it(project: TrainingProject, tmp_path: Path) -> None:
    (tmp_path / "mlver").mkdir()
    (tmp_path / "mlver/config.toml").write_text("mouse = false\n")
    with explorer(project) as terminal:
        terminal.wait_for("the only one")
        assert b"\x1b[?1000h" in terminal._seen
    with explorer(project, XDG_CONFIG_HOME=str(tmp_path)) as terminal:
        terminal.wait_for("the only one")
        assert b"\x1b[?1000h" not in terminal._seen
        terminal.type("Q")
        assert terminal.wait() == 0


@pytest.mark.parametrize(
    ("options", "variables"), [((), {"LC_ALL": "C"}), (("--ascii",), {}), ((), {"LC_ALL": "ja_JP.UTF-8"})]
)
def test_where_only_ascii_can_be_shown_only_ascii_is(
    project: TrainingProject, options: tuple[str, ...], variables: dict[str, str]
) -> None:
    with explorer(project, *options, **variables) as terminal:
        terminal.wait_for("the only one")
        for keys in (":", "\x1b", "?", "\x1b", "y", "\x1b", "@", "\x1b", "E"):
            terminal.type(keys)
            terminal._read(1.0)
            assert terminal._seen.isascii(), terminal.text
