"""All that is known of a run before its first step, and the digests made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from mlver.capture.environment import environment_facts
from mlver.capture.hardware import hardware
from mlver.capture.interpreter import python_of, step_environment
from mlver.capture.probe import ProbedEnvironment, probe
from mlver.capture.secrets import find_secrets
from mlver.capture.seeds import seed_values
from mlver.documents.reading import read_document
from mlver.errors import RunRefused, SecretFound
from mlver.manifests.params import collect_params
from mlver.model.data import Data, Scalar
from mlver.model.identity import Ingredients, StepIdentity, family_digest, recipe_digest, run_id
from mlver.model.manifest import CodeFacts, DataFacts, EnvironmentFacts, HardwareFacts, Person
from mlver.model.version import VersionRow
from mlver.recording.inputs import External, data_facts, external_inputs, is_copied
from mlver.recording.layout import Layout
from mlver.recording.overriding import overridden
from mlver.recording.request import RunRequest
from mlver.store.git import identity
from mlver.store.repository import Repository
from mlver.store.snapshot import Snapshot, SnapshotRequest, take_snapshot
from mlver.store.trees import tree_without

_SECRET_SCAN_BYTES = 4 << 20
_SMALL_TEXT_BYTES = 100_000


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a recording works with."""

    repository: Repository
    rows: tuple[VersionRow, ...]
    """The versions there are, newest first."""
    environment: Mapping[str, str]
    """The user's variables."""
    state: Path
    """A folder of the user's, for workspaces."""
    host: str
    writer: str


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A run that is ready to start."""

    request: RunRequest
    layout: Layout
    started: float
    run: str
    recipe: str
    family: str
    snapshot: Snapshot
    code: CodeFacts
    external: External
    copied: tuple[str, ...]
    """Untracked inputs that go into the store."""
    referenced: tuple[str, ...]
    """Untracked inputs that are only named by their digest."""
    overrides: Mapping[str, bytes]
    params: Mapping[str, Data]
    params_from: Mapping[str, Data]
    seeds: Mapping[str, Scalar]
    data: tuple[DataFacts, ...]
    environment: EnvironmentFacts
    packages: Mapping[str, str]
    hardware: HardwareFacts
    step_environment: Mapping[str, str]
    author: Person
    host: str
    writer: str
    parent: str | None = None
    warnings: tuple[str, ...] = field(default=())
    """What the user should see before the first step."""


def prepare(desk: Desk, request: RunRequest, layout: Layout, note: Callable[[str], None]) -> Prepared:
    """Pin everything. Nothing is started but git and the probe, nothing is recorded yet.

    Raises:
        RunRefused: an input is missing, a secret would be recorded, the params break their schema.
    """
    top = desk.repository.folder
    started = request.clock()
    environment = step_environment(desk.environment, project=top / layout.project.folder)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="probe") as pool:
        # The probe is an interpreter's start, the machine is files of the kernel: both while git takes the snapshot.
        probing = pool.submit(_probed, layout, top, environment)
        machine = pool.submit(hardware)
        contents = _params_contents(top, layout)
        overrides, settings = overridden(contents, request.settings)
        note("reading inputs")
        external = external_inputs(top, layout)
        note("taking the snapshot")
        snapshot = _snapshot(desk.repository, request, layout, external, overrides)
        probed, hardware_facts = probing.result(), machine.result()
    params = _collected(layout, {**contents, **overrides}, settings)
    seeds, seed_warnings = seed_values(layout.project.seeds, params.documents, environment)
    lock = _lock(top, layout)
    facts, packages = environment_facts(
        probed, lock=lock, lock_path=layout.from_top(layout.project.lock or ""), container=layout.project.container
    )
    ingredients = Ingredients(
        code_tree=tree_without(desk.repository, snapshot.tree, layout.is_outside_code),
        steps=tuple(_identity(layout, step.name) for step in layout.project.steps),
        params=params.params,
        seed_params=params.seed_paths,
        inputs=external.digests,
        environment=facts.digest,
        seeds=seeds,
        bases=layout.project.bases,
    )
    recipe = recipe_digest(ingredients)
    raise NotImplementedError(
        recipe, family_digest, run_id, identity, data_facts, is_copied, seed_warnings, packages, hardware_facts, started
    )
