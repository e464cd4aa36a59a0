"""What a replay will do: steps, what is missing here, and how this machine differs. Making a plan writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from socket import gethostname

from msgspec import Struct

from mlver.capture.hardware import hardware
from mlver.capture.interpreter import interpreter_of, step_environment
from mlver.capture.step_environments import pipeline_environment, probe_steps
from mlver.errors import FileNotFoundInVersion, MlverError, ReplayRefused
from mlver.model.manifest import EnvironmentFacts, FileFact, HardwareFacts, Manifest
from mlver.model.person import Person
from mlver.model.replay import PlannedStep, ReplayPlan
from mlver.model.source_names import MLFLOW, NATIVE
from mlver.model.status import Status
from mlver.model.version import Version, VersionRow
from mlver.replay.trust import Trust
from mlver.running.checkout import Checkout
from mlver.store.git import identity
from mlver.store.objects import ObjectStore
from mlver.store.pointers import read_pointer
from mlver.store.repository import Repository, TreeEntry

_LOCK_LIMIT = 16 << 20
_CHECKED_FILE_BYTES = 1 << 20
_CHECKED_BYTES = 32 << 20
"""Inputs up to this much together are hashed for a plan; the replay itself checks all of them."""
_ENDINGS = {Status.FAILED: "failed", Status.INTERRUPTED: "was interrupted", Status.RUNNING: "has not ended"}


class Here(Struct, frozen=True, kw_only=True):
    """This machine, as far as a replay is concerned."""

    repository: Repository
    checkout: Checkout
    trust: Trust
    environment: Mapping[str, str]
    """The user's variables."""
    user: Person
    host: str
    writer: str

    @classmethod
    def of(cls, repository: Repository, trust: Trust, environment: Mapping[str, str], writer: str) -> Here:
        """This machine, with the repository's own files to lay out."""
        return cls(
            repository=repository,
            checkout=Checkout(repository, ObjectStore.of(repository)),
            trust=trust,
            environment=environment,
            user=identity(repository.git),
            host=gethostname(),
            writer=writer,
        )


class Machine(Struct, frozen=True, kw_only=True):
    """What the steps would run in here and now."""

    environment: EnvironmentFacts
    packages: Mapping[str, str]
    hardware: HardwareFacts


def plan_replay(version: Version, here: Here) -> ReplayPlan:
    """The plan for running a version again here, in the current environment.

    Raises ReplayRefused for a version that mlver did not record.
    """
    check_recorded(version.row)
    manifest = version.manifest
    is_trusted = here.trust.has(version.row.commit)
    machine = None
    problems = list(_obstacles(version, here))
    if is_trusted and not problems:
        # A stranger's repository may bring its own interpreter along: nothing of it is started before "go".
        try:
            machine = current_machine(version, here)
        except MlverError as error:
            problems.append(error.message)
    drift = drift_of(version, machine) if machine else ()
    return ReplayPlan(
        version=version.row,
        steps=tuple(_planned(manifest)),
        variables=determinism(manifest),
        drift=drift,
        is_drift_known=machine is not None,
        expectation=_expectation(manifest, drift, is_known=machine is not None),
        obstacles=tuple(problems),
        is_trusted=is_trusted,
        size_bytes=sum(file.size or 0 for file in external_files(manifest)),
    )


def check_recorded(row: VersionRow) -> None:
    """Raises ReplayRefused for a version that mlver did not record."""
    if row.source == NATIVE:
        return
    what = "is an MLflow run, not recorded by mlver" if row.source == MLFLOW else "was not recorded by mlver"
    raise ReplayRefused(
        f"{row.name or row.commit[:8]} {what}: its commands, inputs and environment are not pinned",
        hint="in a git repository mlver init && mlver run record a version that can be replayed",
    )


def current_machine(version: Version, here: Here) -> Machine:
    """The environment the steps would get, probed by their own interpreters; raises MlverError when one is none."""
    folder, recorded = here.repository.folder, version.manifest.environment
    variables = step_environment(here.environment, project=project_folder(version.manifest, folder))
    probed = probe_steps([(step.run, folder / step.cwd) for step in version.manifest.steps], variables)
    lock = _lock_text(version, here.repository) if recorded.lock else None
    together = pipeline_environment(
        probed,
        lock=(recorded.lock.path, lock) if recorded.lock and lock is not None else None,
        container=recorded.container,  # a word of the project's, and none of this machine's
    )
    machine = hardware(variables, next(iter(probed), None))
    return Machine(environment=together.facts, packages=together.packages, hardware=machine)


def project_folder(manifest: Manifest, top: Path) -> Path:
    """The folder of the version's project file, in the working tree: where a `.venv` would be."""
    return top / manifest.steps[0].cwd if manifest.steps else top


def determinism(manifest: Manifest) -> dict[str, str]:
    """Variables that a replay sets: those the recording had, and hash order fixed where it was left to chance."""
    recorded = {**manifest.environment.variables, **manifest.environment.threads}
    return {"PYTHONHASHSEED": "0", **recorded}


