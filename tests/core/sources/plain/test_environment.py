"""The lock file that counts, and what it says of the environment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest

from mlver.model.manifest import EnvironmentFacts, LockFacts
from mlver.sources.commits import Commits
from mlver.sources.plain.environment import lock_facts, lock_note
from tests.support.git import RepoBuilder

UV = b'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "NumPy"\nversion = "1.26.4"\n'


def facts(
    repo: RepoBuilder, files: Mapping[str, str | bytes], path: str | None = None
) -> tuple[EnvironmentFacts, Mapping[str, str] | None, str | None]:
    commit_id = repo.commit(files)
    with repo.open() as repository:
        commits = Commits(repository)
        survey = commits.survey(commit_id)
        return *lock_facts(commits, survey, commit_id, path), lock_note(commits, survey, commit_id, path)


def test_a_lock_gives_packages_digest_and_its_own_sha256(repo: RepoBuilder) -> None:
    found, packages, note = facts(repo, {"uv.lock": UV})

    assert packages == {"numpy": "1.26.4"}
    assert found.lock == LockFacts(path="uv.lock", sha256=hashlib.sha256(UV).hexdigest())
    assert found.digest is not None
    assert found.digest.startswith("sha256:")
    assert found.python is None  # a range is no version
    assert note is None


def test_without_a_lock_nothing_is_known(repo: RepoBuilder) -> None:
    assert facts(repo, {"params.yaml": "a: 1"}) == (EnvironmentFacts(), None, None)


@pytest.mark.parametrize(
    ("locks", "counts"),
    [
        (["requirements.txt", "uv.lock"], "uv.lock"),
        (["requirements-dev.txt", "requirements.txt"], "requirements.txt"),
        (["requirements/ci.txt", "requirements-gpu.txt"], "requirements-gpu.txt"),
        (["docs/requirements.txt", "science/requirements.txt"], "science/requirements.txt"),
        (["a/b/uv.lock", "a/requirements.txt"], "a/requirements.txt"),
        (["environment.yml", "requirements.txt"], "requirements.txt"),
    ],
)
def test_of_several_locks_one_counts(repo: RepoBuilder, locks: list[str], counts: str) -> None:
    contents = {path: UV if path.endswith(".lock") else b"" for path in locks}

    found, _, _ = facts(repo, contents)

    assert found.lock is not None
    assert found.lock.path == counts


def test_locks_of_tests_and_hidden_folders_say_nothing(repo: RepoBuilder) -> None:
    found, packages, _ = facts(repo, {"docs/requirements.txt": "sphinx==1", ".devcontainer/environment.yml": ""})

    assert (found, packages) == (EnvironmentFacts(), None)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("environment.yml", 'dependencies: ["numpy=\\ud800"]'),
        ("Pipfile.lock", '{"default": {"a": {"version": "==\\ud800"}}}'),
        ("environment.yml", "dependencies: {a: 1}"),
        ("environment.yml", "[1]"),
        ("conda-lock.yml", "package: [{name: [a]}, 3, null]"),
    ],
)
def test_a_lock_of_an_odd_shape_ends_no_reading(repo: RepoBuilder, path: str, content: str) -> None:
    found, _, _ = facts(repo, {path: content})

    assert found.lock is not None


def test_what_the_project_names_counts(repo: RepoBuilder) -> None:
    found, packages, _ = facts(repo, {"uv.lock": UV, "deps/pins.txt": "torch==2.1.0"}, "deps/pins.txt")

    assert found.lock is not None
    assert (found.lock.path, packages) == ("deps/pins.txt", {"torch": "2.1.0"})


def test_conda_says_python(repo: RepoBuilder) -> None:
    found, packages, _ = facts(repo, {"environment.yml": "dependencies: [python=3.11.5, numpy=1.26]"})

    assert (found.python, packages) == ("3.11.5", {"numpy": "1.26"})


def test_the_digest_is_that_of_the_pins(repo: RepoBuilder) -> None:
    first, _, _ = facts(repo, {"requirements.txt": "numpy==1.26.4\n"})
    same, _, _ = facts(repo, {"requirements.txt": "# pinned\nNumPy == 1.26.4\n"})
    other, _, _ = facts(repo, {"requirements.txt": "numpy==2.0.0\n"})

    assert first.digest == same.digest != other.digest
    assert first.lock != same.lock


@pytest.mark.parametrize(
    ("path", "content"), [("uv.lock", UV + b"<<<<<<< a\n=======\n>>>>>>> b\n"), ("conda.yaml", b"\tx: 1")]
)
def test_a_broken_lock_is_named_and_noted(repo: RepoBuilder, path: str, content: bytes) -> None:
    found, packages, note = facts(repo, {path: content})

    assert packages is None
    assert found.digest is None
    assert found.lock is not None
    assert found.lock.sha256 == hashlib.sha256(content).hexdigest()
    assert note is not None
    assert note.startswith(f"{path}:")


def test_a_lock_that_is_named_and_absent_is_noted(repo: RepoBuilder) -> None:
    found, packages, note = facts(repo, {"uv.lock": UV}, "gone.lock")

    assert (found.lock, packages) == (LockFacts(path="gone.lock"), None)
    assert note == "gone.lock: the lock file is not there, or not present here"


def test_a_lock_left_at_the_remote_is_noted(repo: RepoBuilder) -> None:
    repo.commit({"uv.lock": UV})
    partial = repo.partial()
    commit_id = partial.git("rev-parse", "HEAD")

    with partial.open() as repository:
        commits = Commits(repository)
        found, packages = lock_facts(commits, commits.survey(commit_id), commit_id)

    assert (found.lock, packages) == (LockFacts(path="uv.lock"), None)
