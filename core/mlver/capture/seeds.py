"""The seeds of a run: where the project file says they stand, read before the first step."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.model.data import Data, Scalar, value_at


def seeds_of(
    seeds: Mapping[str, str], *, documents: Mapping[str, Data], environment: Mapping[str, str]
) -> tuple[dict[str, Scalar], tuple[str, ...]]:
    """Name -> seed, and warnings about those that are not there, whose value is then None.

    `seeds` is the project file's: name -> `file:dotted.key` or the name of an environment variable, whose value stays
    text. `documents` are the params files by path, `environment` is what the steps get.
    """
    found: dict[str, Scalar] = {}
    warnings: list[str] = []
    for name, place in seeds.items():
        value, problem = _seed(place, documents, environment)
        found[name] = value
        if problem:
            warnings.append(f"seed {name}: {problem}")
    return found, tuple(warnings)


def seed_key(place: str) -> tuple[str, str] | None:
    """File and dotted key of a seed that is a param; None for an environment variable."""
    file, colon, key = place.rpartition(":")
    return (file, key) if colon else None


def _seed(place: str, documents: Mapping[str, Data], environment: Mapping[str, str]) -> tuple[Scalar, str | None]:
    where = seed_key(place)
    if where is None:
        value = environment.get(place)
        return value, None if value is not None else f"the variable {place} is not set"
    file, key = where
    if file not in documents:
        return None, f"{file} is no step's params file"
    try:
        found = value_at(documents[file], key)
    except KeyError:
        return None, f"{file} has no {key}"
    if isinstance(found, (list, dict)):
        return None, f"{key} in {file} is no single value"
    return found, None if found is not None else f"{key} in {file} is null"
