"""What the project says today of metrics, noise and files, for versions that say nothing themselves.

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

    def with_files(self, manifest: Manifest, head: str | None, *, is_of_store: bool) -> Manifest:
        """The version with the files and columns that the project names and the version has.

        Its predictions, where it names none, and the columns that are learned. For a version that is opened: git is
        asked. `is_of_store`: what came out lies in a store, under names of its own, and nothing of it in the commit.
        """
        project = self._project(head, manifest.model) if head else None
        if project is None:
            return manifest
        from mlver.sources.plain.project_file import predictions_path

        targets = {project.from_top(one.path): one.target for one in project.data}
        data = tuple(replace(one, target=one.target or targets.get(one.path)) for one in manifest.data)
        path = predictions_path(project)
        find = _in_store if is_of_store else self._in_commit
        return replace(manifest, data=data, predictions=manifest.predictions or (path and find(path, manifest)))

    def _in_commit(self, path: str, manifest: Manifest) -> str | None:
        """The path where it is an output, part of one that is a folder, or a file of the commit."""
        kept = [one.path for step in manifest.steps for one in step.outputs] + [one.path for one in manifest.artifacts]
        if any(path == one or path.startswith(f"{one}/") for one in kept):
            return path
        try:
            commit = manifest.code.commit
            return path if commit and self._commits().repository.entry(commit, path) else None
        except MlverError:
            return None

    def _project(self, head: str, model: str) -> ProjectFile | None:
        if (head, model) not in self._projects:
            from mlver.sources.plain.project_file import project_of

            try:
                told = project_of(self._commits(), self._commits().survey(head), model)
                self._projects[head, model] = told.project
            except MlverError:
                self._projects[head, model] = None
        return self._projects[head, model]


def _in_store(path: str, manifest: Manifest) -> str | None:
    """The output of that path, else the only one of that name."""
    kept = [one.path for one in manifest.artifacts]
    name = path.rpartition("/")[2]
    called = [one for one in kept if one.rpartition("/")[2] == name]
    if path in kept:
        return path
    return called[0] if len(called) == 1 else None
