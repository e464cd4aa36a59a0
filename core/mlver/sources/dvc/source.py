"""Reads the versions of DVC projects: commits whose tree holds a pipeline or a pointer of DVC."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from mlver.model.curve import Curve
from mlver.model.manifest import Artifact, FileFact, Manifest
from mlver.model.source_names import DVC
from mlver.sources.commits import Commits
from mlver.sources.dvc.cache import Listing, LocalCache
from mlver.sources.dvc.contents import Contents, expanded
from mlver.sources.dvc.facts import artifact_facts, data_facts, step_facts
from mlver.sources.dvc.project import Project, read_project
from mlver.sources.dvc.recognising import is_record, project_of
from mlver.sources.dvc.tracked import FOLDER, Tracked
from mlver.sources.dvc.values import asked_params, metrics_of, params_of
from mlver.sources.merging import merged_metrics, merged_params, telling_first
from mlver.sources.plain.blobs import content_of
from mlver.sources.plain.environment import lock_facts, lock_note
from mlver.sources.plain.noting import Notes
from mlver.store.repository import READ_LIMIT, TreeEntry

PROJECTS_KEPT = 8
"""Commits whose files stay known; a comparison asks of two, many times."""


class DvcSource:
    """Versions by what DVC's own files say; DVC itself is not needed."""

    name = DVC

    def __init__(self, commits: Commits) -> None:
        self._commits = commits
        self._known: OrderedDict[str, tuple[Project, Contents]] = OrderedDict()

    def manifest(self, place: str, model: str) -> Manifest:
        """The version at a commit. Raises ObjectMissing, RepositoryDamaged for the commit itself."""
        project, contents = self._read(place)
        notes = Notes(broken=list(project.notes.broken), others=list(project.notes.others))
        params = params_of(project, contents, notes)
        metrics = metrics_of(project, contents, notes)
        environment, _ = lock_facts(self._commits, project.survey, place)
        if problem := lock_note(self._commits, project.survey, place):
            notes.broken.append(problem)
        written = self._commits.written(place)
        return Manifest(
            model=model,
            created=written.created,
            author=written.author,
            code=written.code,
            steps=step_facts(project),
            params=merged_params(params),
            params_from=dict.fromkeys(params),
            unread=tuple(
                path for path in asked_params(project, contents) if path not in params and contents.file(path)
            ),
            data=data_facts(project),
            environment=environment,
            metrics=telling_first(merged_metrics(metrics)),
            artifacts=artifact_facts(project, contents),
            problem=notes.problem,
            notes=notes.all,
            absent=tuple(contents.absent),
            unknown={"artifacts": dict(project.artifacts)} if project.artifacts else {},
        )

    def packages(self, place: str) -> Mapping[str, str] | None:
        """What the lock file that counts pins."""
        return lock_facts(self._commits, self._commits.survey(place), place)[1]

    def curves(self, place: str) -> tuple[Curve, ...]:
        """Curves of the plots that are in git or in the local cache. Raises MlverError when none can be read."""
        from mlver.sources.dvc.curves import curves_of

        return curves_of(*self._read(place))

    def log(self, place: str) -> bytes:  # noqa: ARG002  # a Source is asked
        """DVC keeps none."""
        return b""

    def files(self, place: str) -> Mapping[str, str]:
        """Path -> blob id of every file of the commit but what is shown as something else.

        Locks and pointers record outputs and data; metrics and params have sections of their own.
        """
        project, contents = self._read(place)
        shown = {*asked_params(project, contents), *expanded(project.metrics, contents)}
        files = self._commits.files(place).items()
        return {path: blob for path, blob in files if path not in shown and not is_record(path)}

    def read(self, place: str, path: str, limit: int) -> bytes:
        """A file of the commit, as git holds it."""
        return self._commits.read(place, path, limit)

    def open_artifact(self, place: str, artifact: Artifact) -> Path | bytes | None:
        """The bytes of an output that git keeps, or where the local cache has it.

        Raises ObjectMissing for what Git LFS keeps and is not here, LimitReached.
        """
        _, contents = self._read(place)
        entry = contents.file(artifact.path)
        if entry is not None:
            return content_of(self._commits, entry.id, artifact.path, READ_LIMIT)
        found = contents.cache_of(artifact.path).path_of(artifact.checksum)
        return None if found is None or found.name.endswith(FOLDER) else found

    def members(self, place: str, artifact: Artifact) -> tuple[FileFact, ...] | None:
        """The files of an output that is a folder. Raises DocumentInvalid for a listing that is none."""
        found = self.listing(place, artifact)
        return found.files if found else None

    def listing(self, place: str, artifact: Artifact) -> Listing | None:
        """As `members`, with what was left out and why."""
        project, contents = self._read(place)
        known = project.outputs.get(artifact.path)
        if known is None or known.checksum != artifact.checksum:
            known = Tracked(path=artifact.path, checksum=artifact.checksum)
        return contents.listing(known)

    def _read(self, place: str) -> tuple[Project, Contents]:
        """What the commit holds, kept for what is asked of it next."""
        known = self._known.get(place)
        if known is None or known[1].absent:  # what was not in the cache may have come since
            project = read_project(self._commits, place)
            entries: dict[str, TreeEntry | None] = {one.path: one.entry for one in project.survey.telling}
            contents = Contents(self._commits, place, project.outputs, self._caches_of(project), entries)
            known = self._known[place] = (project, contents)
            if len(self._known) > PROJECTS_KEPT:
                self._known.popitem(last=False)
        return known

    def _caches_of(self, project: Project) -> Callable[[str], LocalCache]:
        """Gives the cache of the project that the file at a path belongs to."""
        folder = self._commits.repository.folder
        cache_at = cache(lambda top: LocalCache.of_project(folder / top))
        return lambda path: cache_at(project_of(path, project.tops))
