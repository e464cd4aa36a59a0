"""Versions in plain git repositories: commits that hold configs and metrics, made by no tool that mlver knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from mlver.errors import MlverError
from mlver.model.curve import Curve
from mlver.model.manifest import Artifact, FileFact, Manifest
from mlver.model.source_names import PLAIN
from mlver.sources.commits import Commits
from mlver.sources.plain.blobs import FOLDER, GIT, lfs_file, members_of
from mlver.sources.plain.by_name import by_name
from mlver.sources.plain.by_project import by_project
from mlver.sources.plain.environment import lock_facts, lock_note
from mlver.sources.plain.noting import Notes
from mlver.sources.plain.project_file import history_path, lock_path, meant, project_of

_ARTIFACT_LIMIT = 64 << 20


class PlainSource:
    """What a commit tells by the names of its files, or by a project file."""

    name = PLAIN

    def __init__(self, commits: Commits) -> None:
        self._commits = commits

    def manifest(self, place: str, model: str) -> Manifest:
        """The version of a commit; what cannot be read is a note. Raises ObjectMissing, RepositoryDamaged."""
        survey = self._commits.survey(place)
        written = self._commits.written(place)
        project, problem = project_of(self._commits, survey, model)
        notes = Notes(broken=[problem] if problem else [], others=list(survey.problems))
        lock = lock_path(project)
        environment, _ = lock_facts(self._commits, survey, place, lock)
        if note := lock_note(self._commits, survey, place, lock):
            notes.broken.append(note)
        base = Manifest(
            model=model,
            created=written.created,
            author=written.author,
            code=written.code,
            environment=environment,
        )
        if project and project.steps:
            found = by_project(self._commits, place, project, base, notes)
        else:
            found = by_name(self._commits, place, survey, base, notes)
            found = replace(found, metrics=meant(found.metrics, project))
        return replace(found, notes=notes.all, problem=notes.problem)

    def packages(self, place: str) -> Mapping[str, str] | None:
        """What the lock file names; None: there is none that can be read."""
        survey = self._commits.survey(place)
        lock = lock_path(project_of(self._commits, survey, "").project)
        return lock_facts(self._commits, survey, place, lock)[1]

    def curves(self, place: str) -> tuple[Curve, ...]:
        """The curves of the history that the project file names, else of the files that hold some."""
        from mlver.sources.plain.curves import curves_in, history_in

        survey = self._commits.survey(place)
        if history := history_path(project_of(self._commits, survey, "").project):
            return history_in(self._commits, place, history)
        return curves_in(self._commits, place, (file.path for file in (*survey.telling, *survey.others)))

    def log(self, place: str) -> bytes:  # noqa: ARG002 - the protocol asks
        """Empty: a plain repository keeps none that could be told from other texts."""
        return b""

    def files(self, place: str) -> Mapping[str, str]:
        """Path -> blob id of every file of the commit."""
        return self._commits.files(place)

    def read(self, place: str, path: str, limit: int) -> bytes:
        """A file of the commit, as git holds it."""
        return self._commits.read(place, path, limit)

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:  # noqa: ARG002 - as above
        """The bytes in git, or where Git LFS keeps them; None: not present here."""
        if artifact.sha256:
            return lfs_file(self._commits, artifact.sha256)
        checksum = artifact.checksum or ""
        if not checksum.startswith(GIT) or checksum.endswith(FOLDER):
            return None
        try:
            return self._commits.repository.blob(checksum.removeprefix(GIT), _ARTIFACT_LIMIT)
        except MlverError:
            return None

    def members(self, place: str, artifact: Artifact) -> tuple[FileFact, ...] | None:  # noqa: ARG002 - as above
        """The files of a folder that git holds."""
        return members_of(self._commits, artifact.path, artifact.checksum or "")
