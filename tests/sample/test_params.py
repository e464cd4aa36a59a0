"""The project files of every chapter are sound, and the params keep to their schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from mlver.manifests.reading_project import read_project_file
from sample_repo.project_files import HERE

SCHEMA = json.loads((HERE / "project" / "params.schema.json").read_text())
PROJECT_FILES = sorted([*(HERE / "project").rglob("mlver.yaml"), *(HERE / "chapters").glob("*/mlver.yaml")])
FILES = sorted([HERE / "project" / "params.yaml", *(HERE / "chapters").glob("*/params.yaml")])


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema of every object in it, itself first."""
    if schema["type"] == "object":
        yield schema
        for inner in schema["properties"].values():
            yield from objects(inner)


def breaches(schema: dict[str, Any], params: dict[str, Any]) -> Iterator[str]:
    """Keys that are missing or not allowed."""
    yield from (f"{key} is missing" for key in schema["required"] if key not in params)
    yield from (f"{key} is unknown" for key in params if key not in schema["properties"])
    for key, inner in schema["properties"].items():
        if inner["type"] == "object":
            yield from breaches(inner, params.get(key, {}))


def test_no_object_allows_keys_it_does_not_name() -> None:
    schemas = list(objects(SCHEMA))

    assert len(schemas) == 5
    for schema in schemas:
        assert schema["additionalProperties"] is False
        assert set(schema.get("required", ())) <= set(schema["properties"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_the_params_keep_to_the_schema(path: Any) -> None:
    assert not list(breaches({"required": [], **SCHEMA}, yaml.safe_load(path.read_text())))


def test_a_misspelt_key_breaks_the_schema() -> None:
    params = yaml.safe_load(FILES[0].read_text())
    params["optimiser"]["momentun"] = 0.9

    assert list(breaches(SCHEMA, params)) == ["momentun is unknown"]


@pytest.mark.parametrize("path", PROJECT_FILES, ids=lambda path: path.parent.name)
def test_mlver_reads_every_project_file_without_a_warning(path: Any) -> None:
    project = read_project_file(path.read_bytes(), name="mlver.yaml")

    assert project.model in {"digits", "parity"}
    assert project.lock == "requirements.lock"
    assert project.warnings == ()
