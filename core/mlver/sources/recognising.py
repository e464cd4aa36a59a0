"""Which kind of history a commit belongs to: a repository changes its kind over time."""

from __future__ import annotations

from typing import NamedTuple

from mlver.errors import ManifestInvalid, MlverError
from mlver.model.names import MODEL_NAME, PROJECT_FILE
from mlver.model.source_names import DVC, NATIVE, PLAIN
from mlver.sources.commits import Commits
from mlver.sources.native import MANIFEST_PATH
from mlver.sources.survey import Survey


class Recognised(NamedTuple):
    """What a commit alone tells."""

    source: str
    """The source that reads it; empty: it holds no version."""
    model: str
    """The model it names itself; empty: it names none."""


NOTHING = Recognised("", "")


def recognise(commits: Commits, commit_id: str) -> Recognised:
    """The kind of history of one commit. Raises ObjectMissing, RepositoryDamaged."""
    from mlver.sources.dvc.recognising import is_dvc
    from mlver.sources.plain.recognising import is_plain

    survey = commits.survey(commit_id)
    if (model := _recorded_model(commits, commit_id)) is not None:
        return Recognised(NATIVE, model)
    if is_dvc(survey):
        return Recognised(DVC, _named_model(commits, commit_id, survey))
    if is_plain(survey):
        return Recognised(PLAIN, _named_model(commits, commit_id, survey))
    return NOTHING


def _recorded_model(commits: Commits, commit_id: str) -> str | None:
    """The model of a run that mlver recorded as this very commit.

    A branch that was started from a run has the run's manifest in its tree, and is no run: the manifest names the
    commit its code stood on, which is the parent of the run's own commit.
    """
    from mlver.sources.native import read_native

    if commits.repository.entry(commit_id, MANIFEST_PATH) is None:
        return None
    try:
        manifest = read_native(commits.repository, commit_id)
    except ManifestInvalid:
        return None
    parents = commits.repository.commit(commit_id).parents
    is_own = manifest.code.commit in parents if manifest.code.commit else not parents
    return manifest.model if is_own else None


def _named_model(commits: Commits, commit_id: str, survey: Survey) -> str:
    """The model that the project file at the top names, else the only one; empty: none, or it cannot be read."""
    from mlver.sources.plain.recognising import is_project_file

    files = [file.path for file in survey.telling if is_project_file(file.path)]
    if PROJECT_FILE not in files and len(files) != 1:
        return ""
    try:
        data = commits.document(commit_id, PROJECT_FILE if PROJECT_FILE in files else files[0]).data
    except MlverError:
        return ""  # the reader of the version says what is wrong with it
    name = data.get("model") if isinstance(data, dict) else None
    return name if isinstance(name, str) and MODEL_NAME.fullmatch(name) else ""
