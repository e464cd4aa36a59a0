"""Broken, missing and hostile things in a repository: one marked row, one reason, and the others stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.model.change import Kind
from mlver.model.version import VersionRow
from mlver.project import Project
from mlver.sources import survey
from mlver.sources.commits import Commits
from tests.support.foreign_repos import by_name, dvc_files, listing_of, names_of, opened, plain_files
from tests.support.git import RepoBuilder

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
CONFLICT = "lr: 0.1\n<<<<<<< HEAD\nepochs: 3\n=======\nepochs: 4\n>>>>>>> other\n"
BROKEN = {
    "conflict markers": ("params.yaml", CONFLICT.encode()),
    "tabs": ("params.yaml", b"train:\n\tlr: 0.1\n"),
    "several documents": ("params.yaml", b"lr: 0.1\n---\nlr: 0.2\n"),
    "bad UTF-8": ("params.yaml", b"lr: \xff\xfe\n"),
    "broken JSON": ("metrics.json", b'{"accuracy": 0.9'),
    "too deep": ("metrics.json", b"[" * 100_000),
    "a YAML bomb": ("params.yaml", BOMB.encode()),
}


def problem_of(row: VersionRow) -> str:
    return row.problem or ""


def notes_of(project: Project, row: VersionRow) -> tuple[str, ...]:
    """What the version itself says is missing."""
    return () if row.is_broken else project.version(row).manifest.notes


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("files", [plain_files, dvc_files])
def test_a_broken_file_marks_its_version_and_leaves_the_others(tmp_path: Path, kind: str, files: object) -> None:
    assert callable(files)
    path, content = BROKEN[kind]
    repo = RepoBuilder.create(tmp_path)
    repo.commit(files(lr=0.1))
    repo.tag("before")
    repo.commit({**files(lr=0.2), path: content})
    repo.tag("broken")
    repo.commit(files(lr=0.3))

    with opened(repo) as project:
        rows = {row.name: row for row in project.refresh().rows}
        assert path in problem_of(rows["broken"])
        project.compare(rows["before"], rows["broken"])
        project.compare(rows["broken"], rows["main"])

    assert [problem_of(rows[name]) for name in ("before", "main")] == ["", ""]
    assert rows["main"].metrics["accuracy"].value == 0.9


def test_a_python_tag_is_text_and_never_run(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    mark = tmp_path / "run"
    repo.commit({**plain_files(), "params.yaml": f"lr: !!python/object/apply:os.system ['touch {mark}']\n"})

    with opened(repo) as project:
        (row,) = project.refresh().rows
        params = project.version(row).manifest.params

    assert not mark.exists()
    assert "touch" in str(params)


def test_a_broken_lock_leaves_what_the_pipeline_says(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({**dvc_files(), "dvc.lock": CONFLICT})

    (row,) = listing_of(repo).rows

    assert "dvc.lock" in problem_of(row)
    assert row.metrics["accuracy"].value == 0.9


def test_tags_on_files_and_folders_are_left_out_with_a_reason_every_time(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("file", "HEAD:params.yaml")
    repo.tag("folder", "HEAD^{tree}", message="said")
    loose = listing_of(repo)
    again = listing_of(repo)
    repo.pack()
    packed = listing_of(repo)

    for listing in (loose, again, packed):
        assert names_of(listing) == ["main"]
        assert any("refs/tags/file: " in problem and "blob" in problem for problem in listing.problems)
        assert any("refs/tags/folder: " in problem and "tree" in problem for problem in listing.problems)


def test_a_tag_of_tags_without_end_is_left_out_with_a_reason(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("t0", message="said")
    for number in range(1, 25):
        repo.tag(f"t{number}", f"t{number - 1}", message="said")
        repo.git("tag", "--delete", f"t{number - 1}")
    repo.tag("short", message="said")

    listing = listing_of(repo)

    assert names_of(listing) == ["short"]
    assert any("refs/tags/t24: " in problem and "deep" in problem for problem in listing.problems)


def test_thousands_of_refs_to_nothing_are_told_in_few_lines(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    lines = "".join(f"{number:040x} refs/tags/t{number}\n" for number in range(1, 3000))
    (repo.git_dir / "packed-refs").write_text(f"# pack-refs with: sorted\n{lines}")

    listing = listing_of(repo)

    assert names_of(listing) == ["main"]
    assert len(listing.problems) < 60
    assert "more refs like these" in listing.problems[-1]


def lose(repo: RepoBuilder, *names: str) -> dict[Path, bytes]:
    """Delete loose objects; gives what they held."""
    lost = {}
    for name in names:
        object_id = repo.git("rev-parse", name)
        path = repo.git_dir / "objects" / object_id[:2] / object_id[2:]
        lost[path] = path.read_bytes()
        path.unlink()
    return lost


@pytest.mark.parametrize("what", ["v2:params.yaml", "v2:conf", "v2^{tree}", "v2"])
def test_what_is_not_here_is_said_and_read_when_it_arrives(tmp_path: Path, what: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    for number in (1, 2, 3):
        repo.commit({**plain_files(lr=number), "conf/model.yaml": f"hidden: {number}\n"})
        repo.tag(f"v{number}")
    whole = listing_of(repo)
    (repo.git_dir / "mlver" / "index.sqlite").unlink()
    lost = lose(repo, what)

    partial = listing_of(repo)
    with opened(repo) as project:
        assert set(names_of(project.remembered())) == set(names_of(partial))
        notes = [note for row in partial.rows for note in notes_of(project, row)]
    for path, content in lost.items():
        path.write_bytes(content)
    arrived = listing_of(repo)

    assert {"v1", "v3"} <= set(names_of(partial))
    assert any("not present here" in text for text in (*partial.problems, *map(problem_of, partial.rows), *notes))
    assert (arrived.rows, arrived.problems) == (whole.rows, ())


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_partial_clone_is_listed_without_asking_its_remote(tmp_path: Path, left_out: str) -> None:
    repo = RepoBuilder.create(tmp_path)
    for number in (1, 2):
        repo.commit(dvc_files(lr=number))
        repo.tag(f"v{number}")
    clone = repo.partial(left_at_remote=left_out)
    repo.folder.rename(tmp_path / "gone")

    listing = listing_of(clone)

    assert set(names_of(listing)) == ({"v1", "v2"} if left_out == "blob:none" else set())
    assert listing.rows or listing.problems
    assert all("not present here" in text for text in (*listing.problems, *map(problem_of, listing.rows)))


def test_a_partial_clone_that_got_its_files_says_what_they_say(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(dvc_files(lr=0.1))
    repo.tag("v1")
    repo.commit(dvc_files(lr=0.2, accuracy=0.95))
    whole = listing_of(repo)
    clone = repo.partial()
    before = by_name(listing_of(clone))["main"]
    clone.git("checkout", "--quiet", "v1")
    clone.git("checkout", "--quiet", "main")

    after = by_name(listing_of(clone))["main"]

    assert not before.metrics
    assert after.metrics["accuracy"].value == 0.95
    assert after.title == by_name(whole)["main"].title == "lr 0.1 → 0.2"


def test_a_tree_that_holds_itself_a_billion_times_is_surveyed_at_once(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    blob = repo.git("hash-object", "-w", "--stdin", content=b"lr: 0.1\n")
    tree = repo.git("mktree", content=f"100644 blob {blob}\tparams.yaml\n".encode())
    for _ in range(survey._DEPTH + 3):
        listing = "".join(f"040000 tree {tree}\t{name}\n" for name in "abcd")
        tree = repo.git("mktree", content=f"100644 blob {blob}\tparams.yaml\n{listing}".encode())
    commit = repo.git("commit-tree", "-m", "bomb", tree)
    repo.git("update-ref", "refs/tags/bomb", commit)
    repo.git(
        "update-ref", "refs/heads/main", repo.git("commit-tree", "-m", "plain", f"{commit}^{{tree}}", "-p", commit)
    )

    with repo.open() as repository:
        found = Commits(repository).survey(commit)

    assert len(found.problems) <= 20
    assert len(found.telling) <= survey.TOLD_LISTED


def test_odd_names_of_files_and_metrics_are_kept_as_they_are(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    odd = "conf/\x1b[31mred\n.yaml"
    repo.commit({"metrics.json": '{"a\\u001b[2J": 1, "b\\nc": 2}', odd: "lr: 0.1\n", "conf/\udcff.yaml": b"x: 1\n"})
    repo.tag("v1")
    repo.commit({odd: "lr: 0.2\n"})

    listing = listing_of(repo)
    with opened(repo) as project:
        assert names_of(project.remembered()) == names_of(listing) == ["main", "v1"]

    assert set(listing.rows[0].metrics) == {"a\x1b[2J", "b\nc"}


def test_params_of_one_broken_file_among_others_are_unknown_and_the_rest_is_compared(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit({"configs/train.yaml": "lr: 0.1\n", "configs/model.yaml": "depth: 3\n", "metrics.json": '{"acc": 0.8}'})
    repo.tag("v1")
    repo.commit({"configs/train.yaml": CONFLICT, "configs/model.yaml": "depth: 4\n"}, "Merge in a hurry")
    repo.tag("v2")

    with opened(repo) as project:
        rows = by_name(project.refresh())
        comparison = project.compare(rows["v1"], rows["v2"])

    assert (rows["v2"].title, rows["v2"].strip[2]) == ("depth 3 → 4", "P")
    assert {leaf.label: leaf.kind for leaf in comparison.params.children} == {"depth": Kind.CHANGED, "lr": Kind.UNKNOWN}
    assert not any(leaf.is_change for leaf in comparison.code.children)


def test_params_that_cannot_be_read_are_not_said_to_be_gone(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.commit(plain_files())
    repo.tag("v1")
    repo.commit({"params.yaml": CONFLICT}, "Merge in a hurry")
    repo.tag("v2")

    with opened(repo) as project:
        rows = by_name(project.refresh())
        comparison = project.compare(rows["v1"], rows["v2"])

    assert (rows["v2"].title, rows["v2"].strip[2]) == ("Merge in a hurry", "?")
    assert (comparison.params.kind, comparison.params.children) == (Kind.UNKNOWN, ())
    assert comparison.notes == ("v2: params.yaml:2: holds an unresolved merge conflict",)
