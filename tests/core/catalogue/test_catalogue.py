"""The list: remembered, refreshed, marked where it is broken."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

import pytest

from mlver.errors import ReadOnly
from mlver.model.status import Status
from tests.support.disks import make_read_only, small_disk
from tests.support.training import TrainingProject


def index_of(toy: TrainingProject) -> Path:
    return toy.folder / ".git" / "mlver" / "index.sqlite"


def test_the_list_is_remembered_without_asking_git(toy: TrainingProject) -> None:
    row = toy.run(reason="baseline")

    with toy.opened() as project:
        remembered = project.remembered()

    assert [one.name for one in remembered.rows] == [row.name]
    assert not remembered.is_current
    assert remembered.rows[0].metrics["accuracy"].number == row.metrics["accuracy"].number


def test_a_damaged_index_is_made_anew(toy: TrainingProject) -> None:
    toy.run()
    index_of(toy).write_bytes(b"SQLite format 3\x00" + b"garbage" * 500)

    with toy.opened() as project:
        assert project.remembered().rows == ()
        assert len(project.refresh().rows) == 1


def test_a_forged_row_of_the_index_is_not_believed(toy: TrainingProject) -> None:
    toy.run()
    with sqlite3.connect(index_of(toy)) as connection:
        connection.execute("UPDATE version SET strip = 'forged!', title = 7")
    connection.close()

    with toy.opened() as project:
        (row,) = project.refresh().rows

    assert row.strip == "      "
    assert row.title == "first training"


def test_an_index_of_another_version_is_made_anew(toy: TrainingProject) -> None:
    toy.run()
    with sqlite3.connect(index_of(toy)) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()

    with toy.opened() as project:
        assert len(project.refresh().rows) == 1


def test_a_release_tag_names_its_run(toy: TrainingProject) -> None:
    row = toy.run()
    toy.git("tag", "-a", "toy@v1.0.0", "-m", "first", row.commit)
    toy.git("tag", "-a", "toy@v1.1.0", "-m", "second", row.commit)
    toy.git("tag", "toy@v1.2.0", row.commit)
    toy.git("tag", "-a", "other@v9.0.0", "-m", "of another model", row.commit)

    with toy.opened() as project:
        (listed,) = project.refresh().rows
        assert project.find("v1.0.0").key == row.key

    assert (listed.name, listed.names) == ("v1.1.0", ("v1.1.0", "v1.0.0"))


def test_a_tag_on_a_blob_names_nothing(toy: TrainingProject) -> None:
    toy.run()
    toy.git("tag", "-a", "toy@v1.0.0", "-m", "no commit", "HEAD:train.py")

    with toy.opened() as project:
        assert project.refresh().rows[0].names == ()


def commit_with_manifest(toy: TrainingProject, text: str) -> str:
    blob = toy.folder / "broken.yaml"
    blob.write_text(text)
    object_id = toy.git("hash-object", "-w", "broken.yaml").strip()
    blob.unlink()
    inner = _tree(toy, f"100644 blob {object_id}\tversion.yaml\n")
    outer = _tree(toy, f"040000 tree {inner}\t.mlver\n")
    return toy.git("commit-tree", "-m", "broken", outer).strip()


def _tree(toy: TrainingProject, listing: str) -> str:
    path = toy.folder.parent / "listing"
    path.write_text(listing)
    with path.open("rb") as stdin:
        return subprocess.run(
            ["git", "mktree"],
            cwd=toy.folder,
            env=toy.environment,
            stdin=stdin,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mlver: 1\nmodel: [\n", "version.yaml:"),
        ("mlver: 1\nmodel: toy\nstatus: perhaps\n", "status"),
        ("mlver: 1\nmodel: toy\nartifacts:\n  - {path: ../../etc/passwd, sha256: null}\n", "path"),
        ("mlver: 1\nmodel: parity\nstatus: done\n", "model"),
        ("mlver: 7\nmodel: toy\n", "mlver"),
        (
            "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(f"c{n}: &c{n} [*b, *b, *b]\n" for n in range(3)) + "just text",
            "version.yaml",
        ),
        ("[" * 100_000, "version.yaml"),
        ("", "version.yaml"),
    ],
)
def test_a_broken_manifest_is_one_marked_row(toy: TrainingProject, text: str, says: str) -> None:
    good = toy.run()
    commit = commit_with_manifest(toy, text)
    toy.git("update-ref", "refs/mlver/runs/toy/r00000000-aaaaaa", commit)

    with toy.opened() as project:
        rows = {row.key: row for row in project.refresh().rows}

    broken = rows["runs/toy/r00000000-aaaaaa"]
    assert broken.is_broken
    assert says in (broken.problem or "")
    assert rows[good.key].status is Status.DONE


def test_a_ref_to_nothing_is_one_marked_row(toy: TrainingProject) -> None:
    toy.run()
    path = toy.folder / ".git" / "refs" / "mlver" / "runs" / "toy" / "r00000000-aaaaaa"
    path.write_text("1" * 40 + "\n")

    with toy.opened() as project:
        listing = project.refresh()

    assert sorted(row.is_broken for row in listing.rows) == [False, True]


def test_a_ref_of_another_form_is_said_and_left_out(toy: TrainingProject) -> None:
    row = toy.run()
    toy.git("update-ref", "refs/mlver/runs/toy/what-is-this", row.commit)

    with toy.opened() as project:
        listing = project.refresh()

    assert len(listing.rows) == 1
    assert listing.problems == ("refs/mlver/runs/toy/what-is-this: not of the form <model>/<run id>, left out",)


def test_a_killed_recording_is_listed_as_interrupted(toy: TrainingProject) -> None:
    row = toy.run()
    draft = toy.git("rev-parse", row.commit).strip()
    toy.git("update-ref", "-d", row.ref)
    toy.git("update-ref", row.ref.replace("/runs/", "/drafts/"), draft)

    with toy.opened() as project:
        (listed,) = project.refresh().rows

    assert listed.key == row.key
    assert not listed.is_running


def test_a_parent_that_arrives_later_gives_its_child_a_strip(toy: TrainingProject) -> None:
    first = toy.run()
    second = toy.run(settings={"optimiser.lr": 0.5})
    toy.git("update-ref", "-d", first.ref)
    with toy.opened() as project:
        (orphan,) = project.refresh().rows
    toy.git("update-ref", first.ref, first.commit)

    with toy.opened() as project:
        again = project.refresh().of(second.key)

    assert orphan.strip == "??????"
    assert again is not None
    assert again.strip == "··P···"


def test_a_read_only_repository_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        toy = TrainingProject(disk / "toy", tmp_path / "home").create()
        row = toy.run()
        index_of(toy).unlink()
        make_read_only(disk)

        with toy.opened() as project:
            assert [one.key for one in project.refresh().rows] == [row.key]
        with toy.opened() as project:
            assert [one.key for one in project.remembered().rows] == [row.key]
        assert not index_of(toy).exists()


def test_a_read_only_repository_refuses_a_run_with_a_reason(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        toy = TrainingProject(disk / "toy", tmp_path / "home").create()
        make_read_only(disk)

        with pytest.raises(ReadOnly):
            toy.run()
