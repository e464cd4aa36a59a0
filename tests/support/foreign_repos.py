"""Repositories that mlver recorded nothing in: what their commits hold, and how mlver sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mlver.model.scope import USUAL, Scope
from mlver.model.version import Listing, VersionRow
from mlver.project import Project
from tests.support.git import RepoBuilder, scrubbed_environment

PIPELINE = """\
stages:
  train:
    cmd: python train.py
    deps: [train.py]
    params: [lr]
    metrics:
      - metrics.json: {cache: false}
"""


def plain_files(lr: float = 0.1, accuracy: float = 0.9, **more: str) -> Mapping[str, str | bytes]:
    """Params and metrics by names that everybody gives them; `more` by name, `mlver_yaml` being `mlver.yaml`."""
    files: dict[str, str | bytes] = {"params.yaml": f"lr: {lr}\n", "metrics.json": f'{{"accuracy": {accuracy}}}\n'}
    return files | {name.replace("_", "."): text for name, text in more.items()}


def dvc_files(lr: float = 0.1, accuracy: float = 0.9) -> Mapping[str, str | bytes]:
    """A pipeline of one step, and its lock."""
    lock = f"""\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    params:
      params.yaml:
        lr: {lr}
"""
    return {**plain_files(lr, accuracy), "dvc.yaml": PIPELINE, "dvc.lock": lock, "train.py": "print('train')\n"}


def cache_of(repo: RepoBuilder) -> Path:
    """The user's folder for what cannot be kept in the repository."""
    return repo.home / ".cache" / "mlver"


@contextmanager
def opened(repo: RepoBuilder, scope: Scope = USUAL, folder: Path | None = None) -> Iterator[Project]:
    """The repository as front ends open it."""
    environment = scrubbed_environment(repo.home)
    with Project.open(folder or repo.folder, environment=environment, cache=cache_of(repo), scope=scope) as project:
        yield project


def listing_of(repo: RepoBuilder, scope: Scope = USUAL) -> Listing:
    """The list as it is now."""
    with opened(repo, scope) as project:
        return project.refresh()


def by_name(listing: Listing) -> dict[str, VersionRow]:
    """The rows by what they are called first."""
    return {row.name: row for row in listing.rows}


def names_of(listing: Listing) -> list[str]:
    """What the rows are called, in the order of the list."""
    return [row.name for row in listing.rows]


def parents_of(listing: Listing) -> dict[str, str | None]:
    """Name of each row -> name of its parent's, whether that is listed or not."""
    names = {row.key: row.name for row in (*listing.rows, *listing.kin)}
    return {row.name: names.get(row.parent or "") for row in listing.rows}


def experiment(repo: RepoBuilder, name: str, base: str, files: Mapping[str, str | bytes]) -> str:
    """A commit on top of `base` in the ref that DVC gives an experiment; the working tree is as before."""
    branch = repo.git("symbolic-ref", "--short", "HEAD")
    repo.git("checkout", "--quiet", "--detach", base)
    commit = repo.commit(files, f"dvc: commit experiment {name}")
    repo.git("checkout", "--quiet", branch)
    repo.git("update-ref", f"refs/exps/{base[:2]}/{base[2:]}/{name}", commit)
    return commit
