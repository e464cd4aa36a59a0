"""DVC projects in several shapes, each built once by the real dvc."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import dvc_shapes
from tests.support.dvc_projects import DvcProject
from tests.support.git import RepoBuilder


@pytest.fixture(scope="session")
def simple(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.simple(tmp_path_factory.mktemp("simple"))


@pytest.fixture(scope="session")
def templated(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.templated(tmp_path_factory.mktemp("templated"))


@pytest.fixture(scope="session")
def nested(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.nested(tmp_path_factory.mktemp("nested"))


@pytest.fixture(scope="session")
def below(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.nested(tmp_path_factory.mktemp("below"), top="ml/project")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def experiments(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.experiments(tmp_path_factory.mktemp("experiments"))


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> DvcProject:
    return dvc_shapes.odd(tmp_path_factory.mktemp("odd"))


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)
