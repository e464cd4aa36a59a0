"""docs/format.md says what the code does: its vectors hold, and no key is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mlver.documents.reading import read_yaml
from mlver.manifests import reading, reading_project
from mlver.manifests.reading_project import read_project_file
from mlver.model.identity import (
    Ingredients,
    StepIdentity,
    environment_digest,
    family_digest,
    recipe_digest,
    result_digest,
    run_id,
)
from mlver.model.manifest import FileFact

GUIDE = (Path(__file__).parents[3] / "docs" / "format.md").read_text(encoding="utf-8")
VECTOR = re.compile(r"```json\n(?P<canonical>.*)\n```\n\n`(?P<digest>sha256:[0-9a-f]{64})`")


def vectors() -> list[tuple[str, str]]:
    return [(found["canonical"], found["digest"]) for found in VECTOR.finditer(GUIDE)]


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}")[1].split("\n## ")[0]


def documented(title: str) -> set[str]:
    """Every word in backticks in the section's tables."""
    rows = [row for row in section(title).splitlines() if row.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_the_guide_shows_a_vector_of_each_digest() -> None:
    environment, recipe, family, result = (json.loads(canonical) for canonical, _ in vectors())
    (step,) = recipe["steps"]
    ingredients = Ingredients(
        code_tree=recipe["code"],
        steps=(StepIdentity(**step),),
        params=recipe["params"],
        seed_params=(("seed",),),
        inputs=recipe["inputs"],
        environment=recipe["environment"],
        seeds=recipe["seeds"],
        bases=tuple(recipe["bases"]),
    )
    made = [
        environment_digest(
            python=environment["python"],
            implementation=environment["implementation"],
            packages=dict(package.split("==") for package in environment["packages"]),
        ),
        recipe_digest(ingredients),
        family_digest(ingredients),
        result_digest([FileFact(path=path, sha256=digits, size=size) for path, digits, size in result]),
    ]

    assert [digest for _, digest in vectors()] == made
    assert "seeds" not in family
    assert run_id(made[1] or "", b"0000")[:10] in GUIDE


@pytest.mark.parametrize(("canonical", "digest"), vectors())
def test_a_digest_is_the_sha256_of_the_bytes_shown(canonical: str, digest: str) -> None:
    assert digest == "sha256:" + sha256(canonical.encode()).hexdigest()


def test_every_key_of_a_manifest_is_documented() -> None:
    nested: list[Mapping[str, Any]] = [
        reading.PERSON, reading.CODE, reading.STEP, reading.FILE, reading.DATA, reading.ENVIRONMENT, reading.LOCK,
        reading.HARDWARE, reading.GPU, reading.METRIC, reading.SLICE, reading.ARTIFACT, reading.RESOURCES,
    ]  # fmt: skip
    keys = {key for fields in [reading.MANIFEST, *nested] for key in fields}

    assert keys - documented("The manifest") == set()


def test_every_key_of_a_project_file_is_documented() -> None:
    def below(head: str, keys: Iterable[str]) -> set[str]:
        return {f"{head}.{key}" for key in keys}

    keys = (
        set(reading_project.PROJECT) - {"environment", "config", "code"}
        | below("steps.*", reading_project.STEP)
        | below("data.*", reading_project.DATA)
        | below("metrics.*", reading_project.METRIC)
        | below("bases[]", reading_project.BASE)
        | below("environment", reading_project.ENVIRONMENT)
        | below("config", reading_project.CONFIG)
        | below("code", reading_project.CODE)
    )

    assert keys - documented("The project file") == set()


def test_the_guides_project_file_is_valid_and_without_a_warning() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", section("The project file"), re.DOTALL)

    project = read_project_file(example.encode(), name="mlver.yaml")

    assert project.warnings == ()
    assert [step.name for step in project.steps] == ["prepare", "train", "evaluate"]


def test_the_guides_table_of_yaml_readings_holds() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$", section("How YAML"), re.MULTILINE)

    assert len(rows) >= 9
    for word, here, elsewhere in rows:
        document = read_yaml(f"key: {word}".encode(), name="x.yaml")
        data: Any = document.data
        (warning,) = document.warnings
        assert ("text" if isinstance(data["key"], str) else repr(data["key"])) == here
        assert f"take {word} for {elsewhere}, here it is {here}" in warning.text
