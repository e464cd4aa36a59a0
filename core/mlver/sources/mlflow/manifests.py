"""A run of MLflow as a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.documents.reading import read_json
from mlver.errors import DocumentInvalid, ManifestInvalid, MlverError
from mlver.model.data import Data
from mlver.model.manifest import CodeFacts, DataFacts, Manifest, Resources
from mlver.model.moments import moment
from mlver.model.person import Person
from mlver.sources.commits import Commits
from mlver.sources.mlflow.artifacts import listed
from mlver.sources.mlflow.model_folder import logged_model
from mlver.sources.mlflow.records import Dataset, RunSummary, Store
from mlver.store.urls import without_user

EXPERIMENT = "mlflow.experiment"
"""Tag: the experiment's true name, of which the model's is made."""

_LONG_TAGS = frozenset({"mlflow.log-model.history", "mlflow.loggedArtifacts"})
"""Lists in JSON of what the artifacts show."""


def manifest_of(run: RunSummary, model: str, store: Store, commits: Commits | None) -> Manifest:
    """The run whole. Raises ManifestInvalid when only that it is there is known."""
    if run.is_broken:
        raise ManifestInvalid(run.problem or "cannot be read", name=f"run {run.run_id}")
    roots = store.roots(run)
    artifacts, cut = listed(roots)
    facts = logged_model(roots)
    notes = (*run.notes, *facts.notes, *cut)
    return Manifest(
        model=model,
        status=run.status,
        created=_moment(run.created),
        ended=_moment(run.ended),
        author=Person(name=run.user),
        code=_code(run, commits),
        params=run.params,
        data=tuple(_data(one) for one in store.datasets(run)),
        signature=facts.signature,
        environment=facts.environment,
        metrics=run.metrics,
        artifacts=artifacts,
        resources=Resources(wall_s=run.ended - run.created if run.created and run.ended else None),
        tags=_tags(run),
        notes=notes,
        problem=notes[0] if notes else None,
    )


def _moment(seconds: float | None) -> str | None:
    return moment(seconds) if seconds else None


def _tags(run: RunSummary) -> dict[str, str]:
    tags = {key: value for key, value in run.tags.items() if key not in _LONG_TAGS}
    if run.name:
        tags["mlflow.runName"] = run.name
    return {EXPERIMENT: run.experiment, **tags, **({"mlflow.lifecycle": "deleted"} if run.is_deleted else {})}


def _code(run: RunSummary, commits: Commits | None) -> CodeFacts:
    url = run.tags.get("mlflow.source.git.repoURL")
    return CodeFacts(
        commit=run.git_commit,
        tree=_code_digest(run.git_commit, commits),
        remote=without_user(url) if url else None,
        branch=run.tags.get("mlflow.source.git.branch"),
    )


def _code_digest(commit_id: str | None, commits: Commits | None) -> str | None:
    if commit_id is None or commits is None:
        return None
    try:
        return commits.survey(commit_id).code
    except MlverError:
        return None  # of another repository, or not present here


def _data(one: Dataset) -> DataFacts:
    profile, source = _json(one.profile), _json(one.source)
    uri = next((value for key in ("uri", "url", "path") if isinstance(value := source.get(key), str)), None)
    return DataFacts(
        name=one.name,
        path=uri or one.name,
        role=one.context,
        rows=rows if isinstance(rows := profile.get("num_rows"), int) else None,
        source=one.source or None,
        checksum=f"mlflow:{one.digest}" if one.digest else None,
    )


def _json(text: str) -> Mapping[str, Data]:
    try:
        data = read_json(text.encode(), name="data set").data if text else {}
    except DocumentInvalid:
        return {}  # what it says is shown as it stands
    return data if isinstance(data, dict) else {}
