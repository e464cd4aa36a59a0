"""Starts system git, the same way every time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from mlver.errors import Interrupted, MlverError, ReadOnly, StorageFull, StoreFailed
from mlver.model.person import Person
from mlver.progress import ShouldStop, never
from mlver.store.settings import GitSettings
from mlver.store.urls import without_user

_KEPT_PREFIXES = ("GIT_CONFIG_", "GIT_SSH", "GIT_SSL_", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_AUTHOR_", "GIT_COMMITTER_")
"""The rest of GIT_* points git at another repository, index or work tree (we may run inside a hook), or adds noise."""

_DROPPED = ("GIT_CONFIG_PARAMETERS", "LANGUAGE")
"""Options of the git command we may run inside; a language that would translate the messages read below."""

_FIXED = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}

_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "advice.objectNameWarning=false")
"""No watcher and no hook runs because mlver records: filters and attributes are the only user code that applies."""

_POLL_S = 0.1

_GRACE_S = 2.0


def git_environment(settings: GitSettings) -> dict[str, str]:
    """The environment for git: nothing in it points to another repository, its messages are English."""
    kept = {
        name: value
        for name, value in settings.environment.items()
        if (not name.startswith("GIT_") or name.startswith(_KEPT_PREFIXES)) and name not in _DROPPED
    }
    return kept | _FIXED


class Git(Struct, frozen=True, kw_only=True):
    """System git in one folder; it finds the repository itself, so its own ownership rules hold."""

    folder: Path
    settings: GitSettings

    def run(
        self,
        *arguments: str,
        content: bytes = b"",
        variables: Mapping[str, str] | None = None,
        should_stop: ShouldStop = never,
    ) -> bytes:
        """What git prints; `content` is its standard input.

        Raises StoreFailed with git's own reason, ReadOnly, StorageFull, Interrupted.
        """
        code, output, complaint = self.attempt(
            *arguments, content=content, variables=variables, should_stop=should_stop
        )
        if code:
            raise git_failure(arguments, code, complaint)
        return output

    def attempt(
        self,
        *arguments: str,
        content: bytes = b"",
        variables: Mapping[str, str] | None = None,
        should_stop: ShouldStop = never,
    ) -> tuple[int, bytes, str]:
        """The exit code, what git printed, and what it complained."""
        process = self._start(arguments, {**git_environment(self.settings), **(variables or {})})
        with process:
            try:
                output, complaint = _talk(process, content, should_stop)
            except BaseException:
                _end(process)
                raise
        return process.returncode, output, complaint.decode(errors="replace")

    def _start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *_OPTIONS, *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                process_group=0,  # so that the filters it starts can be ended with it
            )
        except FileNotFoundError as error:
            if self.folder.is_dir():
                raise StoreFailed("git was not found", hint="install git, or put it on PATH") from error
            raise StoreFailed(f"the folder {self.folder} is gone") from error
        except OSError as error:
            raise StoreFailed(f"git cannot be started: {error.strerror}") from error


def _talk(process: subprocess.Popen[bytes], content: bytes, should_stop: ShouldStop) -> tuple[bytes, bytes]:
    if should_stop is never:
        return process.communicate(content)
    pending: bytes | None = content
    while True:
        try:
            return process.communicate(pending, timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            pending = None
            if should_stop():
                raise Interrupted("stopped while git was at work") from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and all it started; asked first, because git then removes its locks."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def git_failure(arguments: Sequence[str], code: int, complaint: str) -> MlverError:
    """The error for a git that failed; its hint is git's last line, without the user part of any URL."""
    lines = [
        without_user(line.strip())
        for line in complaint.splitlines()
        if line.strip() and not line.startswith("hint:")  # how to silence the advice is no reason
    ]
    errors = [line for line in lines if line.startswith(("fatal:", "error:"))]
    reason = (errors or lines or [f"exit code {code}"])[-1]
    reason = re.sub(r"^(fatal|error): ", "", reason)
    if "No space left on device" in complaint or "Disk quota exceeded" in complaint:
        return StorageFull(f"the disk is full: {reason}", hint="free some space; nothing was recorded")
    if "Read-only file system" in complaint or "insufficient permission" in complaint:
        return ReadOnly(f"the git directory cannot be written: {reason}")
    if "dubious ownership" in complaint:
        return StoreFailed(
            "git refuses to work here: the repository belongs to somebody else",
            hint="if you trust it: git config --global --add safe.directory <folder>",
        )
    return StoreFailed(f"git {_command(arguments)} failed: {reason}")


def _command(arguments: Sequence[str]) -> str:
    """The word that says what git was to do, behind its options and the settings that come as `-c name=value`."""
    pairs = pairwise(("", *arguments))
    return next((word for before, word in pairs if before != "-c" and not word.startswith("-")), "")


def identity(git: Git) -> Person:
    """Who the user is, as git would write it into a commit; empty where git knows no one."""
    code, output, _ = git.attempt("var", "GIT_AUTHOR_IDENT")
    match = re.fullmatch(r"(.*) <(.*)> \d+ [+-]\d{4}", output.decode(errors="replace").strip())
    return Person(name=match[1], email=match[2]) if match and code == 0 else Person()
