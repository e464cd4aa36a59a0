"""Files as users name them: a path of theirs, or `V:path` for a file of a version."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.errors import BadArgument
from mlver_tui.commands.invocation import Invocation

if TYPE_CHECKING:
    from mlver.project import Project


def is_path(folder: Path, name: str) -> bool:
    """Whether a file or folder is meant that stands there, and no version.

    A folder must be written as a path (`./a`, `a/`), for branches and tags are often called like folders.
    """
    path = folder / name
    return path.is_file() or (path.is_dir() and (name.startswith(("./", "../", "/")) or name.endswith("/")))


def of_version(folder: Path, name: str) -> tuple[str, str] | None:
    """The version and the path of `V:path`; None: it is none."""
    version, colon, path = name.partition(":")
    return (version, path) if colon and version and path and not is_path(folder, name) else None


def path_in(name: str) -> str:
    """The path without its version: formats are recognised by it too."""
    return name.rpartition(":")[2] or name


class NamedFiles(Struct):
    """Finds what names mean. The project is opened when a version is named: files alone need none."""

    invocation: Invocation
    stack: ExitStack
    """Closes the project."""
    _project: Project | None = None

    def content(self, name: str) -> Path | bytes:
        """Where it lies, or its bytes. Raises BadArgument, VersionNotFound, and as `Project.content` does."""
        folder = self.invocation.folder
        found = of_version(folder, name)
        if found is None and not (folder / name).exists():
            raise BadArgument(f"{name}: no such file", hint="a file of a version is written VERSION:path")
        if found is None:
            # Where a link leads is what its user means; the files below a folder are taken as they are.
            return (folder / name).resolve()
        version, path = found
        project = self._opened()
        return project.content(project.find(version), path)

    def _opened(self) -> Project:
        if self._project is None:
            self._project = self.stack.enter_context(self.invocation.open_project())
        return self._project
