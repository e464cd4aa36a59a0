"""The digests that say what a version is.

`recipe`: all that determines the outcome and is known before the first step. `family`: the same without seeds.
`result`: what came out. What is recorded is immutable, so these rules never change for `mlver: 1`; the vectors in
tests/data/identity hold them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from mlver.model.canonical import Canonical, digest
from mlver.model.data import Data, Scalar

if TYPE_CHECKING:
    from mlver.model.manifest import FileFact

_SEPARATORS = re.compile(r"[-_.]+")


class StepIdentity(Struct, frozen=True, kw_only=True):
    """What of a step belongs to the recipe: paths are relative to the top of the repository."""

    name: str
    run: str | tuple[str, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


class Ingredients(Struct, frozen=True, kw_only=True):
    """All that determines a training's outcome, known before its first step."""

    code_tree: str
    """Git tree id of the snapshot without `.mlver/`, outputs, metrics, history, external data and params files."""
    steps: tuple[StepIdentity, ...]
    params: Mapping[str, Data] = field(default_factory=dict)
    seed_params: tuple[tuple[str, ...], ...] = ()
    """Paths into `params` that are seeds: ("seed",), ("train", "seed")."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Path -> sha256 of every input that no step produces."""
    environment: str | None = None
    seeds: Mapping[str, Scalar] = field(default_factory=dict)
    bases: tuple[Mapping[str, Data], ...] = ()


def recipe_digest(ingredients: Ingredients) -> str:
    """The digest of everything, seeds included."""
    return digest(_recipe(ingredients))


def family_digest(ingredients: Ingredients) -> str:
    """The digest without the seeds and without the params named as seeds."""
    data = _recipe(ingredients)
    del data["seeds"]
    data["params"] = _without(ingredients.params, ingredients.seed_params)
    return digest(data)


def result_digest(outputs: Iterable[FileFact]) -> str | None:
    """The digest of the declared outputs, folders and globs already expanded; None when there are none."""
    files = sorted((file.path, file.sha256 or "", file.size or 0) for file in outputs)
    return digest(files) if files else None


def environment_digest(
    *, python: str, implementation: str, packages: Mapping[str, str], container: str | None = None
) -> str:
    """The digest of the software.

    `packages` are the declared lock's, else all that the interpreter sees without mlver and what only mlver needs;
    names are normalised here.
    """
    names = sorted(f"{normalised_name(name)}=={version}" for name, version in packages.items())
    return digest({"python": python, "implementation": implementation, "packages": names, "container": container})


def normalised_name(package: str) -> str:
    """A package's name as the packaging specifications compare it (PEP 503)."""
    return _SEPARATORS.sub("-", package).lower()


def run_id(recipe: str, randomness: bytes) -> str:
    """`r<first 8 of recipe>-<6 of base32>`; `randomness` is at least 4 bytes."""
    suffix = base64.b32encode(randomness).decode().lower()[:6]
    return f"r{recipe.removeprefix('sha256:')[:8]}-{suffix}"


def _recipe(ingredients: Ingredients) -> dict[str, Canonical]:
    return {
        "mlver": 1,
        "code": ingredients.code_tree,
        "steps": [
            {"name": step.name, "run": step.run, "inputs": sorted(step.inputs), "outputs": sorted(step.outputs)}
            for step in ingredients.steps
        ],
        "params": ingredients.params,
        "inputs": ingredients.inputs,
        "environment": ingredients.environment,
        "seeds": ingredients.seeds,
        "bases": list(ingredients.bases),
    }


def _without(params: Mapping[str, Data], paths: Iterable[tuple[str, ...]]) -> dict[str, Data]:
    kept = dict(params)
    for path in paths:
        head, *rest = path
        if not rest:
            kept.pop(head, None)
        elif isinstance(inner := kept.get(head), dict):
            kept[head] = _without(inner, [tuple(rest)])
    return kept
