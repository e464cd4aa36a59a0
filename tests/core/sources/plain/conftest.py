from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from mlver.model.manifest import Manifest
from mlver.sources.commits import Commits
from mlver.sources.plain.source import PlainSource
from tests.support.git import RepoBuilder


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


@pytest.fixture
def source(repo: RepoBuilder) -> Iterator[PlainSource]:
    """Reads what is in the repository."""
    with ExitStack() as stack:
        yield PlainSource(Commits(stack.enter_context(repo.open())))


@pytest.fixture
def read(repo: RepoBuilder, source: PlainSource) -> Callable[[Mapping[str, str | bytes]], Manifest]:
    """Commits files and reads the commit as a version of model `m`."""
    return lambda files: source.manifest(repo.commit(files), "m")
