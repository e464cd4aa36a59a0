"""Runs a version again in a fresh folder, holds what comes out to what was recorded, keeps the record."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.capture.fingerprints import Links
from mlver.capture.interpreter import interpreter_of, step_environment
from mlver.capture.masking import Mask, secret_values
from mlver.capture.product_folders import product_folders
from mlver.capture.step_environments import environments_within
from mlver.capture.step_files import StepFiles
from mlver.documents.reading import read_document
from mlver.errors import Interrupted, MlverError, ReplayRefused
from mlver.formats.blob import Blob
from mlver.formats.registry import hold_same_values
from mlver.manifests.metrics import collect_metrics
from mlver.manifests.reading_project import read_project_file
from mlver.model.manifest import FileFact, HardwareFacts, Manifest
from mlver.model.metric import Metric
from mlver.model.moments import moment
from mlver.model.names import PROJECT_FILE
from mlver.model.project_file import ProjectFile
from mlver.model.replay import MetricVerdict, OutputVerdict, ReplayPlan, ReplayRecord
from mlver.model.status import Status
from mlver.model.version import Agreement, Version
from mlver.progress import ShouldStop, never
from mlver.replay.judging import first_divergence, metric_verdicts, overall
from mlver.replay.planning import Here, Machine, current_machine, drift_of, external_files, how_it_ended, project_folder
from mlver.replays.records import keep_replay
from mlver.running.checkout import Missing, link_own, make_folders
from mlver.running.events import OutputArrived, Phase, RunEvent
from mlver.running.log import LogTail
from mlver.running.steps import Outcome, StepSpec, Surroundings, run_steps
from mlver.running.workspace import workspace
from mlver.sources.native import MANIFEST_PATH
from mlver.store.pointers import is_own_attributes

_OWN_FOLDER = MANIFEST_PATH.partition("/")[0] + "/"
_ATTRIBUTES_LIMIT = 1 << 20
_PROJECT_LIMIT = 1 << 20
_MOST_NOTES = 5
_RECORDED = "recorded"
"""Folder beside the workspace for what was recorded."""
_NO_MACHINE = Machine(environment=Manifest(model="").environment, packages={}, hardware=HardwareFacts())


class Replay(Struct, frozen=True, kw_only=True):
    """One replay under way."""

    version: Version
    plan: ReplayPlan
    here: Here
    on_event: Callable[[RunEvent], None]
    should_stop: ShouldStop = never
    workspaces: Path
    """Where the fresh folder is made."""
    clock: Callable[[], float] = time.time


def replay(work: Replay) -> ReplayRecord:
    """Do what the plan says, and keep the record.

    Raises:
        ReplayRefused: the plan has obstacles, or the workspace could not be made as it was recorded.
        Interrupted: the user stopped it; nothing is kept.
    """
    if work.plan.obstacles:
        raise ReplayRefused(work.plan.obstacles[0], hint="nothing was started")
    started = work.clock()
    log = LogTail()
    with workspace(work.workspaces, name=f"replay-{work.version.row.name}") as root:
        folder = root / "work"
        work.on_event(Phase("making the workspace"))
        _fill(work, folder)
        work.on_event(Phase("looking at the environment"))
        machine = _machine(work)
        outcome = _run(work, folder, log)
        if outcome.status is Status.INTERRUPTED:
            raise Interrupted("the replay was stopped", hint="nothing was kept of it")
        work.on_event(Phase("comparing"))
        outputs = _output_verdicts(work, root, outcome)
        measured = _measured(work, folder, outcome)
    if measured.problem:
        outcome = replace(outcome, problem=measured.problem)
    metrics = metric_verdicts(work.version.manifest.metrics, measured.metrics)
    record = _record(work, outcome, outputs, metrics, machine, started)
    keep_replay(work.here.repository, record, log.content(), when=work.clock())
    return record


def _fill(work: Replay, folder: Path) -> None:
    manifest, commit = work.version.manifest, work.version.row.commit
    made = {output.path for step in manifest.steps for output in step.outputs}
    own_attributes = _own_attributes(work)

    def wanted(path: str) -> bool:
        return not (path.startswith(_OWN_FOLDER) or path in made or path in own_attributes)

    checkout = work.here.checkout
    missing = checkout.fill(folder, commit, wanted=wanted, should_stop=work.should_stop)
    placed = {file.path for file in missing}
    absent = [
        fact for fact in external_files(manifest) if not (folder / fact.path).exists() and fact.path not in placed
    ]
    needed = {fact.path for fact in external_files(manifest)}
    missing += checkout.place(folder, absent)
    problems = [one for one in missing if one.path in needed]
    if problems:
        raise ReplayRefused(
            f"{problems[0].path}: {problems[0].why}", hint="nothing was started; the version needs this file"
        )
    _tell_missing(work, missing)
    _check_inputs(folder, external_files(manifest))


def _tell_missing(work: Replay, missing: tuple[Missing, ...]) -> None:
    """Say what is not in the workspace: no declared input, but a step may look at it all the same."""
    for one in missing[:_MOST_NOTES]:
        work.on_event(Phase(f"note: {one.path} is not in the workspace: {one.why}"))
    if len(missing) > _MOST_NOTES:
        more = len(missing) - _MOST_NOTES
        said = "1 more file is" if more == 1 else f"{more} more files are"
        work.on_event(Phase(f"note: {said} not in the workspace"))


def _check_inputs(folder: Path, facts: tuple[FileFact, ...]) -> None:
    files = StepFiles(folder, links=Links.INSIDE)
    for recorded, found in zip(facts, files.read_files(fact.path for fact in facts), strict=True):
        if recorded.sha256 and found.sha256 != recorded.sha256:
            raise ReplayRefused(
                f"{recorded.path} is not what was recorded (sha256 {(found.sha256 or '')[:12]}, "
                f"recorded {recorded.sha256[:12]})",
                hint="nothing was started; a git filter or line-end setting may have changed it when it was recorded",
            )


def _own_attributes(work: Replay) -> frozenset[str]:
    """The .gitattributes that mlver itself put beside pointers."""
    repository = work.here.repository
    paths = (file.path for file in repository.files(work.version.row.commit) if file.path.endswith(".gitattributes"))
    return frozenset(
        path for path in paths if is_own_attributes(repository.read(work.version.row.commit, path, _ATTRIBUTES_LIMIT))
    )


def _machine(work: Replay) -> Machine:
    try:
        return current_machine(work.version, work.here)
    except MlverError as error:
        work.on_event(OutputArrived(f"the environment could not be read: {error.message}\n".encode()))
        return _NO_MACHINE


def _run(work: Replay, folder: Path, log: LogTail) -> Outcome:
    manifest = work.version.manifest
    home = project_folder(manifest, work.here.repository.folder)
    environment = step_environment(work.here.environment, project=home) | dict(work.plan.variables)
    commands = [(step.run, step.cwd) for step in manifest.steps]
    top = work.here.repository.folder
    link_own(folder, top, environments_within(top, commands, environment))

    def note(event: RunEvent) -> None:
        if isinstance(event, OutputArrived):
            log.add(event.data)
        work.on_event(event)

    def program_of(step: StepSpec) -> str | None:
        return interpreter_of(step.run, cwd=folder / step.cwd, environment=environment)

    around = Surroundings(
        folder=folder,
        environment=environment,
        files=StepFiles(folder, links=Links.INSIDE),
        mask=lambda: Mask(secret_values(environment)),
        program_of=program_of,
        before_step=lambda step: make_folders(folder, step.folders),
    )
    return run_steps(_specs(manifest, folder), around, on_event=note, should_stop=work.should_stop)


def _specs(manifest: Manifest, folder: Path) -> list[StepSpec]:
    folders = _folders_by_step(manifest, folder)
    return [
        StepSpec(
            name=step.name,
            run=step.run,
            cwd=step.cwd,
            inputs=tuple(file.path for file in step.inputs),
            products=tuple(file.path for file in step.outputs),
            folders=tuple(path for path in folders.get(step.name, ()) if path not in step.made_folders),
        )
        for step in manifest.steps
    ]


def _folders_by_step(manifest: Manifest, folder: Path) -> Mapping[str, tuple[str, ...]]:
    """What each step writes into, as the version's project file declares it; nothing where that cannot be read."""
    made = [output.path for step in manifest.steps for output in step.outputs]

    def is_folder(path: str) -> bool:
        return any(one.startswith(f"{path}/") for one in made)

    try:
        project = _project_of(manifest, folder)
    except (MlverError, OSError):
        return {}  # a step that needs no such folder runs all the same
    return {step.name: product_folders(project, step, is_folder) for step in project.steps}


