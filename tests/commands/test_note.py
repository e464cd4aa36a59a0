from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import HOSTILE, shell_of
from tests.commands.test_documentation import check
from tests.support.commands import Shell
from tests.support.foreign_repos import plain_files
from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.mlflow_stores import FileStoreWriter
from tests.support.training import TrainingProject


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """A repository that mlver recorded nothing in, with one version."""
    built = RepoBuilder.create(tmp_path)
    built.commit(plain_files())
    return built


@pytest.fixture
def shell(repo: RepoBuilder, tmp_path: Path) -> Shell:
    return Shell(repo.folder, scrubbed_environment(repo.home), XDG_CACHE_HOME=str(tmp_path / "cache"))


def texts(shell: Shell) -> list[str]:
    return [note["text"] for note in shell.mlver("note", "latest", "--list", "--json").document["notes"]]


def test_a_note_is_written_and_listed(shell: Shell) -> None:
    wrote = shell.mlver("note", "latest", "-m", "looks good", "-m", "but slow")

    assert (wrote.code, wrote.err) == (0, "")
    assert wrote.out == f"noted {shell.mlver('list', '--json').document['versions'][0]['name']}, its note number 1\n"
    listed = shell.mlver("note", "latest", "--list")
    assert listed.lines == ["Ada Example  just now", "     looks good", "", "     but slow"]


def test_git_shows_what_was_noted_and_so_does_show(repo: RepoBuilder, shell: Shell) -> None:
    shell.mlver("note", "latest", "-m", "looks good")

    assert json.loads(repo.git("notes", "--ref=mlver", "show", "HEAD"))["text"] == "looks good"
    assert "HISTORY" in shell.mlver("show", "latest").out
    assert "looks good" in shell.mlver("show", "latest").out
    document = shell.mlver("show", "latest", "--json").document
    check(document, "show", "show")
    assert document["notes"][0]["author"] == {"name": "Ada Example", "email": "ada@example.org"}


def test_a_note_is_found_by_a_filter(shell: Shell) -> None:
    shell.mlver("note", "latest", "-m", "Wobbly loss")

    assert len(shell.mlver("list", "--where", "note:wobbly", "--json").document["versions"]) == 1
    assert shell.mlver("list", "--where", "note:steady", "--json").document["versions"] == []


def test_writing_as_json_gives_the_notes_with_the_new_one(shell: Shell) -> None:
    document = shell.mlver("note", "latest", "-m", "one", "--json").document

    check(document, "note V", "note V")
    assert [note["text"] for note in document["notes"]] == ["one"]


@pytest.mark.parametrize("arguments", [("-m", ""), ("-m", "  \n ")])
def test_an_empty_note_is_refused(shell: Shell, arguments: tuple[str, ...]) -> None:
    ran = shell.mlver("note", "latest", *arguments)

    assert (ran.code, ran.out) == (2, "")
    assert "the note is empty" in ran.err
    assert texts(shell) == []


def test_a_hostile_note_reaches_no_terminal_raw(shell: Shell) -> None:
    shell.mlver("note", "latest", "-m", HOSTILE)

    for ran in (shell.mlver("note", "latest", "--list"), shell.mlver("show", "latest")):
        assert "\x1b" not in ran.out
        assert "\\x1b]52" in ran.out


def test_without_a_terminal_the_text_must_be_said(shell: Shell) -> None:
    ran = shell.mlver("note", "latest")

    assert ran.code == 2
    assert "no terminal for an editor" in ran.err
    assert "-m TEXT" in ran.err


def test_listing_and_writing_at_once_is_a_mistake(shell: Shell) -> None:
    assert shell.mlver("note", "latest", "--list", "-m", "x").code == 2


def test_a_line_that_is_no_note_is_told_and_makes_the_answer_incomplete(repo: RepoBuilder, shell: Shell) -> None:
    repo.git("notes", "--ref=mlver", "add", "-m", "plain", "HEAD")
    shell.mlver("note", "latest", "-m", "one")

    ran = shell.mlver("note", "latest", "--list")

    assert ran.code == 4
    assert "one" in ran.out
    assert "is no note: it is no JSON" in ran.err


def test_a_recorded_run_can_have_notes_too(fresh: TrainingProject) -> None:
    fresh.run()

    assert shell_of(fresh).mlver("note", "latest", "-m", "the first").code == 0
    assert "1, last by dev1, just now" in shell_of(fresh).mlver("show", "latest").out


def test_an_mlflow_run_says_why_it_has_none(tmp_path: Path) -> None:
    store = FileStoreWriter(tmp_path / "mlruns")
    store.experiment("1", "digits")
    store.run("1", "ab" * 16, run_name="wise-owl")
    shell = Shell(tmp_path, scrubbed_environment(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))

    ran = shell.mlver("note", "wise-owl", "-m", "x")

    assert ran.code == 2
    assert "an MLflow run is no commit" in ran.err
    assert shell.mlver("note", "wise-owl", "--list").code == 0


def test_a_card_has_the_notes_and_nothing_in_them_is_markup(shell: Shell) -> None:
    shell.mlver("note", "latest", "-m", HOSTILE + "\nsecond line")

    card = shell.mlver("show", "latest", "--format", "md").out

    assert "**notes**" in card
    assert "second line" in card
    assert "\x1b" not in card
    row = next(line for line in card.splitlines() if "second line" in line)
    assert row.count("|") - row.count("\\|") == 4


def test_a_note_about_a_param_stands_where_the_param_is_compared(fresh: TrainingProject) -> None:
    fresh.run()
    fresh.replace("params.json", '"lr": 0.1', '"lr": 0.03')
    fresh.commit("a smaller step")
    fresh.run()
    shell = shell_of(fresh)
    shell.mlver("note", "latest^", "-m", "lr 0.1 is where it starts to swing " + HOSTILE)

    ran = shell.mlver("diff", "latest", "--key", "optimiser.lr")
    document = shell.mlver("diff", "latest", "--key", "optimiser.lr", "--json").document

    assert any(line.split()[:2] == ["note", "dev1,"] and "starts to swing" in line for line in ran.lines)
    assert "\x1b" not in ran.out
    check(document, "diff --key", "diff --key")
    assert document["note"]["author"]["name"] == "dev1"
    assert shell.mlver("diff", "latest", "--key", "model.hidden", "--json").document["note"] is None
