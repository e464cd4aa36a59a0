"""Folders that a step writes into and that a fresh folder lacks: git keeps no empty ones."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from mlver.capture.expanding import fixed_part
from mlver.model.project_file import ProjectFile, Step


def product_folders(project: ProjectFile, step: Step, is_folder: Callable[[str], bool]) -> tuple[str, ...]:
    """The folders of all that the step is declared to make, from the top of the repository.

    A declared folder is one itself: it ends with a slash, or `is_folder` knows it as one. Of a file it is the folder
    around it, of a glob what stands before its first wildcard. What lies deeper is the step's own to make.
    """
    single = (step.history, step.predictions)
    found = {
        _folder(project.from_top(path), is_folder=path.endswith("/") or is_folder(project.from_top(path)))
        for path in (*step.outputs, *step.metrics, *(path for path in single if path))
    }
    return tuple(sorted(found - {"", "."}))


def _folder(pattern: str, *, is_folder: bool) -> str:
    before_wildcard = fixed_part(pattern)
    return pattern if is_folder else before_wildcard if before_wildcard != pattern else posixpath.dirname(pattern)