def _project_of(manifest: Manifest, folder: Path) -> ProjectFile:
    """The project file in the workspace. Raises MlverError or OSError when it cannot be read."""
    home = manifest.steps[0].cwd
    content = (folder / home / PROJECT_FILE).read_bytes()[:_PROJECT_LIMIT]
    return read_project_file(content, name=PROJECT_FILE, folder=home)


def _output_verdicts(work: Replay, root: Path, outcome: Outcome) -> tuple[OutputVerdict, ...]:
    made = {output.path: output for step in outcome.steps for output in step.outputs}
    _bring_recorded(work, root, made)
    verdicts = []
    for artifact in work.version.manifest.artifacts:
        recorded = FileFact(path=artifact.path, sha256=artifact.sha256, size=artifact.size)
        replayed = made.get(artifact.path)
        agreement, note = _compared(root, recorded, replayed)
        verdicts.append(
            OutputVerdict(
                path=artifact.path,
                step=artifact.step,
                agreement=agreement,
                recorded=recorded,
                replayed=replayed,
                note=note,
            )
        )
    return tuple(verdicts)


def _bring_recorded(work: Replay, root: Path, made: Mapping[str, FileFact]) -> None:
    """Put every recorded output that came out with other bytes beside the workspace, to be compared by content."""
    other = {
        artifact.path
        for artifact in work.version.manifest.artifacts
        if artifact.sha256 and artifact.path in made and made[artifact.path].sha256 != artifact.sha256
    }
    if other:
        work.here.checkout.fill(root / _RECORDED, work.version.row.commit, wanted=other.__contains__)


