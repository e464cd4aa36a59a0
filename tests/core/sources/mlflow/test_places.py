"""Where stores are found: at, in and beside a folder, and in the history of a repository."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mlver.errors import ObjectMissing
from mlver.sources.commits import Commits
from mlver.sources.mlflow.source import MlflowSource
from tests.core.sources.mlflow.conftest import MadeStore
from tests.support.git import RepoBuilder
from tests.support.mlflow_stores import FileStoreWriter

RUN = "0123456789abcdef0123456789abcdef"
SQLITE = b"SQLite format 3\0"


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


@pytest.fixture
def commits(repo: RepoBuilder) -> Iterator[Commits]:
    with repo.open() as repository:
        yield Commits(repository)


def write_store(folder: Path, **more: Any) -> Path:
    writer = FileStoreWriter(folder)
    writer.experiment("0", "Default")
    return writer.run("0", RUN, params={"lr": "0.1"}, **more)


def labels(folder: Path) -> list[str]:
    return [source.label for source in MlflowSource.find(folder)]


def test_stores_are_found_at_in_and_beside_a_folder(tmp_path: Path) -> None:
    inner = tmp_path / "project"
    write_store(tmp_path / "mlruns")
    write_store(inner / "mlruns")
    write_store(inner / "deep" / "down" / "mlruns")
    write_store(inner / "my runs")
    (inner / "mlflow.db").write_bytes(SQLITE)
    (inner / "mine.db").write_bytes(SQLITE)

    assert labels(inner) == ["mlruns", "mlflow.db", "../mlruns"]
    assert labels(inner / "my runs") == ["my runs"]
    assert labels(inner / "mine.db") == ["mine.db"]
    assert labels(inner / "mlruns") == ["mlruns"]
    assert labels(inner / "deep") == ["../mlruns", "../mlflow.db"]


def test_folders_of_artifacts_and_other_files_are_no_stores(tmp_path: Path) -> None:
    (tmp_path / "mlruns" / "1" / "models").mkdir(parents=True)
    (tmp_path / "mlflow.db").write_text("not a database")

    assert labels(tmp_path) == []
    assert labels(tmp_path / "absent") == []


def test_a_file_store_is_read_as_a_commit_has_it(repo: RepoBuilder, commits: Commits) -> None:
    folder = write_store(repo.folder / "mlruns", metrics={"loss": ["1 0.5 0"]})
    (folder / "artifacts" / "a.txt").write_text("one")
    before = repo.commit()
    (folder / "params" / "lr").write_text("0.2")
    (folder / "artifacts" / "a.txt").write_text("second")
    after = repo.commit()

    old, new = (MlflowSource.at_commit(commits, commit) for commit in (before, after))

    assert [run.params for run in (*old.runs(), *new.runs())] == [{"lr": 0.1}, {"lr": 0.2}]
    assert old.label == f"mlruns@{before[:10]}"
    assert old.signature() != new.signature()
    (artifact,) = old.manifest(RUN, "m").artifacts
    assert (artifact.size, str(artifact.checksum)[:4]) == (3, "git:")
    assert old.open_artifact(RUN, artifact) == b"one"
    (curve,) = old.curves(RUN)
    assert curve.values == (0.5,)


def test_a_database_is_read_as_a_commit_has_it(
    repo: RepoBuilder, commits: Commits, made_stores: dict[str, MadeStore], tmp_path: Path
) -> None:
    made = made_stores["database"]
    copy = Path(shutil.copy(made.place, tmp_path / "copy.db"))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    commit = repo.commit({"track/mlflow.db": copy.read_bytes()})

    source = MlflowSource.at_commit(commits, commit, "track/mlflow.db")

    assert [run.stamp for run in source.runs()] == [run.stamp for run in made.source().runs()]
    assert source.manifest(made.run("first"), "m").data != ()


def test_the_code_of_a_run_is_its_commits_where_that_is_here(repo: RepoBuilder, commits: Commits) -> None:
    commit = repo.commit({"train.py": "print()\n"})
    write_store(repo.folder / "mlruns", tags={"mlflow.source.git.commit": commit})
    (source,) = MlflowSource.find(repo.folder, commits)
    (nowhere,) = MlflowSource.find(repo.folder)

    assert list(source.files(RUN)) == ["train.py"]
    assert source.read(RUN, "train.py", 100) == b"print()\n"
    code = source.manifest(RUN, "m").code
    assert (code.commit, code.tree) == (commit, commits.survey(commit).code)
    assert nowhere.manifest(RUN, "m").code.tree is None
    with pytest.raises(ObjectMissing, match=f"the code of run {RUN} is not here: commit {commit[:10]}"):
        nowhere.files(RUN)


def test_a_run_that_names_no_commit_has_no_code(repo: RepoBuilder, commits: Commits) -> None:
    write_store(repo.folder / "mlruns")
    write_store(repo.folder / "elsewhere", tags={"mlflow.source.git.commit": "not a commit"})
    plain, odd = (MlflowSource.find(repo.folder / name, commits)[0] for name in ("mlruns", "elsewhere"))

    with pytest.raises(ObjectMissing, match="does not say which code it ran"):
        plain.read(RUN, "train.py", 100)
    with pytest.raises(ObjectMissing, match="does not say which code it ran"):
        odd.files(RUN)
    code = odd.manifest(RUN, "m").code
    assert (code.commit, code.tree) == (None, None)
