"""A repository changes its kind over time: every commit is read by the source that knows it."""

from __future__ import annotations

from pathlib import Path

from mlver.project import Project
from tests.support.foreign_repos import by_name, dvc_files, listing_of, opened, plain_files
from tests.support.git import RepoBuilder
from tests.support.training import TrainingProject


def test_each_commit_is_read_by_its_own_source_and_kinds_compare(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files(lr=0.1, accuracy=0.8))
    repo.tag("plain")
    repo.commit(dvc_files(lr=0.2, accuracy=0.9))
    repo.tag("dvc")

    with opened(repo) as project:
        rows = by_name(project.refresh())
        comparison = project.compare(rows["plain"], rows["dvc"])

    assert {name: row.source for name, row in rows.items()} == {"plain": "plain", "dvc": "dvc"}
    assert rows["dvc"].parent == rows["plain"].key
    assert rows["dvc"].strip.startswith("C?P")
    (lr,) = comparison.params.children
    assert (lr.label, lr.before, lr.after) == ("lr", 0.1, 0.2)
    (accuracy,) = comparison.metrics
    assert (accuracy.before, accuracy.after) == (0.8, 0.9)


def with_history_before_mlver(toy: TrainingProject) -> None:
    """Before the project file there were two versions of other kinds."""
    toy.git("checkout", "-q", "--orphan", "older")
    toy.git("rm", "-rfq", ".")
    for tag, files in (("first", plain_files()), ("second", dvc_files(lr=0.2))):
        for path, content in files.items():
            toy.write(path, str(content))
        toy.commit(tag)
        toy.git("tag", tag)
    toy.git("checkout", "-q", "main")


def named(project: Project, name: str) -> str:
    return project.find(name).source


def test_recorded_runs_compare_with_what_was_before(toy: TrainingProject) -> None:
    with_history_before_mlver(toy)
    run = toy.run()

    with toy.opened() as project:
        assert [named(project, name) for name in ("first", "second", run.name)] == ["plain", "dvc", "native"]
        comparison = project.compare(project.find("second"), project.find(run.key))

    assert comparison.params.is_change
    assert {delta.name for delta in comparison.metrics} >= {"accuracy", "loss"}


def test_where_mlver_recorded_a_model_its_commits_are_no_versions(toy: TrainingProject) -> None:
    toy.git("tag", "code")
    with toy.opened() as project:
        before = {row.source for row in project.refresh().rows}
    run = toy.run()

    with toy.opened() as project:
        rows = project.refresh().rows

    assert before == {"plain"}
    assert [row.key for row in rows] == [run.key]


def test_a_clone_without_mlvers_refs_lists_the_run_a_release_tag_names(toy: TrainingProject, tmp_path: Path) -> None:
    first = toy.run()
    second = toy.run(settings={"optimiser.lr": 0.5})
    toy.git("tag", "-a", "toy@v1.0.0", "-m", "released", first.commit)
    toy.git("tag", "-a", "toy@v1.1.0", "-m", "released", second.commit)
    toy.git("clone", "--quiet", f"file://{toy.folder}", str(tmp_path / "clone"))
    clone = TrainingProject(tmp_path / "clone", tmp_path / "home")

    with clone.opened() as project:
        rows = {row.name: row for row in project.refresh().rows if row.source == "native"}
        comparison = project.compare(rows["v1.0.0"], rows["v1.1.0"])

    assert {name: row.run for name, row in rows.items()} == {"v1.0.0": first.run, "v1.1.0": second.run}
    assert rows["v1.1.0"].parent == rows["v1.0.0"].key
    assert rows["v1.1.0"].strip == second.strip == "··P···"
    assert comparison.params.is_change


def test_a_branch_that_starts_at_a_run_is_no_run(toy: TrainingProject) -> None:
    run = toy.run()
    toy.git("checkout", "-q", "-f", "-b", "from-run", run.commit)
    toy.write("notes.txt", "more\n")
    commit = toy.commit("go on")
    toy.git("update-ref", "-d", run.ref)

    with toy.opened() as project:
        rows = {row.commit: row.source for row in project.refresh().rows}

    assert rows[commit] == "plain"


def test_a_run_whose_first_of_the_recipe_is_gone_is_listed(toy: TrainingProject) -> None:
    first = toy.run()
    toy.git("update-ref", "-d", first.ref)
    toy.git("reflog", "expire", "--expire=now", "--all")
    toy.git("gc", "--quiet", "--prune=now")

    second = toy.run()

    assert second.recipe == first.recipe
    assert second.title != ""


def test_a_run_whose_parent_is_broken_is_listed(toy: TrainingProject) -> None:
    first = toy.run()
    second = toy.run(settings={"optimiser.lr": 0.5})
    toy.git("update-ref", first.ref, toy.git("rev-parse", "HEAD").strip())
    (toy.folder / ".git" / "mlver" / "index.sqlite").unlink()

    with toy.opened() as project:
        rows = {row.key: row for row in project.refresh().rows}

    assert rows[first.key].is_broken
    assert rows[second.key].strip == "??????"
    assert rows[second.key].parent == first.key


def test_a_commit_that_holds_both_is_a_version_of_dvc(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**dvc_files(), "mlver.yaml": "mlver: 1\nmodel: digits\n"})

    (row,) = listing_of(repo).rows

    assert (row.source, row.model) == ("dvc", "digits")
