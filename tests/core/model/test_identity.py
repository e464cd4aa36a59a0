"""The digests of `mlver: 1` never change: vectors, made by an independent reference, and the rules behind them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from mlver.documents.reading import read_yaml
from mlver.model.canonical import canonical_json, digest
from mlver.model.data import Data
from mlver.model.identity import (
    Ingredients,
    StepIdentity,
    environment_digest,
    family_digest,
    normalised_name,
    recipe_digest,
    result_digest,
    run_id,
)
from mlver.model.manifest import FileFact
from mlver.model.names import MODEL_NAME, RUN_ID
from tests.support import identity_reference as reference
from tests.support.data import trees, unhurried

VECTORS = Path(__file__).parents[2] / "data" / "identity"


def vectors(name: str) -> list[Any]:
    rows: Any = read_yaml((VECTORS / name).read_bytes(), name=name).data
    return [pytest.param(row, id=row["name"]) for row in rows]


def ingredients(given: dict[str, Any]) -> Ingredients:
    return Ingredients(
        code_tree=given["code"],
        steps=tuple(
            StepIdentity(
                name=step["name"],
                run=step["run"] if isinstance(step["run"], str) else tuple(step["run"]),
                inputs=tuple(step["inputs"]),
                outputs=tuple(step["outputs"]),
            )
            for step in given["steps"]
        ),
        params=given["params"],
        seed_params=tuple(tuple(path) for path in given["seed_params"]),
        inputs=given["inputs"],
        environment=given["environment"],
        seeds=given["seeds"],
        bases=tuple(given["bases"]),
    )


@pytest.mark.parametrize("row", vectors("canonical.yaml"))
def test_canonical_json_vector(row: dict[str, Any]) -> None:
    assert canonical_json(row["data"]).decode() == row["canonical"] == reference.canonical(row["data"])
    assert digest(row["data"]) == row["digest"] == reference.digest(row["data"])


@pytest.mark.parametrize("row", vectors("recipes.yaml"))
def test_recipe_and_family_vector(row: dict[str, Any]) -> None:
    given_data = row["ingredients"]

    assert recipe_digest(ingredients(given_data)) == row["recipe"] == reference.recipe(given_data)
    assert family_digest(ingredients(given_data)) == row["family"] == reference.family(given_data)


@pytest.mark.parametrize("row", vectors("results.yaml"))
def test_result_vector(row: dict[str, Any]) -> None:
    files = [FileFact(path=file["path"], sha256=file["sha256"], size=file["size"]) for file in row["files"]]

    assert result_digest(files) == row["result"] == reference.result(row["files"])


@pytest.mark.parametrize("row", vectors("environments.yaml"))
def test_environment_vector(row: dict[str, Any]) -> None:
    assert environment_digest(**row["given"]) == row["digest"] == reference.environment(row["given"])


@unhurried
@given(trees())
def test_canonical_json_agrees_with_the_reference_on_any_data(data: Data) -> None:
    assert canonical_json(data).decode() == reference.canonical(data)


@unhurried
@given(trees())
def test_the_order_of_keys_does_not_matter(data: Data) -> None:
    assert digest(turned(data)) == digest(data)


def turned(data: Data) -> Data:
    """The same data, keys entered the other way round."""
    if isinstance(data, dict):
        return {key: turned(value) for key, value in reversed(data.items())}
    return [turned(item) for item in data] if isinstance(data, list) else data


def test_half_a_surrogate_pair_has_no_digest() -> None:
    with pytest.raises(UnicodeEncodeError):
        digest(["\ud800"])


BASE = Ingredients(
    code_tree="4" * 40,
    steps=(StepIdentity(name="train", run="python train.py", inputs=("a", "b"), outputs=("m/",)),),
    params={"lr": 0.1, "seed": 1, "train": {"seed": 2, "epochs": 3}},
    seed_params=(("seed",), ("train", "seed")),
    inputs={"data.csv": "7" * 64},
    environment="sha256:" + "e" * 64,
    seeds={"numpy": 1},
)


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": {"numpy": 2}},
        {"seeds": {}},
        {"params": {"lr": 0.1, "seed": 9, "train": {"seed": 8, "epochs": 3}}},
        {"params": {"lr": 0.1, "train": {"epochs": 3}}},
    ],
)
def test_changing_only_seeds_changes_the_recipe_and_keeps_the_family(changes: dict[str, Any]) -> None:
    other = replace(BASE, **changes)

    assert recipe_digest(other) != recipe_digest(BASE)
    assert family_digest(other) == family_digest(BASE)


@pytest.mark.parametrize(
    "changes",
    [
        {"code_tree": "5" * 40},
        {"params": {**BASE.params, "lr": 0.2}},
        {"params": {**BASE.params, "lr": "0.1"}},
        {"inputs": {"data.csv": "8" * 64}},
        {"inputs": {"other.csv": "7" * 64}},
        {"environment": None},
        {"bases": ({"name": "base"},)},
        {"steps": (replace(BASE.steps[0], name="fit"),)},
        {"steps": (replace(BASE.steps[0], run="python train.py "),)},
        {"steps": (replace(BASE.steps[0], inputs=("a",)),)},
        {"steps": (replace(BASE.steps[0], outputs=("n/",)),)},
        {"steps": BASE.steps * 2},
    ],
)
def test_everything_else_changes_recipe_and_family(changes: dict[str, Any]) -> None:
    other = replace(BASE, **changes)

    assert recipe_digest(other) != recipe_digest(BASE)
    assert family_digest(other) != family_digest(BASE)


def test_the_order_of_a_steps_inputs_does_not_matter() -> None:
    turned_round = replace(BASE, steps=(replace(BASE.steps[0], inputs=("b", "a")),))

    assert recipe_digest(turned_round) == recipe_digest(BASE)


def test_finding_the_family_leaves_the_params_alone() -> None:
    family_digest(BASE)

    assert BASE.params == {"lr": 0.1, "seed": 1, "train": {"seed": 2, "epochs": 3}}


def test_a_seed_param_that_is_not_there_changes_nothing() -> None:
    other = replace(BASE, seed_params=(*BASE.seed_params, ("gone",), ("lr", "x"), ("gone", "y")))

    assert family_digest(other) == family_digest(BASE)


def test_no_outputs_have_no_result() -> None:
    assert result_digest([]) is None


@pytest.mark.parametrize(
    ("name", "normal"), [("NumPy", "numpy"), ("a_.b", "a-b"), ("Zope.Interface", "zope-interface")]
)
def test_package_names_are_compared_normalised(name: str, normal: str) -> None:
    assert normalised_name(name) == normal


def test_a_run_id_tells_its_recipe() -> None:
    name = run_id("sha256:3fa92c1e" + "0" * 56, b"\x00\xff\x10\x80")

    assert re.fullmatch(r"r3fa92c1e-[a-z2-7]{6}", name)
    assert RUN_ID.fullmatch(name)


@pytest.mark.parametrize("name", ["digits", "a", "a/b-c", "0", "a1/2"])
def test_a_model_name(name: str) -> None:
    assert MODEL_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "Digits", "-a", "a-", "/a", "a/", "a b", "a_b", "a.b", "é", "a\n"])
def test_no_model_name(name: str) -> None:
    assert not MODEL_NAME.fullmatch(name)
