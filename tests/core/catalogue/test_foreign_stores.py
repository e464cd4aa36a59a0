"""MLflow stores at, in and beside a folder, in the list of versions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mlver.catalogue.opening import find_opened
from mlver.catalogue.run_notes import first_line
from mlver.errors import NotARepository, VersionAmbiguous, VersionNotFound
from mlver.model.scope import Scope
from mlver.project import Project
from tests.support.foreign_repos import listing_of, opened, plain_files
from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.mlflow_stores import FIRST_MILLISECOND, FileStoreWriter, run_script

FIRST, SECOND, THIRD = (digit * 32 for digit in "abc")

DATABASE = """
import mlflow
mlflow.set_tracking_uri("sqlite:///" + sys.argv[1])
mlflow.set_experiment("digits")
for lr in (0.1, 0.2):
    with mlflow.start_run(run_name=f"try {lr}"):
        mlflow.log_param("lr", lr)
        mlflow.log_metric("accuracy", 1 - lr)
print(json.dumps([]))
"""


def fill(folder: Path, *runs: str) -> FileStoreWriter:
    """A store with one experiment, and a run per id, each with another learning rate."""
    store = FileStoreWriter(folder)
    store.experiment("1", "Hand written & more")
    for number, run_id in enumerate(runs, start=1):
        add(store, run_id, number)
    return store


def add(store: FileStoreWriter, run_id: str, number: int, stage: str = "active") -> None:
    """A run that is later by minutes and has a learning rate of its own."""
    moment = FIRST_MILLISECOND + number * 60_000
    metrics = {"accuracy": [f"{moment} 0.{number} 0"]}
    params = {"lr": f"0.{number}"}
    store.run("1", run_id, params=params, metrics=metrics, start_time=moment, lifecycle_stage=stage)


def project_at(folder: Path, home: Path) -> Project:
    home.mkdir(exist_ok=True)
    return Project.open(folder, environment=scrubbed_environment(home), cache=home / ".cache" / "mlver")


def test_a_store_outside_git_is_a_project(tmp_path: Path) -> None:
    fill(tmp_path / "mlruns", FIRST, SECOND)

    with project_at(tmp_path / "mlruns", tmp_path / "home") as project:
        listing = project.refresh()
        rows = {row.commit: row for row in listing.rows}
        comparison = project.compare(rows[FIRST], rows[SECOND])
        assert project.version(rows[FIRST]).manifest.params == {"lr": 0.1}
        assert [curve.metric for curve in project.curves(rows[FIRST])] == ["accuracy"]
        assert project.branch is None
        assert project.find(SECOND).key == f"mlflow/mlruns/{SECOND}"

    assert [row.commit for row in listing.rows] == [SECOND, FIRST]
    assert {row.key for row in listing.rows} == {f"mlflow/mlruns/{FIRST}", f"mlflow/mlruns/{SECOND}"}
    assert {(row.source, row.model) for row in listing.rows} == {("mlflow", "hand-written-more")}
    (lr,) = (leaf for leaf in comparison.params.children if leaf.is_change)
    assert (lr.before, lr.after) == (0.1, 0.2)
    (accuracy,) = (delta for delta in comparison.metrics if delta.name == "accuracy")
    assert accuracy.absolute == pytest.approx(0.1)


def test_a_folder_with_a_store_outside_git_is_a_project_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "work" / "mlruns", FIRST)
    (tmp_path / "work" / "deep").mkdir()

    for place in (tmp_path / "work", tmp_path / "work" / "deep"):
        monkeypatch.chdir(place)
        for folder in (place, Path()):
            with project_at(folder, tmp_path / "home") as project:
                assert [row.commit for row in project.refresh().rows] == [FIRST]


def test_a_folder_without_a_store_and_git_is_none(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()

    with pytest.raises(NotARepository):
        project_at(tmp_path, tmp_path / "home")


def test_a_file_that_is_no_database_is_no_project(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())

    with pytest.raises(NotARepository):
        project_at(repo.folder / "params.yaml", tmp_path / "home")


def test_a_store_may_be_named_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "mlruns", FIRST)
    with sqlite3.connect(tmp_path / "mlflow.db") as connection:
        connection.execute("CREATE TABLE runs (run_uuid TEXT)")
    connection.close()
    monkeypatch.chdir(tmp_path)

    assert [find_opened(Path(name)).is_store for name in ("mlruns", "./mlflow.db", "mlflow.db")] == [True] * 3


def test_a_database_is_a_project(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    run_script(DATABASE, str(tmp_path / "mlflow.db"), folder=tmp_path, home=tmp_path / "home")
    before = (tmp_path / "mlflow.db").read_bytes()

    with project_at(tmp_path / "mlflow.db", tmp_path / "home") as project:
        rows = project.refresh().rows
        comparison = project.compare(rows[1], rows[0])
        remembered = project.remembered()

    assert [row.name for row in rows] == ["try 0.2", "try 0.1"]
    assert all(row.key.startswith("mlflow/mlflow.db/") and row.model == "digits" for row in rows)
    assert comparison.params.is_change
    assert remembered.rows == rows
    assert (tmp_path / "mlflow.db").read_bytes() == before


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """A plain repository with a store inside, out of git's sight, and another one beside."""
    made = RepoBuilder.create(tmp_path)
    made.commit({**plain_files(lr=0.1), ".gitignore": "mlruns\n"})
    made.tag("v1")
    fill(made.folder / "mlruns", FIRST, SECOND)
    fill(tmp_path / "mlruns", THIRD)
    return made


