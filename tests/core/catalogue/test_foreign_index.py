"""The index of foreign versions: quick when nothing is new, never believed blindly, never in the way."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from mlver.catalogue.index import Index
from mlver.model.version import Listing
from mlver.store.database import ObjectDatabase
from tests.support.disks import make_read_only, small_disk
from tests.support.foreign_repos import by_name, dvc_files, experiment, listing_of, names_of, opened, plain_files
from tests.support.git import RepoBuilder


def index_of(repo: RepoBuilder) -> Path:
    return repo.git_dir / "mlver" / "index.sqlite"


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    """All kinds of refs: tags with and without events, an experiment whose base is not listed, a branch."""
    made = RepoBuilder.create(tmp_path)
    fill(made)
    return made


def fill(repo: RepoBuilder) -> None:
    repo.commit(plain_files(lr=0.1))
    repo.tag("v1", message="said")
    repo.tag("repo@v1.0.0", message="released")
    repo.tag("repo#prod#1", message="in use")
    base = repo.commit(dvc_files(lr=0.2))
    experiment(repo, "tame-eel", base, dvc_files(lr=0.5))
    repo.commit(dvc_files(lr=0.3))
    repo.commit({"README.md": "more\n"})
    repo.tag("light")


@pytest.fixture
def opened_objects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every object that is read while the test runs."""
    asked: list[str] = []
    find = ObjectDatabase._find

    def noticed(self: ObjectDatabase, object_id: str, *more: Any) -> Any:
        asked.append(object_id)
        return find(self, object_id, *more)

    monkeypatch.setattr(ObjectDatabase, "_find", noticed)
    return asked


def facts(listing: Listing) -> list[tuple[object, ...]]:
    """Rows and kin as one can compare them."""
    return [
        (row.key, row.name, row.names, row.stages, row.parent, row.title, row.strip, row.created, dict(row.metrics))
        for row in (*listing.rows, *listing.kin)
    ]


def test_a_second_look_opens_no_object(repo: RepoBuilder, opened_objects: list[str]) -> None:
    first = listing_of(repo)
    assert opened_objects
    opened_objects.clear()

    again = listing_of(repo)

    assert opened_objects == []
    assert facts(again) == facts(first)
    assert again.rows == first.rows


def test_what_is_remembered_is_what_was_listed(repo: RepoBuilder, opened_objects: list[str]) -> None:
    listing = listing_of(repo)
    opened_objects.clear()

    with opened(repo) as project:
        remembered = project.remembered()
        newest = project.remembered(limit=1)

    assert opened_objects == []
    assert (remembered.rows, remembered.kin) == (listing.rows, listing.kin)
    assert newest.rows == listing.rows[:1]
    assert {row.key for row in newest.kin} == {newest.rows[0].parent}
    assert newest.counts == {"repo": len(listing.rows)}


def test_a_tag_between_two_versions_changes_whose_child_the_later_is(repo: RepoBuilder) -> None:
    before = by_name(listing_of(repo))
    repo.tag("between", "main~1")

    after = by_name(listing_of(repo))

    assert before["light"].parent == before["v1.0.0"].key
    assert after["light"].parent == after["between"].key
    assert after["between"].parent == before["v1.0.0"].key
    assert (before["light"].strip[2], after["light"].strip[2]) == ("P", "·")


def test_a_tag_that_goes_takes_its_row_with_it(repo: RepoBuilder) -> None:
    listing_of(repo)
    repo.git("tag", "--delete", "v1", "repo@v1.0.0", "repo#prod#1")

    rows = by_name(listing_of(repo))

    assert set(rows) == {"light", "tame-eel"}
    assert rows["light"].parent is None
    with opened(repo) as project:
        assert {row.name for row in project.remembered().rows} == set(rows)


def test_a_refresh_that_is_stopped_forgets_nothing(repo: RepoBuilder) -> None:
    listing = listing_of(repo)
    repo.commit(dvc_files(lr=0.9))

    with opened(repo) as project:
        stopped = project.refresh(should_stop=lambda: True)
        assert not stopped.is_current
    with opened(repo) as project:
        assert project.remembered().rows == listing.rows