def external_files(manifest: Manifest) -> tuple[FileFact, ...]:
    """Every recorded input that no step made."""
    made = {output.path for step in manifest.steps for output in step.outputs}
    files = {file.path: file for step in manifest.steps for file in step.inputs if file.path not in made}
    return tuple(files.values())


def drift_of(version: Version, machine: Machine) -> tuple[str, ...]:
    """How the machine differs from the recorded one, most telling first."""
    then, now = version.manifest.environment, machine.environment
    lines = [f"Python {then.python} → {now.python}"] if then.python != now.python else []
    if then.digest and then.digest != now.digest:
        lines += _changed_packages(version.packages or {}, machine.packages) or (
            [] if lines else ["Python or packages of a later step"]
        )
    before, after = version.manifest.hardware, machine.hardware
    if before.cpu and before.cpu != after.cpu:
        lines.append(f"CPU {before.cpu} → {after.cpu}")
    lost = sorted(set(before.cpu_features) - set(after.cpu_features))
    if lost:
        lines.append(f"the CPU lacks {', '.join(lost)}")
    return tuple(lines)


def _changed_packages(recorded: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """What has another version or is gone; where nothing has, what came to it: without a lock that counts too."""
    names = [name for name in sorted(recorded) if recorded[name] != present.get(name)]
    names = names or sorted(present.keys() - recorded.keys())
    return [
        f"{name} {recorded.get(name, 'not installed')} → {present.get(name, 'not installed')}"
        for name in names
        if name != "mlver-tui"
    ]


def _planned(manifest: Manifest) -> list[PlannedStep]:
    return [
        PlannedStep(
            name=step.name,
            run=step.run,
            cwd=step.cwd,
            inputs=step.inputs,
            outputs=tuple(output.path for output in step.outputs),
            recorded_wall_s=step.wall_s,
        )
        for step in manifest.steps
    ]


def input_obstacles(version: Version, here: Here) -> Iterator[str]:
    """What is wrong with the recorded inputs that no step makes, as far as it costs little to know."""
    budget = _CHECKED_BYTES
    for file in external_files(version.manifest):
        try:
            entry = here.repository.entry(version.row.commit, file.path)
            if not here.checkout.holds(version.row.commit, file):
                yield f"{file.path} {_why_absent(entry)}"
                continue
            size = here.repository.blob_size(entry.id) if entry and not entry.is_link else None
            if entry and size is not None and size <= min(_CHECKED_FILE_BYTES, budget):
                budget -= size
                if not _is_as_recorded(here.repository.blob(entry.id), file):
                    yield (
                        f"{file.path} is kept with another content than was recorded: a git filter or line-end "
                        "setting changed it; switch that off for the file and record again"
                    )
        except MlverError as error:
            yield f"{file.path}: {error.message}"


def _why_absent(entry: TreeEntry | None) -> str:
    if entry and entry.is_submodule:
        return "is a submodule, whose files are not in this repository"
    if entry and entry.is_link:
        return "is a link that leads out of the tree: what it leads to was not recorded"
    return "is not present here: bring the file back to its place, or fetch it"


def _is_as_recorded(content: bytes, file: FileFact) -> bool:
    pointer = read_pointer(content)
    return file.sha256 in {None, pointer.sha256 if pointer else ObjectStore.digest_of(content)}


def _obstacles(version: Version, here: Here) -> list[str]:
    manifest = version.manifest
    if not manifest.steps:
        return ["its manifest names no steps, so there is nothing to run"]
    found = list(input_obstacles(version, here))
    environment = step_environment(here.environment, project=project_folder(manifest, here.repository.folder))
    for step in manifest.steps:
        program = interpreter_of(step.run, cwd=here.repository.folder / step.cwd, environment=environment)
        if program is None and step.path is not None:
            found.append(f"step {step.name}: no program on this machine for {_shown(step.run)!r}")
    return found


def _shown(run: str | tuple[str, ...]) -> str:
    return run if isinstance(run, str) else " ".join(run)


def how_it_ended(manifest: Manifest) -> str:
    """`the recorded run failed (step train ended with exit code 1)`."""
    why = f" ({manifest.problem})" if manifest.problem else ""
    return f"the recorded run {_ENDINGS[manifest.status]}{why}"


def _expectation(manifest: Manifest, drift: tuple[str, ...], *, is_known: bool) -> str:
    if manifest.status is not Status.DONE:
        return f"no result: {how_it_ended(manifest)}"
    if drift:
        return f"other bytes are likely: {drift[0]}"
    if any(step.changed_while_running for step in manifest.steps):
        return "other bytes are likely: an input changed while its step ran"
    if not any(seed is not None for seed in manifest.seeds.values()):
        return "other bytes are possible: no seed was recorded"
    return "the same bytes" if is_known else "not known before it runs"


def _lock_text(version: Version, repository: Repository) -> bytes | None:
    lock = version.manifest.environment.lock
    try:
        return repository.read(version.row.commit, lock.path, _LOCK_LIMIT) if lock else None
    except FileNotFoundInVersion:
        return None