def test_stores_in_and_beside_a_repository_are_listed_with_its_versions(repo: RepoBuilder) -> None:
    with opened(repo) as project:
        listing = project.refresh()
        rows = {row.commit: row for row in listing.rows}
        tag = project.find("v1")
        across = project.compare(tag, rows[THIRD])
        between = project.compare(rows[FIRST], rows[THIRD])
        remembered = project.remembered()

    assert {row.key for row in listing.rows} == {
        tag.key,
        f"mlflow/mlruns/{FIRST}",
        f"mlflow/mlruns/{SECOND}",
        f"mlflow/../mlruns/{THIRD}",
    }
    assert [delta.before for delta in across.metrics if delta.name == "accuracy"] == [0.9]
    assert not between.params.is_change  # both 0.1
    assert remembered.rows == listing.rows


def test_a_new_run_changes_the_signature_and_is_listed(repo: RepoBuilder) -> None:
    with opened(repo) as project:
        before = len(project.refresh().rows)
        _, *of_stores = project.signature()
        assert [*project.signature()][1:] == of_stores
        add(FileStoreWriter(repo.folder / "mlruns"), THIRD, 3)
        assert [*project.signature()][1:] != of_stores
        assert len(project.refresh().rows) == before + 1


def test_deleted_runs_are_listed_when_asked_for(repo: RepoBuilder) -> None:
    add(FileStoreWriter(repo.folder / "mlruns"), THIRD, 3, stage="deleted")

    usual = {row.key for row in listing_of(repo).rows}
    asked = {row.key for row in listing_of(repo, Scope(deleted=True)).rows}

    assert asked - usual == {f"mlflow/mlruns/{THIRD}"}


def test_a_child_run_is_held_against_the_run_it_is_nested_in(repo: RepoBuilder) -> None:
    store = FileStoreWriter(repo.folder / "mlruns")
    store.run("1", THIRD, params={"lr": "0.7"}, tags={"mlflow.parentRunId": FIRST})

    row = listing_of(repo).of(f"mlflow/mlruns/{THIRD}")

    assert row is not None
    assert row.parent == f"mlflow/mlruns/{FIRST}"
    assert row.title == "lr 0.1 → 0.7"


def test_why_tells_what_was_written_about_a_run_and_what_differs_first_what_tells_it_from_others(
    repo: RepoBuilder,
) -> None:
    store = FileStoreWriter(repo.folder / "mlruns")
    shared = "\n## a **longer** [note](https://x.y) in `code`\nsecond line"
    for number, note in enumerate((shared, shared, "tried *once*")):
        store.run("1", f"{number}{THIRD[1:]}", params={"lr": f"0.{number + 5}"}, tags={"mlflow.note.content": note})

    listing = listing_of(repo)
    rows = [listing.of(f"mlflow/mlruns/{number}{THIRD[1:]}") for number in range(3)]

    assert [row and row.title for row in rows] == [
        "lr=0.5 · a longer note in code",
        "lr=0.6 · a longer note in code",
        "tried once · lr=0.7",
    ]
    assert [row and row.reason for row in rows] == ["a longer note in code"] * 2 + ["tried once"]


