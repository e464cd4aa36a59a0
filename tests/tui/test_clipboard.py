"""The route to the clipboard is the one that works where mlver runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver_tui.clipboard import SEQUENCE, Route, clean, give, route_of


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with programs that write what they are told beside themselves."""
    for name in ("tmux", "xclip", "xsel", "wl-copy", "pbcopy"):
        path = tmp_path / name
        path.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/{name}.told\ncat > {tmp_path}/{name}.text\n')
        path.chmod(0o755)
    return tmp_path


def told(programs: Path, **variables: str) -> str:
    return route_of({"PATH": str(programs), **variables}, platform="linux").name


def test_tmux_comes_first_then_what_the_desktop_has_then_the_terminal(programs: Path) -> None:
    assert told(programs, TMUX="/tmp/tmux-0/default,1,0", SSH_TTY="/dev/pts/1", DISPLAY=":0") == "by tmux"
    assert told(programs, DISPLAY=":0") == "by xclip"
    assert told(programs, DISPLAY=":0", WAYLAND_DISPLAY="wayland-0") == "by wl-copy"
    assert told(programs, DISPLAY=":0", SSH_CONNECTION="1 2 3 4") == SEQUENCE.name
    assert told(programs) == SEQUENCE.name
    assert route_of({"PATH": str(programs)}, platform="darwin").name == "by pbcopy"
    (programs / "xclip").unlink()
    assert told(programs, DISPLAY=":0") == "by xsel"
    assert route_of({"TMUX": "1", "PATH": "/nowhere"}) is SEQUENCE


def test_a_program_of_the_repository_is_none(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(programs)

    assert route_of({"TMUX": "1", "PATH": "."}) is SEQUENCE


def test_the_program_is_given_the_text_as_it_is(programs: Path) -> None:
    environment = {"TMUX": "1", "PATH": f"{programs}:/usr/bin:/bin"}

    assert give(route_of(environment), "v1.4.0 → ü\nzwei", environment) == ""
    assert (programs / "tmux.told").read_text() == "load-buffer -w -\n"
    assert (programs / "tmux.text").read_text() == "v1.4.0 → ü\nzwei"


def test_what_goes_wrong_is_said(programs: Path) -> None:
    (programs / "bad").write_text("#!/bin/sh\nexit 3\n")
    (programs / "bad").chmod(0o755)

    assert give(Route("by bad", (str(programs / "bad"),)), "x", {"PATH": "/bin"}).endswith("bad ended with 3")
    assert "cannot be started" in give(Route("by none", ("/nowhere/none",)), "x", {"PATH": "/bin"})


def test_nothing_a_terminal_would_obey_is_copied() -> None:
    assert clean("a\x1b]52;c;AA\x07b\u202ec\r\x00\td\ne") == "a]52;c;AAbc\td\ne"
