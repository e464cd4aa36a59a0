"""The sample's git repository, made with fixed authors and dates, so that its commits have the same ids every time."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mlver.errors import StoreFailed

from .story import Person  # noqa: TID252 - imported under two names, see __init__.py

_SETTINGS = {
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "core.autocrlf": "false",
    "core.hooksPath": "/dev/null",
    "gc.auto": "0",
}
"""Kept in the repository, so that nobody's own settings change what is recorded there."""


def identity_of(person: Person) -> dict[str, str]:
    """The variables by which git takes somebody for this person."""
    return {
        "GIT_AUTHOR_NAME": person.name,
        "GIT_AUTHOR_EMAIL": person.email,
        "GIT_COMMITTER_NAME": person.name,
        "GIT_COMMITTER_EMAIL": person.email,
    }


@dataclass(frozen=True)
class DemoRepository:
    """The repository in a folder that belongs to the demo."""

    folder: Path
    environment: Mapping[str, str]

    def create(self) -> None:
        """An empty repository on the branch main; one that is there already is completed.

        To be called by the one build that is under way: a lock that a killed git left behind is taken away.
        """
        (self.folder / ".git" / "index.lock").unlink(missing_ok=True)
        self._git("init", "--quiet", "--template=", "--initial-branch=main")
        self._set(_SETTINGS)

    def leave_to_the_user(self) -> None:
        """No name of the story's is set here: what the user notes and runs is the user's."""
        if "[user]" in (self.folder / ".git" / "config").read_text("utf-8"):
            self._git("config", "--local", "--remove-section", "user")

    def commit_all(self, subject: str, person: Person, when: datetime) -> None:
        """Commit everything that is not ignored."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--no-verify", "--message", subject, person=person, when=when)

    def tag(self, name: str, commit: str, person: Person, when: datetime) -> None:
        """An annotated tag."""
        self._git("tag", "--annotate", "--message", name, name, commit, person=person, when=when)

    def forget_changes(self) -> None:
        """Take back what is not committed; ignored files stay."""
        self._git("reset", "--quiet", "--hard")
        self._git("clean", "--quiet", "--force", "-d")

    def subjects(self) -> tuple[str, ...]:
        """Subjects of the branch's commits."""
        if not self._git("rev-parse", "--quiet", "--verify", "HEAD", check=False):
            return ()
        return tuple(self._git("log", "--format=%s").splitlines())

    def refs(self, under: str) -> dict[str, str]:
        """Name -> commit of the refs below a prefix."""
        lines = self._git("for-each-ref", "--format=%(refname) %(objectname)", under).splitlines()
        return dict(line.split(" ") for line in lines)

    def delete_ref(self, name: str) -> None:
        """Take a ref away."""
        self._git("update-ref", "-d", name)

    def text(self, commit: str, path: str) -> str:
        """A text file of a commit; empty when there is none."""
        return self._git("show", f"{commit}:{path}", check=False)

    def _set(self, settings: Mapping[str, str]) -> None:
        known = dict(line.partition("=")[::2] for line in self._git("config", "--local", "--list").splitlines())
        for name, value in settings.items():
            if known.get(name.lower()) != value:
                self._git("config", name, value)

    def _git(
        self, *arguments: str, person: Person | None = None, when: datetime | None = None, check: bool = True
    ) -> str:
        environment = {name: value for name, value in self.environment.items() if not name.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
        if person and when:
            date = f"{when:%Y-%m-%dT%H:%M:%S}Z"
            environment |= {**identity_of(person), "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=self.folder, env=environment, check=check, capture_output=True, text=True
            )
        except FileNotFoundError as error:
            raise StoreFailed(
                "the program git is not there", hint="install git; the demo is a git repository"
            ) from error
        except subprocess.CalledProcessError as error:
            raise StoreFailed(f"git {arguments[0]} failed: {error.stderr.strip()}") from error
        return done.stdout
