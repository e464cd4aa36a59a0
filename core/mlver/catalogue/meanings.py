"""What the project says today of metrics and noise, for versions that say nothing themselves.

A tag of years ago knows no goals. The project file of the commit the working tree stands on does, so that every version
of the model is judged by the same rules, whoever made it.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.errors import MlverError

if TYPE_CHECKING:
    from mlver.model.manifest import Manifest
    from mlver.model.project_file import ProjectFile
    from mlver.sources.commits import Commits


class Meanings:
    """The project files of one commit."""

    def __init__(self, commits: Callable[[], Commits]) -> None:
        """`commits` is asked when a project file is read."""
        self._commits = commits
        self._projects: dict[tuple[str, str], ProjectFile | None] = {}

    def digest(self, head: str) -> str:
        """Differs when another project file stands at that commit; empty: there is none."""
        from mlver.sources.plain.recognising import is_project_file

        try:
            files = self._commits().survey(head).telling
        except MlverError:
            return ""
        ids = [f"{file.path} {file.id}" for file in files if is_project_file(file.path)]
        return sha256("\n".join(ids).encode(errors="surrogateescape")).hexdigest()[:16] if ids else ""

    def meant(self, manifest: Manifest, head: str | None) -> Manifest:
        """The version with what the project says where it says nothing itself."""
        project = self._project(head, manifest.model) if head else None
        if project is None:
            return manifest
        from mlver.sources.plain.project_file import meant

        return replace(manifest, metrics=meant(manifest.metrics, project), ignore=manifest.ignore or project.ignore)

    def _project(self, head: str, model: str) -> ProjectFile | None:
        if (head, model) not in self._projects:
            from mlver.sources.plain.project_file import project_of

            try:
                told = project_of(self._commits(), self._commits().survey(head), model)
                self._projects[head, model] = told.project
            except MlverError:
                self._projects[head, model] = None
        return self._projects[head, model]
