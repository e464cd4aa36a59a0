"""Builds real git repositories, the same on every machine and every day."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from mlver.store.repository import GitSettings, Repository

FIRST_SECOND = 1_790_000_000
"""When the first commit is made; every commit is a minute later than the one before."""


def scrubbed_environment(home: Path) -> dict[str, str]:
    """The environment of a person whose git knows nothing but a name: no setting of this machine reaches a test."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_AUTHOR_NAME": "Ada Example",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada Example",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "TZ": "UTC",
    }


class RepoBuilder:
    """A repository in a folder, and what can be made of it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self._second = FIRST_SECOND

    @classmethod
    def create(cls, tmp_path: Path, name: str = "repo", *options: str) -> RepoBuilder:
        """An empty repository on branch `main`; `options` go to `git init`."""
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        builder = cls(tmp_path / name, home)
        builder.folder.mkdir(parents=True, exist_ok=True)
        builder.git("init", "--quiet", "--initial-branch=main", *options)
        return builder

    @property
    def settings(self) -> GitSettings:
        """What the code under test gives to git."""
        return GitSettings(environment=scrubbed_environment(self.home))

    @property
    def git_dir(self) -> Path:
        """Where the repository itself is."""
        return Path(self.git("rev-parse", "--absolute-git-dir"))

    def open(self) -> Repository:
        """The repository as the code under test sees it; to be closed by the caller."""
        return Repository.open(self.folder, self.settings)

    def git(self, *arguments: str, content: bytes = b"", folder: Path | None = None) -> str:
        """What git prints, without the last line end. A git that fails fails the test, with its words."""
        return self.git_bytes(*arguments, content=content, folder=folder).decode(errors="surrogateescape").rstrip("\n")

    def git_bytes(self, *arguments: str, content: bytes = b"", folder: Path | None = None) -> bytes:
        """What git prints."""
        moment = f"{self._second} +0000"
        dates = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder or self.folder,
            env=scrubbed_environment(self.home) | dates,
            input=content,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}"
        return done.stdout

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Put files into the working tree."""
        for path, content in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "Change something") -> str:
        """Commit these files and whatever else changed; gives the commit's id."""
        self.write(files or {})
        self._second += 60
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def commit_in_ref(self, ref: str, files: Mapping[str, str | bytes], message: str = "Record a run") -> str:
        """A commit that only `ref` names, with exactly these files and HEAD as its parent, as recorded runs are."""
        self._second += 60
        script = [b"commit %s\n" % ref.encode(), b"committer Ada Example <ada@example.org> %d +0000\n" % self._second]
        script.append(b"data %d\n%s\n" % (len(message.encode()), message.encode()))
        if (head := self._head()) is not None:
            script.append(b"from %s\n" % head.encode())
        script.append(b"deleteall\n")
        for path, content in files.items():
            body = content.encode() if isinstance(content, str) else content
            script.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(body), body))
        self.git("fast-import", "--quiet", "--force", content=b"".join(script))
        return self.git("rev-parse", ref)

    def tag(self, name: str, target: str = "HEAD", message: str | None = None) -> str:
        """A tag, annotated when it has a message; gives the id the ref holds."""
        self.git("tag", *(["--annotate", "--message", message] if message else []), name, target)
        return self.git("rev-parse", f"refs/tags/{name}")

    def pack(self) -> None:
        """Pack all refs and objects."""
        self.git("pack-refs", "--all", "--prune")
        self.git("repack", "-a", "-d", "--quiet")

    def bare(self, name: str = "bare.git") -> RepoBuilder:
        """A bare repository with the same refs, mlver's too."""
        self.git("clone", "--quiet", "--mirror", str(self.folder), str(self.folder.parent / name))
        return RepoBuilder(self.folder.parent / name, self.home)

    def worktree(self, name: str = "second") -> RepoBuilder:
        """A second working tree of the same repository, on a branch of its own."""
        self.git("worktree", "add", "--quiet", "-b", name, str(self.folder.parent / name))
        return RepoBuilder(self.folder.parent / name, self.home)

    def shallow(self, name: str = "shallow", depth: int = 1) -> RepoBuilder:
        """A clone with only the last commits."""
        self.git("clone", "--quiet", f"--depth={depth}", f"file://{self.folder}", str(self.folder.parent / name))
        return RepoBuilder(self.folder.parent / name, self.home)

    def partial(self, name: str = "partial", left_at_remote: str = "blob:none") -> RepoBuilder:
        """A clone without the files' bytes, or another of git's filters."""
        self.git("config", "uploadpack.allowFilter", "true")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        target = str(self.folder.parent / name)
        self.git("clone", "--quiet", "--no-checkout", f"--filter={left_at_remote}", f"file://{self.folder}", target)
        return RepoBuilder(self.folder.parent / name, self.home)

    def fsck(self) -> str:
        """What `git fsck` complains about; empty when all is well."""
        return self.git("fsck", "--full", "--strict", "--no-dangling", "--no-progress")

    def _head(self) -> str | None:
        done = subprocess.run(
            ["git", "rev-parse", "--quiet", "--verify", "HEAD"],
            cwd=self.folder,
            env=scrubbed_environment(self.home),
            capture_output=True,
            check=False,
        )
        return done.stdout.decode().strip() or None