FORGERIES = {
    "a source that does not exist": "UPDATE place SET source = 'evil'",
    "a model that is none": "UPDATE place SET model = char(27) || '[31m'",
    "a place that is no commit": "INSERT INTO place VALUES ('HEAD', 1, 'dvc', '')",
    "a parent that is no commit": "UPDATE lineage SET parent = '../../x'",
    "a parent that is not listed": "UPDATE lineage SET parent = '1111111111111111111111111111111111111111'",
    "a version that is its own parent": "UPDATE lineage SET parent = substr(commit_id, 1, 40)",
    "a tag's commit that is none": "UPDATE tag SET commit_id = 7",
    "a tag that tells nonsense": "UPDATE tag_said SET commit_id = 'x', made = 'y', name = x'ff'",
    "a moment after the calendar": "UPDATE tag_said SET made = 9e999",
    "versions after the calendar": "UPDATE version SET created = 9e999",
    "tags that are no map": "UPDATE version SET tags = '[1]'",
    "tags that are too deep": "UPDATE version SET tags = replace(hex(zeroblob(50000)), '0', '[')",
    "metrics that are too deep": "UPDATE version SET metrics = replace(hex(zeroblob(50000)), '0', '[')",
    "files that are none": "UPDATE version SET absent = '{'",
    "files that are too deep": "UPDATE version SET absent = replace(hex(zeroblob(50000)), '0', '[')",
    "params that are too deep": "UPDATE param SET params = replace(hex(zeroblob(50000)), '0', '[')",
    "rules that are none": "UPDATE rules SET digest = 7",
    "rows of a source that does not exist": "UPDATE listed SET source = 'evil'",
    "names that are none": "UPDATE listed SET names = '7', stages = '{'",
    "names that are too deep": "UPDATE listed SET names = replace(hex(zeroblob(50000)), '0', '[')",
    "replays without end": "UPDATE listed SET agreement = 'identical', agreed = 9e999",
    "rows after the calendar": "UPDATE listed SET created = 9e999",
}


@pytest.mark.parametrize("statement", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_index_is_not_believed(repo: RepoBuilder, statement: str) -> None:
    honest = listing_of(repo)
    with sqlite3.connect(index_of(repo)) as connection:
        assert connection.execute(statement).rowcount
    connection.close()

    with opened(repo) as project:
        for row in project.remembered().rows:
            assert project.version(row).manifest.model == "repo"
            dict(row.metrics)
        listing = project.refresh()
        assert project.params_of(listing.rows) is not None
        ledger = project.ledger()

    keys = {row.key: row.names for row in honest.rows}
    assert {row.key: row.names for row in listing.rows} == keys
    assert {row.key: row.parent for row in listing.rows}.keys() == keys.keys()
    assert [event.stage for event in ledger.holders] == ["prod"]


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS object_id, x AS commit_id FROM n"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE place",
        "DROP TABLE lineage_of",
        "ALTER TABLE tag_said ADD COLUMN more",
        "CREATE TRIGGER t AFTER INSERT ON listed BEGIN DELETE FROM listed; END",
        f"DROP TABLE tag; CREATE VIEW tag AS {ENDLESS}",
        "PRAGMA user_version = 3",
    ],
)
def test_an_index_of_another_shape_is_made_anew(repo: RepoBuilder, statement: str) -> None:
    honest = listing_of(repo)
    connection = sqlite3.connect(index_of(repo))
    connection.executescript(statement)
    connection.close()

    with opened(repo) as project:
        assert project.remembered().rows == ()
        assert project.refresh().rows == honest.rows
    with opened(repo) as project:
        assert project.remembered().rows == honest.rows


def test_a_read_only_git_directory_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        repo = RepoBuilder(disk / "repo", tmp_path / "home")
        repo.home.mkdir()
        repo.folder.mkdir()
        repo.git("init", "--quiet", "--initial-branch=main")
        fill(repo)
        before = listing_of(repo)
        with Index.open([index_of(repo)]) as index:
            assert index.is_kept
        kept = index_of(repo).read_bytes()
        make_read_only(disk)

        assert listing_of(repo).rows == before.rows
        with opened(repo) as project:
            assert project.remembered().rows == before.rows
        assert index_of(repo).read_bytes() == kept


def test_a_commit_that_comes_later_gives_an_experiment_its_base(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    base = repo.commit(dvc_files(lr=0.1))
    experiment(repo, "tame-eel", base, dvc_files(lr=0.5))
    repo.tag("v2", repo.commit(dvc_files(lr=0.3)))
    assert len(listing_of(repo).kin) == 1
    repo.tag("v1", base)

    listing = listing_of(repo)

    assert listing.kin == ()
    assert set(names_of(listing)) == {"v1", "v2", "tame-eel"}