@pytest.mark.parametrize(
    ("description", "line"),
    [
        ("", ""),
        ("---\n\n> quoted", "quoted"),
        ("- **`lr`** is *too* high", "lr is too high"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("![plot](p.png) [x](", "plot [x]("),
        ("*" * 100_000, ""),
        ("[" * 100_000, "[" * 500),
    ],
)
def test_a_description_is_told_by_its_first_line_without_markdown(description: str, line: str) -> None:
    assert first_line(description) == line


def test_registered_versions_are_releases_and_stages(repo: RepoBuilder) -> None:
    folder = repo.folder / "mlruns" / "models" / "digits"
    (folder / "version-2").mkdir(parents=True)
    (folder / "meta.yaml").write_text("name: digits\n")
    (folder / "version-2" / "meta.yaml").write_text(
        f"name: digits\nversion: 2\nrun_id: {FIRST}\ncurrent_stage: Production\n"
        f"creation_timestamp: {FIRST_MILLISECOND}\n"
    )

    with opened(repo) as project:
        row = project.refresh().of(f"mlflow/mlruns/{FIRST}")
        ledger = project.ledger()

    assert row is not None
    assert any("digits" in name and "2" in name for name in row.names)
    assert row.stages == ("Production",)
    assert {event.place for event in ledger.holders} == {FIRST}


def test_a_broken_store_is_one_problem_and_the_others_stand(repo: RepoBuilder) -> None:
    (repo.folder / "mlflow.db").write_bytes(b"SQLite format 3\0" + b"garbage" * 600)

    listing = listing_of(repo)

    assert len(listing.rows) == 4
    assert any(problem.startswith("mlflow.db: ") for problem in listing.problems)


def test_a_store_that_went_is_said_when_its_version_is_read(repo: RepoBuilder) -> None:
    row = listing_of(repo).of(f"mlflow/mlruns/{FIRST}")
    assert row is not None
    (repo.folder / "mlruns").rename(repo.folder / "moved")

    with opened(repo) as project:
        assert row.key in {one.key for one in project.remembered().rows}
        with pytest.raises(VersionNotFound, match="not there any more"):
            project.version(row)


def test_nothing_is_written_into_a_store(repo: RepoBuilder) -> None:
    folders = (repo.folder / "mlruns", repo.folder.parent / "mlruns")
    before = [sorted(str(place) for place in folder.rglob("*")) for folder in folders]

    with opened(repo) as project:
        for row in project.refresh().rows:
            project.version(row)
            project.curves(row)
    with project_at(folders[0], repo.home) as project:
        assert len(project.refresh().rows) == 2
        assert project.remembered().rows

    assert [sorted(str(place) for place in folder.rglob("*")) for folder in folders] == before


@pytest.mark.parametrize("moment", [10**15, 10**30, -(10**20)])
def test_a_run_from_beyond_the_calendar_has_no_moment(repo: RepoBuilder, moment: int) -> None:
    FileStoreWriter(repo.folder / "mlruns").run("1", THIRD, start_time=moment)

    with opened(repo) as project:
        row = project.refresh().of(f"mlflow/mlruns/{THIRD}")
        assert row is not None
        assert row.created is None
        assert project.version(row).manifest.created is None
        assert row.key in {one.key for one in project.remembered().rows}


def test_a_refresh_stopped_among_runs_says_no_problem(repo: RepoBuilder) -> None:
    with opened(repo) as project:
        listing = project.refresh(should_stop=lambda: True)

    assert not listing.is_current
    assert listing.problems == ()


def test_a_long_value_is_cut_in_what_is_told_of_a_run(repo: RepoBuilder) -> None:
    store = FileStoreWriter(repo.folder / "mlruns")
    store.run("1", THIRD, params={"lr": "x" * 400}, tags={"mlflow.parentRunId": FIRST})

    row = listing_of(repo).of(f"mlflow/mlruns/{THIRD}")

    assert row is not None
    assert row.title.startswith("lr 0.1 → xxx")
    assert len(row.title) < 60


def test_a_run_that_two_stores_have_is_told_as_each_of_them_tells_it(repo: RepoBuilder) -> None:
    # A store that was copied and went on: the same experiment, the same run, another end of it.
    copy = fill(repo.folder.parent / "mlruns")
    add(copy, FIRST, 9)
    folder = repo.folder / "mlruns" / "models" / "digits"
    (folder / "version-1").mkdir(parents=True)
    (folder / "meta.yaml").write_text("name: digits\n")
    (folder / "version-1" / "meta.yaml").write_text(
        f"name: digits\nversion: 1\nrun_id: {FIRST}\ncreation_timestamp: {FIRST_MILLISECOND}\n"
    )

    with opened(repo) as project:
        listing = project.refresh()
        registered = {event.store for event in project.ledger().events}
        with pytest.raises(VersionAmbiguous) as caught:
            project.find(FIRST)
        assert {project.find(key).store for key in caught.value.hint.removeprefix("one of ").split(", ")} == {
            "mlruns",
            "../mlruns",
        }
    with opened(repo) as project:
        remembered = project.remembered()
        rows = {row.store: row for row in remembered.rows if row.commit == FIRST}
        params = project.params_of(rows.values())

    assert remembered.rows == listing.rows
    assert {store: row.metrics["accuracy"].value for store, row in rows.items()} == {"mlruns": 0.1, "../mlruns": 0.9}
    assert {store: params[row.key] for store, row in rows.items()} == {"mlruns": {"lr": 0.1}, "../mlruns": {"lr": 0.9}}
    assert registered == {"mlruns"}
