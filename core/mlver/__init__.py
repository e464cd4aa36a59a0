"""Reproducible model versions in a git repository: the public API, loaded lazily."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlver.errors import MlverError
    from mlver.project import Project

__version__ = "0.1.0"

__all__ = ["MlverError", "Project", "__version__"]


def __getattr__(name: str) -> object:
    if name == "Project":
        from mlver.project import Project

        return Project
    if name == "MlverError":
        from mlver.errors import MlverError

        return MlverError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
