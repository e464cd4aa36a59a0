"""The user's editor: found where the user says it, never where a repository does."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import BadArgument
from mlver_tui.editor import commented, edited, find_editor, without_comments
from tests.support.git import RepoBuilder, scrubbed_environment


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    return scrubbed_environment(home) | more


def script(tmp_path: Path, body: str) -> str:
    """A program that is an editor; `$1` is the file."""
    path = tmp_path / "my editor.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return f"'{path}'"


def test_the_variables_say_it_first(tmp_path: Path) -> None:
    assert find_editor(environment(tmp_path, EDITOR="ed", VISUAL="code --wait")) == "code --wait"
    assert find_editor(environment(tmp_path, EDITOR="ed", VISUAL="  ")) == "ed"


def test_then_gits_setting_of_the_user_says_it(tmp_path: Path) -> None:
    given = environment(tmp_path)
    Path(given["HOME"], ".gitconfig").write_text("[include]\n\tpath = more\n")
    Path(given["HOME"], "more").write_text("[core]\n\teditor = ed -s\n")

    assert find_editor(given) == "ed -s"


def test_a_repositorys_setting_is_never_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.git("config", "core.editor", "touch /tmp/owned")
    monkeypatch.chdir(repo.folder)
    given = environment(tmp_path, GIT_DIR=str(repo.git_dir), GIT_EDITOR="touch /tmp/owned")

    assert "owned" not in (find_editor(given) or "")


def test_a_path_that_is_relative_holds_no_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "true")
    (tmp_path / "my editor.sh").rename(tmp_path / "vi")
    monkeypatch.chdir(tmp_path)

    assert find_editor(environment(tmp_path, PATH=".:")) is None


def test_what_the_editor_leaves_is_the_text(tmp_path: Path) -> None:
    editor = script(tmp_path, 'grep -q "about v1" "$1" && printf "better\\n" > "$1.new" && mv "$1.new" "$1"')

    text = edited(editor, commented(["A note about v1"]), environment(tmp_path))

    assert text == "better\n"


def test_an_editor_with_arguments_gets_the_file_last(tmp_path: Path) -> None:
    editor = script(tmp_path, 'shift; echo "$#" > "$1"')

    assert edited(f"{editor} --wait", "x", environment(tmp_path)) == "1\n"


def test_the_editor_starts_where_no_repository_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    where = edited(script(tmp_path, 'pwd > "$1"'), "", environment(tmp_path)).strip()

    assert Path(where) != tmp_path
    assert not Path(where).exists()


@pytest.mark.parametrize(("editor", "why"), [("no-such-editor-anywhere", "was not found"), ("false", "ended with 1")])
def test_an_editor_that_fails_means_no_note(tmp_path: Path, editor: str, why: str) -> None:
    with pytest.raises(BadArgument, match=why):
        edited(editor, "text", environment(tmp_path))


def test_an_editor_that_takes_the_file_away_leaves_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="left no text"):
        edited(script(tmp_path, 'rm "$1"'), "text", environment(tmp_path))


def test_comments_are_left_out() -> None:
    text = "first\n" + commented(["help", ""]) + "last # not this\n"

    assert without_comments(text) == "first\n\nlast # not this"
