"""The project files of every chapter are sound, and the params keep to their schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlver.documents.reading import read_document
from mlver.manifests.params_schema import breaches
from mlver.manifests.reading_project import read_project_file
from sample_repo.project_files import HERE

DOCUMENT = read_document((HERE / "project" / "params.schema.json").read_bytes(), name="params.schema.json")
SCHEMA: Any = DOCUMENT.data
PROJECT_FILES = sorted([*(HERE / "project").rglob("mlver.yaml"), *(HERE / "chapters").glob("*/mlver.yaml")])
FILES = sorted([HERE / "project" / "params.yaml", *(HERE / "chapters").glob("*/params.yaml")])


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema of every object in it, itself first."""
    if schema["type"] == "object":
        yield schema
        for inner in schema["properties"].values():
            yield from objects(inner)


def test_no_object_allows_keys_it_does_not_name() -> None:
    schemas = list(objects(SCHEMA))

    assert len(schemas) == 5
    for schema in schemas:
        assert schema["additionalProperties"] is False
        assert set(schema.get("required", ())) <= set(schema["properties"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_params_keep_to_the_schema(path: Any) -> None:
    assert breaches({path.name: read_document(path.read_bytes(), name=path.name)}, DOCUMENT, name="s.json") == ()


@pytest.mark.parametrize("path", PROJECT_FILES, ids=lambda path: path.parent.name)
def test_mlver_reads_every_project_file_without_a_warning(path: Any) -> None:
    project = read_project_file(path.read_bytes(), name="mlver.yaml")

    assert project.model in {"digits", "parity"}
    assert project.lock == "requirements.lock"
    assert project.warnings == ()
