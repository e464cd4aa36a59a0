"""The manifest of a run, from what was known before it and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mlver.capture.masking import mask_text
from mlver.documents.reading import read_document
from mlver.manifests.metrics import Measured, collect_metrics
from mlver.model.identity import result_digest
from mlver.model.manifest import Artifact, DataFacts, FileFact, Manifest, Resources, StepFacts
from mlver.model.moments import moment
from mlver.model.project_file import Step
from mlver.model.status import Status
from mlver.recording.layout import covers
from mlver.recording.preparing import Prepared
from mlver.recording.products import Kept
from mlver.running.steps import Outcome


class Outputs(Struct, frozen=True, kw_only=True):
    """What the steps of a run made."""

    kept: Kept = Kept(files={}, large=())
    artifacts: tuple[Artifact, ...] = ()
    measured: Measured = Measured({})
    data: tuple[DataFacts, ...] = ()
    history: bytes = b""
    problems: tuple[str, ...] = ()
    """What could not be kept or read: the run is a failed one."""
    notes: tuple[str, ...] = ()
    """What the user should know though nothing failed."""


def draft_of(prepared: Prepared) -> Manifest:
    """What is known before the first step. Its status is `interrupted`: true should nothing come after it."""
    project = prepared.layout.project
    return Manifest(
        model=project.model,
        run=prepared.run,
        status=Status.INTERRUPTED,
        problem="the recording was ended before it was finished",
        recipe=prepared.recipe,
        family=prepared.family,
        created=moment(prepared.started),
        author=prepared.author,
        host=prepared.host,
        writer=prepared.writer,
        reason=mask_text(prepared.request.reason) if prepared.request.reason else None,
        parent=prepared.parent,
        code=prepared.code,
        steps=tuple(_planned(prepared, step) for step in project.steps),
        params=prepared.settings.params,
        params_from=prepared.settings.params_from,
        # What a step will make is still that of an earlier run.
        data=tuple(one for one in prepared.data if not prepared.layout.is_product(one.path)),
        bases=project.bases,
        environment=prepared.software.facts,
        hardware=prepared.software.hardware,
        seeds=prepared.settings.seeds,
        tags={**project.tags, **prepared.request.tags},
        history=_only([step.history for step in project.steps]),
        predictions=_only([step.predictions for step in project.steps]),
        ignore=project.ignore,
    )


def _planned(prepared: Prepared, step: Step) -> StepFacts:
    """A step that has not started: its external inputs are known, so a draft is compared like a run."""
    layout = prepared.layout
    patterns = layout.all_from_top(step.inputs)
    inputs = tuple(file for file in prepared.external.files if any(covers(pattern, file.path) for pattern in patterns))
    return StepFacts(name=step.name, run=step.run, cwd=layout.project.folder, inputs=inputs)


def manifest_of(prepared: Prepared, outcome: Outcome, outputs: Outputs, ended: float) -> Manifest:
    """The receipt of the run as it went."""
    files = [FileFact(path=one.path, sha256=one.sha256, size=one.size) for one in outputs.artifacts]
    return replace(
        draft_of(prepared),
        status=outcome.status,
        problem=outcome.problem,
        result=result_digest(files) if outcome.status is Status.DONE else None,
        ended=moment(ended),
        steps=tuple(_told(step, prepared.external.digests) for step in outcome.steps),
        data=outputs.data or prepared.data,
        metrics=outputs.measured.metrics,
        slices=outputs.measured.slices,
        artifacts=outputs.artifacts,
        resources=_resources(outcome),
    )


def _told(step: StepFacts, pinned: Mapping[str, str]) -> StepFacts:
    """The step, with inputs marked that were other when it started than when the recipe was made."""
    other = {file.path for file in step.inputs if pinned.get(file.path, file.sha256) != file.sha256}
    return replace(step, changed_while_running=tuple(sorted({*step.changed_while_running, *other})))


def measured_from(prepared: Prepared, contents: Mapping[str, bytes]) -> Measured:
    """The metrics in the metrics files that exist; raises DocumentInvalid for one that cannot be read."""
    documents = {path: read_document(content, name=path) for path, content in contents.items()}
    return collect_metrics(prepared.layout.project, documents)


def _resources(outcome: Outcome) -> Resources:
    ran = [step for step in outcome.steps if step.wall_s is not None]
    if not ran:
        return Resources()
    return Resources(
        wall_s=round(sum(step.wall_s or 0.0 for step in ran), 3),
        cpu_s=round(sum(step.cpu_s or 0.0 for step in ran), 3),
        peak_rss_bytes=max(step.peak_rss_bytes or 0 for step in ran),
    )


def _only(paths: list[str | None]) -> str | None:
    return next((path for path in paths if path), None)
