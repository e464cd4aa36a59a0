"""Git is started clean, its failures are told in its own words, and no secret of a URL is."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from mlver.errors import Interrupted, StoreFailed
from mlver.model.person import Person
from mlver.store.git import Git, git_environment, git_failure, identity
from mlver.store.settings import GitSettings
from mlver.store.urls import without_user
from tests.support.git import RepoBuilder


@pytest.fixture
def git(repo: RepoBuilder) -> Git:
    return Git(folder=repo.folder, settings=repo.settings)


def test_variables_that_redirect_git_are_dropped_and_the_users_own_kept() -> None:
    environment = {
        "HOME": "/home/ada",
        "GIT_DIR": "/elsewhere",
        "GIT_INDEX_FILE": "/elsewhere/index",
        "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
        "GIT_CONFIG_GLOBAL": "/home/ada/other",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_SSH_COMMAND": "ssh -v",
        "GIT_TRACE": "1",
        "LANGUAGE": "de",
        "LC_ALL": "de_DE.UTF-8",
    }

    clean = git_environment(GitSettings(environment=environment))

    assert clean == {
        "HOME": "/home/ada",
        "GIT_CONFIG_GLOBAL": "/home/ada/other",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_SSH_COMMAND": "ssh -v",
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


def test_where_git_is_missing_it_is_said(repo: RepoBuilder, tmp_path: Path) -> None:
    git = Git(folder=repo.folder, settings=GitSettings(environment={"PATH": str(tmp_path)}))

    with pytest.raises(StoreFailed) as caught:
        git.run("version")

    assert caught.value.message == "git was not found"


def test_a_folder_that_went_away_is_not_taken_for_a_missing_git(git: Git) -> None:
    gone = replace(git, folder=git.folder / "gone")

    with pytest.raises(StoreFailed, match="is gone"):
        gone.run("version")


def test_a_failure_is_told_in_gits_words_without_the_user_of_a_url(git: Git) -> None:
    with pytest.raises(StoreFailed) as caught:
        git.run("fetch", "https://ada:hunter2@localhost:1/x.git")

    assert caught.value.message.startswith("git fetch failed: unable to access 'https://localhost:1/x.git/'")


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://example.org/x", "https://example.org/x"),
        ("https://token@example.org/x@y", "https://example.org/x@y"),
        ("https://ada:p@ss@example.org/x", "https://example.org/x"),
        ("ssh://git@example.org:22/x", "ssh://example.org:22/x"),
        ("git@example.org:x.git", "example.org:x.git"),
        ("/srv/repo", "/srv/repo"),
        ("error: https://a@h/x and https://b@i/y", "error: https://h/x and https://i/y"),
    ],
)
def test_urls_lose_their_user_part(url: str, clean: str) -> None:
    assert without_user(url) == clean


def test_a_failure_names_the_command_and_gits_reason_not_its_advice() -> None:
    complaint = "fatal: it went wrong\nhint: Disable this message with ...\n"

    for said, reason in ((complaint, "it went wrong"), ("it is outside\nhint: Disable this message", "it is outside")):
        error = git_failure(("-c", "add.ignoreErrors=false", "add", "--update"), 1, said)

        assert error.message == f"git add failed: {reason}"


def test_the_identity_is_what_git_would_write(git: Git) -> None:
    assert identity(git) == Person(name="Ada Example", email="ada@example.org")


def test_nobody_is_nobody(repo: RepoBuilder) -> None:
    repo.git("config", "user.useConfigOnly", "true")
    environment = {name: value for name, value in repo.settings.environment.items() if "AUTHOR" not in name}
    git = Git(folder=repo.folder, settings=GitSettings(environment=environment))

    assert identity(git) == Person()


def test_stopping_ends_all_that_git_started(git: Git, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    stop = threading.Event()

    def should_stop() -> bool:
        if mark.exists() and mark.read_text().strip():
            stop.set()
        return stop.is_set()

    with pytest.raises(Interrupted):
        git.run("-c", f"alias.slow=!echo $$ > {mark}; sleep 60", "slow", should_stop=should_stop)

    deadline = time.monotonic() + 5
    while _is_alive(int(mark.read_text())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _is_alive(int(mark.read_text()))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"
