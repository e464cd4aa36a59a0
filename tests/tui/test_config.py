"""The user's config: what is right counts, what is wrong is named by file, line and key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver_tui.actions import ACTIONS
from mlver_tui.config import Config, ConfigRead, read_config
from mlver_tui.settings import THEME_NAMES
from mlver_tui.themes import THEMES


def read(folder: Path, text: str) -> ConfigRead:
    path = folder / "config.toml"
    path.write_text(text)
    return read_config(path)


def test_a_config_that_is_right(tmp_path: Path) -> None:
    got = read(tmp_path, 'theme = "light"\nascii = true\npoll_seconds = 5\n[keys]\nsort = "O"\nzoom = ["f3", "Z"]\n')

    assert got.problems == ()
    assert (got.config.theme, got.config.is_ascii, got.config.poll_s) == ("light", True, 5.0)
    assert {action.id: action.keys for action in got.config.actions if action.id in {"sort", "zoom"}} == {
        "sort": ("O",),
        "zoom": ("f3", "Z"),
    }


def test_filters_get_names_and_those_that_are_none_are_told(tmp_path: Path) -> None:
    got = read(
        tmp_path, f'[filters]\ngood = "metric.accuracy>=0.95"\n"of Ada" = "author:ada"\nbad = 3\nlong = "{"x" * 501}"\n'
    )

    assert got.config.filters == {"good": "metric.accuracy>=0.95", "of Ada": "author:ada"}
    assert [(problem.line, problem.key) for problem in got.problems] == [(4, "filters.bad"), (5, "filters.long")]


def test_a_file_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    got = read_config(tmp_path / "config.toml")

    assert got == ConfigRead(path=tmp_path / "config.toml")
    assert got.config == Config()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nthem = 'dark'\n", "config.toml:2: them: is no key mlver knows; did you mean theme?"),
        ("[key]\nsort = 'o'\n", "config.toml:1: key: is no key mlver knows; did you mean keys?"),
        ("theme = 'drak'\n", "config.toml:1: theme: must be one of dark, light, colour-blind, red-green, ansi"),
        ("theme = []\n", "config.toml:1: theme: must be one of dark, light, colour-blind, red-green, ansi"),
        ("ascii = 1\n", "config.toml:1: ascii: must be true or false"),
        ("poll_seconds = true\n", "config.toml:1: poll_seconds: must be a number of seconds"),
        ("poll_seconds = nan\n", "config.toml:1: poll_seconds: must be a number of seconds"),
        ("poll_seconds = 0\n", "config.toml:1: poll_seconds: must be 0.5 to 3600 seconds"),
        ("keys = 3\n", "config.toml:1: keys: must be a table: [keys]"),
        ("filters = 'is:dirty'\n", "config.toml:1: filters: must be a table: [filters]"),
        ("[keys]\n\nsortt = 'o'\n", "config.toml:3: keys.sortt: is no action; did you mean sort?"),
        ("[keys]\nsort = 'ctrl-s'\n", "config.toml:2: keys.sort: 'ctrl-s' is reserved: "),
        ("[keys]\nsort = 'd'\n", "config.toml:2: keys.sort: 'd' is compare already, on the versions screen; "),
        ("[keys]\nsort = ['o', 3]\n", "config.toml:2: keys.sort: must be a key or a list of keys"),
        ("[keys]\nsort = ''\n", "config.toml:2: keys.sort: must be a key or a list of keys"),
        ("theme = \n", "config.toml:1: invalid value; the defaults are used"),
    ],
)
def test_what_is_wrong_is_named_and_left_out(tmp_path: Path, text: str, said: str) -> None:
    got = read(tmp_path, text)

    (problem,) = got.problems
    assert problem.text().startswith(said)
    assert got.config == Config()
    assert got.config.actions == ACTIONS


def test_what_is_right_counts_beside_what_is_wrong(tmp_path: Path) -> None:
    got = read(tmp_path, '[keys]\nsort = "O"\nnope = "p"\nzoom = "d"\n')

    assert [problem.line for problem in got.problems] == [3, 4]
    assert next(action.keys for action in got.config.actions if action.id == "sort") == ("O",)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a" * ((1 << 20) + 1), b"[" * 5000, b"a = " + b"9" * 5000])
def test_a_file_that_cannot_be_read_leaves_the_defaults(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)

    got = read_config(tmp_path / "config.toml")

    assert len(got.problems) == 1
    assert got.config == Config()


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.toml")

    (problem,) = read_config(tmp_path / "config.toml").problems

    assert problem.text() == "config.toml: is no file; the defaults are used"


def test_a_relative_place_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text('theme = "light"\n')
    monkeypatch.chdir(tmp_path)

    assert read_config(Path("config.toml")).config == Config()


def test_the_names_of_the_themes_are_the_themes() -> None:
    assert tuple(THEMES) == THEME_NAMES


def test_programs_and_the_mouse_are_the_users(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'mouse = false\neditor = "vim -R"\npager = 3\n[viewer]\nPNG = "feh"\n".npy" = "show-npy --all"\ncsv = ""\n'
    )

    got = read_config(path)

    assert (got.config.has_mouse, got.config.editor, got.config.pager) == (False, "vim -R", None)
    assert got.config.viewers == {"png": "feh", "npy": "show-npy --all"}
    assert [one.key for one in got.problems] == ["pager", "viewer.csv"]
