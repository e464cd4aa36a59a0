"""What the explorer is told at its start: options, the user's config, and never a repository's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver_tui.actions import ACTIONS
from mlver_tui.commands.console import Console
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.settings import Settings
from mlver_tui.commands.wishes import Wishes, explorer_settings
from mlver_tui.settings import ExplorerSettings
from tests.support.training import TrainingProject

CONFIG = 'theme = "light"\nascii = true\npoll_seconds = 9\n[keys]\nsort = "O"\neditor = "rm -rf ~"\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


def settings_in(folder: Path, wishes: Wishes = Wishes(), **variables: str) -> ExplorerSettings:  # noqa: B008 - frozen
    environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", **variables}
    settings = Settings(environment=environment, folder=folder)
    return explorer_settings(Invocation(settings=settings, console=Console(settings), folder=folder), folder, wishes)


def write(path: Path, text: str = CONFIG) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_users_config_counts(home: Path, tmp_path: Path) -> None:
    write(home / ".config/mlver/config.toml")

    got = settings_in(tmp_path)

    assert (got.theme, got.glyphs.is_ascii, got.poll_s) == ("light", True, 9)
    assert got.actions != ACTIONS
    assert got.complaints == ("config.toml:6: keys.editor: is no action; did you mean edit?",)


def test_the_variable_says_where_configs_lie(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    write(home / ".config/mlver/config.toml", 'theme = "ansi"\n')
    write(tmp_path / "elsewhere/mlver/config.toml", 'theme = "light"\n')

    assert settings_in(tmp_path).theme == "light"


def test_options_come_before_the_config_and_colours_only_where_they_are_wanted(home: Path, tmp_path: Path) -> None:
    write(home / ".config/mlver/config.toml")

    assert settings_in(tmp_path, Wishes(theme="dark")).theme == "dark"
    assert settings_in(tmp_path, NO_COLOR="1").theme == "ansi"
    assert settings_in(tmp_path, Wishes(is_read_only=True)).is_read_only


@pytest.mark.usefixtures("home")
def test_where_there_are_sixteen_colours_they_are_the_terminals_own(tmp_path: Path) -> None:
    assert settings_in(tmp_path).theme == "dark"
    assert settings_in(tmp_path, TERM="xterm").theme == "ansi"
    assert settings_in(tmp_path, TERM="xterm", COLORTERM="truecolor").theme == "dark"
    assert settings_in(tmp_path, Wishes(theme="dark"), TERM="xterm").theme == "dark"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("place", [".", ".mlver", "mlver", ".config/mlver", ".git/mlver", ".git"])
def test_a_repositorys_files_define_nothing(
    fresh: TrainingProject, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_config = fresh.folder / ".git" / "config"
    git_config.write_text(git_config.read_text() + '[mlver]\n\ttheme = light\n\teditor = "rm -rf ~"\n')
    for name in ("config.toml", "mlver.toml", ".mlver.toml"):
        write(fresh.folder / place / name)
    text = (fresh.folder / "mlver.yaml").read_text()
    (fresh.folder / "mlver.yaml").write_text(text + "\ntheme: light\nascii: true\nkeys: {sort: o}\neditor: rm\n")
    # A variable that names a place relative to where one stands would be one in the repository.
    monkeypatch.setenv("XDG_CONFIG_HOME", ".config")
    monkeypatch.chdir(fresh.folder)

    got = settings_in(fresh.folder)

    assert (got.theme, got.glyphs.is_ascii, got.poll_s) == ("dark", False, 2.0)
    assert got.actions is ACTIONS
    assert got.complaints == ()


@pytest.mark.usefixtures("home")
def test_commands_name_the_place_only_where_they_would_take_another(tmp_path: Path) -> None:
    top, below, store = tmp_path / "repo", tmp_path / "repo" / "part", tmp_path / "mlflow.db"
    below.mkdir(parents=True)
    store.touch()

    def place(stands: Path, opened: Path, repository: Path) -> str:
        settings = Settings(environment={"TERM": "xterm"}, folder=stands)
        return explorer_settings(
            Invocation(settings=settings, console=Console(settings), folder=opened), repository, Wishes()
        ).place

    assert [place(below, below, top), place(top, below, top), place(top, top, top)] == ["", "", ""]
    assert place(tmp_path, below, top) == str(below)
    assert place(tmp_path, store, tmp_path) == str(store)
