"""What people call a version that has no release, and a model that names itself nowhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from mlver.catalogue.stored import Facts


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


def default_name(remote_url: str | None, git_dir: Path) -> str:
    """What the model of a repository is called that names none: the same in all its working trees."""
    return model_name(remote_url or "") or model_name(str(git_dir)) or "model"


def model_name(place: str) -> str:
    """What a model is called after the URL or the folder of its repository; empty when nothing of it can be a name."""
    last = place.rstrip("/").removesuffix("/.git").rpartition("/")[2].rpartition(":")[2].removesuffix(".git").lower()
    return re.sub(r"[^a-z0-9]+", "-", last).strip("-")
