"""What people call a version: its newest release, else the first 8 of its recipe and its ordinal there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from mlver.catalogue.stored import Facts

RELEASE_TAG = re.compile(r"(?P<model>[a-z0-9](?:[a-z0-9/-]*[a-z0-9])?)@(?P<version>v\d+\.\d+\.\d+[0-9A-Za-z.+-]*)")
"""A registration in the Git Tag Ops grammar: `digits@v1.4.0`."""


def releases_by_commit(releases: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(commit, model) -> release versions, highest first, from tag name -> commit."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tag, commit_id in releases.items():
        if match := RELEASE_TAG.fullmatch(tag):
            found[commit_id, match["model"]].append(match["version"])
    return {place: tuple(sorted(names, key=_precedence, reverse=True)) for place, names in found.items()}


def ordinals(facts: Iterable[Facts]) -> dict[str, int]:
    """Commit -> which run of its recipe it is, counted from 1 in the order they were made."""
    by_recipe: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for entry in facts:
        if entry.recipe:
            by_recipe[entry.model, short_recipe(entry.recipe)].append(entry)
    return {
        entry.commit_id: position
        for entries in by_recipe.values()
        for position, entry in enumerate(sorted(entries, key=made_at), start=1)
    }


def made_at(facts: Facts) -> tuple[float, str]:
    """Sort key: the order in which versions were made."""
    return (facts.created or 0.0, facts.run or facts.commit_id)


def short_recipe(recipe: str) -> str:
    """The first 8 digits of a recipe, as names show it."""
    return recipe.removeprefix("sha256:")[:8]


def _precedence(version: str) -> tuple[tuple[int, ...], bool, str]:
    # Semantic versioning: 1.10.0 above 1.9.0, and 1.0.0 above 1.0.0-rc.1.
    core, _, rest = version.removeprefix("v").partition("-")
    numbers = tuple(int(part) for part in core.split("+")[0].split(".") if part.isdecimal())
    return numbers, not rest, rest