def _compared(root: Path, recorded: FileFact, replayed: FileFact | None) -> tuple[Agreement, str]:
    if replayed is None:
        return Agreement.FAILED, "it was not made"
    if recorded.sha256 is None:
        return Agreement.NOT_COMPARABLE, "its digest was not recorded"
    if recorded.sha256 == replayed.sha256:
        return Agreement.IDENTICAL, ""
    original = root / _RECORDED / recorded.path
    if not original.is_file():
        return Agreement.DIFFERENT, "other bytes; the recorded file is not present here, so content was not compared"
    if hold_same_values(recorded.path, Blob(original), Blob(root / "work" / recorded.path)):
        return Agreement.CONTENT, "other bytes, the same content"
    return Agreement.DIFFERENT, ""


class _Measured(Struct, frozen=True, kw_only=True):
    """What the replay measured, or why that is not known."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    problem: str | None = None


def _measured(work: Replay, folder: Path, outcome: Outcome) -> _Measured:
    """The metrics, by the names they have in a recording: documents go by their path from the top, in step order."""
    if outcome.status is not Status.DONE or not work.version.manifest.metrics:
        return _Measured()
    made = {output.path for step in outcome.steps for output in step.outputs}
    try:
        project = _project_of(work.version.manifest, folder)
        declared = (project.from_top(path) for step in project.steps for path in step.metrics)
        documents = {path: read_document((folder / path).read_bytes(), name=path) for path in declared if path in made}
        return _Measured(metrics=collect_metrics(project, documents).metrics)
    except MlverError as error:
        return _Measured(problem=f"the metrics cannot be read: {error.message}")
    except OSError as error:
        return _Measured(problem=f"the metrics cannot be read: {error.filename}: {error.strerror}")


def _record(  # noqa: PLR0913, PLR0917 a record is made of everything that happened
    work: Replay,
    outcome: Outcome,
    outputs: tuple[OutputVerdict, ...],
    metrics: tuple[MetricVerdict, ...],
    machine: Machine,
    started: float,
) -> ReplayRecord:
    version = work.version
    is_done = outcome.status is Status.DONE
    agreement = overall(outputs, metrics, version.manifest.metrics) if is_done else Agreement.FAILED
    return ReplayRecord(
        id="p" + secrets.token_hex(6),
        version=version.row.commit,
        model=version.manifest.model,
        run=version.manifest.run,
        agreement=agreement,
        created=moment(started),
        ended=moment(work.clock()),
        author=work.here.user,
        host=work.here.host,
        writer=work.here.writer,
        environment=machine.environment,
        hardware=machine.hardware,
        drift=drift_of(version, machine) if machine is not _NO_MACHINE else (),
        steps=tuple(
            {
                "name": step.name,
                "wall_s": step.wall_s,
                "cpu_s": step.cpu_s,
                "peak_rss_bytes": step.peak_rss_bytes,
                "exit": step.exit,
            }
            for step in outcome.steps
        ),
        outputs=outputs,
        metrics=metrics,
        first_divergence=first_divergence(version.manifest, outputs) if is_done else None,
        problem=outcome.problem or (_nothing_recorded(version) if agreement is Agreement.NOT_COMPARABLE else None),
    )


def _nothing_recorded(version: Version) -> str:
    """Why there is nothing that what came out could be held to."""
    if version.manifest.status is Status.DONE:
        return "the version names neither outputs nor metrics, so there is nothing to compare with"
    return f"{how_it_ended(version.manifest)} before it had outputs or metrics to compare with"
