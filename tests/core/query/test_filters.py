"""Filters of a real project: params from the index, files from git."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlver.model.filtering import Around
from mlver.model.note import Notebook
from mlver.project import Project
from mlver.query.searched import SearchedTexts
from tests.support.explorer import digits_rows
from tests.support.git import RepoBuilder
from tests.support.many_versions import record_many


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("filters")
    repo = RepoBuilder.create(folder)
    record_many(repo, 8)
    with Project.open(repo.folder, environment={"HOME": str(folder)}, cache=folder / "cache") as opened:
        yield opened


def found(project: Project, words: str) -> int:
    rows = project.refresh().rows
    by_key = {row.key: row for row in rows}
    narrowed = project.filters.matching(rows, words, Around(now=time.time(), find=by_key.get))
    assert narrowed.unread == 0
    return len(narrowed.rows)


def test_params_and_files_are_asked_of_the_project(project: Project) -> None:
    assert found(project, "param.optimiser.lr=0.1") == 2
    assert found(project, "p.train.epochs>=40 -p.optimiser.lr<0.1") == 2
    assert found(project, "artifact:model.npy data:train") == 8
    assert found(project, "artifact=55555555") == 0
    assert found(project, "author:ada metric.accuracy>0.9") == 7


def test_only_what_rows_cannot_answer_is_slow(project: Project) -> None:
    quick = ["", "lr", "metric.accuracy>=0.9 is:worth", "parent.accuracy>0", "has:stage"]
    slow = ["p.lr=1", "a or -has:param.lr", "artifact:x", "package.numpy=1", "data:train"]
    project.filters.prepare(())

    assert [words for words in [*quick, *slow] if project.filters.is_quick(words, 8)] == quick
    assert project.filters.is_quick("lr 0.1", 10_000)
    assert not project.filters.is_quick("metric.accuracy>0", 10_000)


def test_the_names_of_params_are_known(project: Project) -> None:
    names = project.filters.param_names(project.refresh().rows)

    assert "optimiser.lr" in names
    assert project.filters.completion("p.opt", (), params=names).choices == ("p.optimiser", "p.optimiser.lr")


def test_the_grammar_is_loaded_with_the_first_filter(tmp_path: Path) -> None:
    program = (
        "import sys, mlver.project, mlver.query.filters, mlver.query.narrowing as n; print('lark' in sys.modules);"
        "n.asked_by('a'); print('lark' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["False", "True"]


def test_a_row_that_came_anew_under_its_key_is_searched_anew() -> None:
    texts, row = SearchedTexts(), digits_rows()[0]
    assert "loader" not in texts.of(row, Notebook())

    assert "loader" in texts.of(replace(row, title="Loader"), Notebook())


def test_a_note_is_found_by_its_words_and_its_author_once_the_list_was_looked_at(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    record_many(repo, 3)
    with Project.open(repo.folder, environment=repo.settings.environment, cache=tmp_path / "cache") as opened:
        assert found(opened, "wobbly") == 0
        row = opened.refresh().rows[1]

        opened.write_note(opened.plan_note(row, "the loss is Wobbly"))

        for words in ("wobbly", "note:wobbly", 'note:"ada example"', "has:note", "note=wobbly or note:loss"):
            assert found(opened, words) == 1, words
        assert found(opened, "-has:note") == 2
        assert found(opened, "note!=x") == 3
        assert [note.text for note in opened.notes_of(row).notes] == ["the loss is Wobbly"]


def test_notes_are_read_only_for_filters_that_ask_for_them(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    record_many(repo, 3)
    with Project.open(repo.folder, environment=repo.settings.environment, cache=tmp_path / "cache") as opened:
        assert not opened.filters.is_quick("wobbly", 3)
        assert not opened.filters.is_quick("note:wobbly", 3)
        found(opened, "metric.accuracy>0 has:stage")
        assert not opened.filters.is_quick("wobbly", 3)

        found(opened, "wobbly")

        assert opened.filters.is_quick("wobbly", 3)


def test_filters_that_ask_for_nothing_open_no_repository(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    record_many(repo, 2)
    environment, cache = repo.settings.environment, tmp_path / "cache"
    with Project.open(repo.folder, environment=environment, cache=cache) as opened:
        opened.refresh()
    with Project.open(repo.folder, environment=environment, cache=cache) as opened:
        rows = opened.remembered().rows

        narrowed = opened.filters.matching(rows, "metric.accuracy>0", Around(now=time.time(), find=lambda _key: None))

        assert len(narrowed.rows) == 2
        assert opened._opened is None
