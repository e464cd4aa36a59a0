"""What people call a version that has no release, and a model that names itself nowhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from mlver.catalogue.stored import Facts

_DIGITS = slice(len("sha256:"), len("sha256:") + 8)


def own_names(facts: Iterable[Facts]) -> dict[str, str]:
    """Commit -> the first 8 digits of its recipe, and which run of that recipe it is in the order they were made."""
    by_recipe: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for entry in facts:
        if recipe := entry.recipe:
            by_recipe[entry.model, recipe[_DIGITS] if recipe.startswith("sha256:") else recipe[:8]].append(entry)
    names = {}
    for (_, short), entries in by_recipe.items():
        if len(entries) > 1:  # most recipes ran once
            entries.sort(key=made_at)
        for position, entry in enumerate(entries, start=1):
            names[entry.commit_id] = f"{short}.{position}"
    return names


def made_at(facts: Facts) -> tuple[float, str]:
    """Sort key: the order in which versions were made."""
    return (facts.created or 0.0, facts.run or facts.commit_id)


def default_name(remote_url: str | None, git_dir: Path) -> str:
    """What the model of a repository is called that names none: the same in all its working trees."""
    return model_name(remote_url or "") or model_name(str(git_dir)) or "model"


def model_name(place: str) -> str:
    """What a model is called after the URL or the folder of its repository; empty when nothing of it can be a name."""
    last = place.rstrip("/").removesuffix("/.git").rpartition("/")[2].rpartition(":")[2].removesuffix(".git").lower()
    return re.sub(r"[^a-z0-9]+", "-", last).strip("-")
