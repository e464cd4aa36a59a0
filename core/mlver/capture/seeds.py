"""The seeds of a run: where the project file says they stand, read before the first step."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.errors import RunRefused
from mlver.model.data import Data, Place, Scalar, value_at
from mlver.model.nearest import did_you_mean, dotted_keys, nearest_keys


def seeds_of(
    seeds: Mapping[str, str],
    *,
    documents: Mapping[str, Data],
    environment: Mapping[str, str],
    places: Mapping[str, Place],
) -> tuple[dict[str, Scalar], tuple[str, ...]]:
    """Name -> seed, and warnings about those that have no value, which is then None.

    `seeds` is the project file's: name -> `file:dotted.key` or the name of an environment variable, whose value stays
    text. `documents` are the params files by path, `environment` is what the steps get, `places` is where the project
    file names each seed.

    Raises RunRefused for a key that is in no file: the run would be recorded as one without that seed.
    """
    found: dict[str, Scalar] = {}
    warnings: list[str] = []
    for name, place in seeds.items():
        try:
            value, problem = _seed(place, documents, environment)
        except KeyError as error:
            raise _missing(name, place, documents, places[name]) from error
        found[name] = value
        if problem:
            warnings.append(f"seed {name}: {problem}")
    return found, tuple(warnings)


def seed_key(place: str) -> tuple[str, str] | None:
    """File and dotted key of a seed that is a param; None for an environment variable."""
    file, colon, key = place.rpartition(":")
    return (file, key) if colon else None


def _missing(name: str, place: str, documents: Mapping[str, Data], at: Place) -> RunRefused:
    file, _, key = place.rpartition(":")
    near = nearest_keys(key, dotted_keys(documents.get(file)))
    hint = did_you_mean(near) or f"write {key} into {file}, or take the seed out of mlver.yaml"
    return RunRefused(f"{at}: seed {name}: {file} has no {key}", hint=hint)


def _seed(place: str, documents: Mapping[str, Data], environment: Mapping[str, str]) -> tuple[Scalar, str | None]:
    where = seed_key(place)
    if where is None:
        value = environment.get(place)
        return value, None if value is not None else f"the variable {place} is not set"
    file, key = where
    found = value_at(documents[file], key)
    if isinstance(found, (list, dict)):
        return None, f"{key} in {file} is no single value"
    return found, None if found is not None else f"{key} in {file} is null"
