"""Finds the mlver.yaml that is meant."""

from __future__ import annotations

import shlex
from itertools import islice
from pathlib import Path

from mlver.errors import BadArgument, NoProjectFile
from mlver.manifests.reading_project import read_project_file
from mlver.model.names import PROJECT_FILE
from mlver.model.project_file import ProjectFile
from mlver.recording.walking import files_below

_MOST_NAMED = 5


def find_project_file(folder: Path, top: Path, file: Path | None = None) -> ProjectFile:
    """The project file at `file`, else the nearest one from `folder` up to the top of the repository.

    Raises:
        NoProjectFile: there is none.
        ProjectFileInvalid: it breaks its rules; names file, line and key.
    """
    path = (folder / file) if file else _nearest(folder, top)
    if path.is_dir():
        path /= PROJECT_FILE
    if path.name != PROJECT_FILE:
        raise BadArgument(f"{path} is not called {PROJECT_FILE}", hint="each model has a folder with its own")
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise NoProjectFile(f"there is no {path}", hint="mlver init writes a first mlver.yaml") from error
    except OSError as error:
        raise BadArgument(f"{path} cannot be read: {error.strerror}") from error
    try:
        place = path.resolve().parent.relative_to(top.resolve())
    except ValueError as error:
        raise BadArgument(f"{path} lies outside the repository {top}") from error
    name = (place / path.name).as_posix()
    return read_project_file(content, name=name, folder=place.as_posix(), is_to_run=True)


def _nearest(folder: Path, top: Path) -> Path:
    for candidate in (folder, *folder.parents):
        if (candidate / PROJECT_FILE).is_file():
            return candidate / PROJECT_FILE
        if candidate == top:
            break
    raise NoProjectFile(f"there is no {PROJECT_FILE} in {folder} or above it", hint=_what_to_do(folder))


def _what_to_do(folder: Path) -> str:
    """Name the project files below, from which one can be chosen."""
    below = (path for path, _ in files_below(folder, is_closed=lambda _path: False))
    found = list(islice((path for path in below if path.rpartition("/")[2] == PROJECT_FILE), _MOST_NAMED + 1))
    if not found:
        return "mlver init writes a first one to edit"
    more = ", ..." if len(found) > _MOST_NAMED else ""
    return f"below it there is {', '.join(found[:_MOST_NAMED])}{more}: mlver run -f {shlex.quote(found[0])}"
