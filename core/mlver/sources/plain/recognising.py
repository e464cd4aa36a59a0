"""Whether a commit of a plain repository holds a version of a model."""

from __future__ import annotations

from mlver.model.names import PROJECT_FILE
from mlver.model.roles import Role, is_off, role_of
from mlver.sources.survey import Survey

_TELLING = (Role.PARAMS, Role.METRICS, Role.TABLE)


def is_plain(survey: Survey) -> bool:
    """Whether there are params or metrics by their names, or a project file that says where they are."""
    return any(role_of(file.path) in _TELLING or is_project_file(file.path) for file in survey.telling)


def is_project_file(path: str) -> bool:
    """Whether a file is a mlver.yaml, in a folder that may hold a project."""
    folder, _, name = path.rpartition("/")
    return name == PROJECT_FILE and not is_off(folder)
