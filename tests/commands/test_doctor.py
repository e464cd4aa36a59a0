"""`mlver doctor` says what is in order and what is not, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver_tui.commands.programs import Answer, ask_version
from tests.commands.conftest import HOSTILE
from tests.support.commands import Ran, Shell
from tests.support.training import TrainingProject


@pytest.fixture
def shell(recorded: TrainingProject, tmp_path: Path) -> Shell:
    """A shell whose user has a home of their own."""
    return Shell(recorded.folder, recorded.environment, HOME=str(tmp_path / "home"))


def findings(ran: Ran) -> dict[str, dict[str, str]]:
    return {finding["subject"]: finding for finding in ran.document["findings"]}


def write_config(shell: Shell, text: str) -> None:
    path = Path(shell.environment["HOME"]) / ".config/mlver/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_where_all_is_well_it_gives_0(shell: Shell, recorded: TrainingProject) -> None:
    ran = shell.mlver("doctor", at_terminal=True)

    assert ran.code == 0, ran.out
    assert not any(line.startswith("wrong") for line in ran.lines)
    got = findings(shell.mlver("doctor", "--json"))
    assert got["git"]["said"].startswith("git version ")
    assert got["index"]["said"] == str(recorded.folder / ".git/mlver/index.sqlite")
    assert got["python"]["verdict"] == "ok"
    assert got["state"]["said"] == f"{shell.environment['HOME']}/.local/state/mlver"


def test_it_writes_no_folder_of_the_users(shell: Shell) -> None:
    shell.mlver("doctor")

    assert not Path(shell.environment["HOME"]).exists()


def test_a_config_that_is_wrong_is_named_by_line_and_key(shell: Shell) -> None:
    write_config(shell, '[keys]\nsort = "O"\nsortt = "p"\nzoom = "d"\n')

    ran = shell.mlver("doctor")

    assert ran.code == 1
    assert "config.toml:3: keys.sortt: is no action\n                    did you mean sort?" in ran.out
    assert "config.toml:4: keys.zoom: 'd' is compare already, on the versions screen" in ran.out


def test_hostile_words_are_made_showable(shell: Shell, tmp_path: Path) -> None:
    written = "".join(f"\\u{ord(letter):04x}" for letter in HOSTILE)
    write_config(shell, f'"{written}" = 1\n')
    program(tmp_path / "bin", "uv", r"printf 'uv \033]52;c;aGk=\007 1.0\n'")

    ran = shell.with_variables(PATH=f"{tmp_path / 'bin'}:{shell.environment['PATH']}").mlver("doctor")

    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_terminals_that_cannot_show_the_explorer_are_wrong(shell: Shell) -> None:
    assert "wrong    terminal   TERM is dumb" in shell.with_variables(TERM="dumb").mlver("doctor", at_terminal=True).out

    small = shell.with_variables(COLUMNS="50", LINES="10", NO_COLOR="1").mlver("doctor", at_terminal=True)
    assert small.code == 1
    assert "wrong    size       50x10" in small.out


def test_colours_signs_and_clipboard_go_by_the_variables(shell: Shell) -> None:
    def said(**variables: str) -> tuple[str, str, str]:
        cleared = {"TMUX": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
        got = findings(shell.with_variables(**cleared, **variables).mlver("doctor", "--json"))
        return got["colours"]["said"], got["signs"]["verdict"], got["clipboard"]["hint"]

    assert said(COLORTERM="truecolor") == ("16 million", "ok", "")
    assert said(NO_COLOR="1", LC_ALL="C") == ("none: NO_COLOR is set", "missing", "")
    assert said(TERM="xterm")[0] == "16"
    assert said(TERM="tmux-256color")[0] == "256"


def test_the_way_to_the_clipboard_and_the_users_programs_are_named(shell: Shell, tmp_path: Path) -> None:
    program(tmp_path / "bin", "tmux", "")
    program(tmp_path / "bin", "more", "")
    (tmp_path / "bin" / "less").symlink_to("more")
    alone = {"PATH": str(tmp_path / "bin"), "VISUAL": "", "EDITOR": "", "PAGER": ""}
    got = findings(shell.with_variables(**alone, TMUX="/tmp/tmux-0/default,1,0").mlver("doctor", "--json"))
    assert got["clipboard"]["said"] == f"by tmux: {tmp_path}/bin/tmux load-buffer -w -"
    assert got["editor"]["verdict"] == "missing"
    assert got["pager"]["said"] == f"{tmp_path}/bin/more  found on PATH: less"
    assert "viewers" not in got

    write_config(shell, 'editor = "vim -R"\n[viewer]\npng = "feh"\n')
    got = findings(shell.with_variables(PAGER="most", PATH="/nowhere").mlver("doctor", "--json"))
    told = [got[subject]["said"] for subject in ("editor", "pager", "viewers")]
    assert told == ["the config: vim -R", "$PAGER: most", ".png feh"]
    without = shell.with_variables(TMUX="/tmp/tmux-0/default,1,0", PATH="/nowhere").mlver("doctor", "--json")
    assert "set-clipboard on" in findings(without)["clipboard"]["hint"]


def test_without_git_something_is_wrong_and_without_the_others_it_is_only_missing(shell: Shell, tmp_path: Path) -> None:
    ran = shell.with_variables(PATH=str(tmp_path)).mlver("doctor", "--json")

    assert ran.code == 1
    verdicts = {name: finding["verdict"] for name, finding in findings(ran).items()}
    assert [name for name, verdict in verdicts.items() if verdict == "wrong"] == ["git"]
    assert {name for name in ("git-lfs", "uv", "ssh") if verdicts[name] == "missing"} == {"git-lfs", "uv", "ssh"}


def test_outside_of_a_repository_only_the_index_is_missing(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    got = findings(Shell(tmp_path / "empty", shell.environment).mlver("doctor", "--json"))

    assert got["index"]["verdict"] == "missing"


def test_a_state_folder_that_cannot_be_one_is_wrong(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    ran = shell.with_variables(XDG_STATE_HOME=str(tmp_path / "file")).mlver("doctor", "--json")

    assert findings(ran)["state"]["verdict"] == "wrong"


def test_a_program_that_fails_or_is_mute_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    program(folder, "failing", "exit 3")
    program(folder, "broken", "")
    (folder / "broken").write_text("#!/nowhere\n")
    environment = {"PATH": str(folder)}

    assert ask_version(["failing"], environment).problem == "ends with 3 when asked for its version"
    assert ask_version(["broken"], environment).problem.startswith("cannot be started")
    assert ask_version(["nowhere"], environment) == Answer()


def test_a_program_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlver_tui.user_programs._PATIENCE_S", 0.2)
    program(tmp_path / "bin", "hanging", "exec sleep 20")

    answer = ask_version(["hanging"], {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"})

    assert "says nothing" in answer.problem


def test_no_program_of_the_repository_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "git", "touch was-here; echo git version 9")
    monkeypatch.chdir(tmp_path)

    for path in ("bin", "./bin", "", "."):
        assert ask_version(["git", "--version"], {"PATH": path}) == Answer()
    assert not (tmp_path / "was-here").exists()
