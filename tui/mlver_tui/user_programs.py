"""Programs of the user's: where they lie, and the variables they are started with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping


def fixed_places(path: str) -> str:
    """PATH without what is relative: such a place could lie in a repository."""
    return os.pathsep.join(place for place in path.split(os.pathsep) if os.path.isabs(place))  # noqa: PTH117 - text stays text


def find_program(name: str, environment: Mapping[str, str]) -> str | None:
    """Where a program lies; None: nowhere on the PATH."""
    return shutil.which(name, path=fixed_places(environment.get("PATH", "")))


def program_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's variables, for a program of the user's."""
    return {**environment, "PATH": fixed_places(environment.get("PATH", ""))}
