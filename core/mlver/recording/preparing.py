"""All that is known of a run before its first step, and the digests made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from msgspec import Struct

from mlver.capture.hardware import hardware
from mlver.capture.interpreter import step_environment
from mlver.capture.probe import ProbedEnvironment
from mlver.capture.step_environments import pipeline_environment, probe_steps
from mlver.model.identity import Ingredients, StepIdentity, family_digest, recipe_digest, run_id
from mlver.model.manifest import CodeFacts, DataFacts, EnvironmentFacts, FileFact, HardwareFacts
from mlver.model.person import Person
from mlver.model.version import VersionRow
from mlver.recording.inputs import External, data_facts, declared_content, external_inputs, is_copied
from mlver.recording.layout import Layout
from mlver.recording.neighbours import Neighbours, neighbours_of
from mlver.recording.parents import find_parent
from mlver.recording.pinning import pin
from mlver.recording.products import own_attributes
from mlver.recording.request import RunRequest
from mlver.recording.settings import Settings, read_settings
from mlver.recording.unnamed import unnamed_changes
from mlver.store.git import identity
from mlver.store.pointers import POINTER_BYTES, read_pointer
from mlver.store.repository import Repository
from mlver.store.snapshot import Snapshot
from mlver.store.trees import tree_without


class Desk(Struct, frozen=True, kw_only=True):
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


class Software(Struct, frozen=True, kw_only=True):
    """What the steps run in."""

    variables: Mapping[str, str]
    """All of a step's environment."""
    facts: EnvironmentFacts
    packages: Mapping[str, str]
    """Name -> version of everything the interpreter sees."""
    hardware: HardwareFacts


class Prepared(Struct, frozen=True, kw_only=True):
    """A run that is ready to start."""

    request: RunRequest
    layout: Layout
    started: float
    run: str
    recipe: str
    family: str
    snapshot: Snapshot
    code: CodeFacts
    settings: Settings
    software: Software
    external: External
    copied: tuple[str, ...]
    """Inputs whose bytes the snapshot does not hold as they are on disk: untracked, behind a link, or filtered."""
    referenced: tuple[str, ...]
    """Untracked inputs that are only named by their digest."""
    data: tuple[DataFacts, ...]
    author: Person
    host: str
    writer: str
    parent: str | None
    warnings: tuple[str, ...]
    """What the user should see before the first step."""


def prepare(desk: Desk, request: RunRequest, layout: Layout, note: Callable[[str], None]) -> Prepared:
    """Pin everything. Nothing is started but git and the probe, nothing is recorded yet.

    Raises:
        RunRefused: an input is missing, a secret would be recorded, params cannot be set or break their schema.
    """
    top = desk.repository.folder
    started = request.clock()
    variables = step_environment(desk.environment, project=top / layout.project.folder)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="probe") as pool:
        # The interpreter answers while git takes the snapshot.
        probing = pool.submit(_probed, layout, top, variables)
        note("reading params and inputs")
        settings = read_settings(layout, top, request.settings, variables)
        external = external_inputs(top, layout)
        note("taking the snapshot")
        snapshot = pin(desk.repository, request, layout, external, settings.overrides)
        probed = probing.result()
    software, warnings = _software(layout, top, variables, probed)
    neighbours = neighbours_of(desk.repository, snapshot, layout, external)
    code_tree = _code_tree(desk.repository, layout, snapshot, external, neighbours)
    ingredients = _ingredients(layout, code_tree, settings, software, external)
    recipe = recipe_digest(ingredients)
    unkept = [file for file in external.files if not _is_kept(desk.repository, snapshot, file)]
    referenced = tuple(file.path for file in unkept if not is_copied(layout, file))
    parent = find_parent(desk.repository, desk.rows, layout.project.model, recipe, _asked(snapshot, request))
    return Prepared(
        request=request,
        layout=layout,
        started=started,
        run=run_id(recipe, request.randomness(4)),
        recipe=recipe,
        family=family_digest(ingredients),
        snapshot=snapshot,
        code=_code(snapshot, code_tree, request, external, neighbours),
        settings=settings,
        software=software,
        external=external,
        copied=tuple(file.path for file in unkept if is_copied(layout, file)),
        referenced=referenced,
        data=data_facts(top, layout, referenced),
        author=identity(desk.repository.git),
        host=desk.host,
        writer=desk.writer,
        parent=parent,
        warnings=(
            *layout.project.warnings,
            *settings.warnings,
            *warnings,
            *snapshot.warnings,
            *neighbours.warnings,
            *_unnamed(desk, settings, recipe, parent),
            *_left_out_note(_left_out(snapshot, external)),
        ),
    )


def _probed(layout: Layout, top: Path, variables: Mapping[str, str]) -> tuple[ProbedEnvironment, ...]:
    cwd = top / layout.project.folder
    return probe_steps([(step.run, cwd) for step in layout.project.steps], variables)


def _software(
    layout: Layout, top: Path, variables: Mapping[str, str], probed: Sequence[ProbedEnvironment]
) -> tuple[Software, tuple[str, ...]]:
    path = layout.lock_path
    lock = declared_content(top, path, "the lock file", layout.place_of("environment", "lock")) if path else b""
    together = pipeline_environment(probed, lock=(path, lock) if path else None, container=layout.project.container)
    software = Software(
        variables=variables,
        facts=together.facts,
        packages=together.packages,
        hardware=hardware(variables, next(iter(probed), None)),
    )
    return software, together.warnings


def _ingredients(
    layout: Layout, code_tree: str, settings: Settings, software: Software, external: External
) -> Ingredients:
    return Ingredients(
        code_tree=code_tree,
        steps=tuple(
            StepIdentity(
                name=step.name,
                run=step.run,
                inputs=layout.all_from_top(step.inputs),
                outputs=layout.all_from_top(step.outputs),
            )
            for step in layout.project.steps
        ),
        params=settings.params,
        seed_params=settings.seed_paths,
        inputs=external.digests,
        environment=software.facts.digest,
        seeds=settings.seeds,
        bases=layout.project.bases,
    )


def _code_tree(
    repository: Repository, layout: Layout, snapshot: Snapshot, external: External, neighbours: Neighbours
) -> str:
    """The snapshot without what counts otherwise or not at all.

    Those are params by value, data by digest, products of this model and of others, mlver's own files.
    """
    counted = {*layout.params_files, *own_attributes(repository, snapshot.tree)}
    counted |= {file.path for file in external.files if layout.is_data(file.path)}

    def is_no_code(path: str) -> bool:
        return path in counted or layout.is_own_or_product(path) or neighbours.make(path)

    return tree_without(repository, snapshot.tree, is_no_code)


def _is_kept(repository: Repository, snapshot: Snapshot, file: FileFact) -> bool:
    """Whether the snapshot gives back this file's very bytes: not when a filter or a link stands in between."""
    entry = repository.entry(snapshot.tree, file.path)
    if entry is None or entry.is_link:
        return False
    if repository.blob_size(entry.id) == file.size:
        return True
    pointer = read_pointer(repository.blob(entry.id)) if repository.blob_size(entry.id) <= POINTER_BYTES else None
    return pointer is not None and pointer.sha256 == file.sha256


def _code(
    snapshot: Snapshot, code_tree: str, request: RunRequest, external: External, neighbours: Neighbours
) -> CodeFacts:
    return CodeFacts(
        commit=snapshot.head.commit,
        tree=code_tree,
        dirty=not all(neighbours.make(path) for path in snapshot.changed),
        remote=snapshot.remote,
        branch=snapshot.head.branch,
        untracked=_left_out(snapshot, external),
        allowed_secrets=request.allow_secrets,
    )


def _asked(snapshot: Snapshot, request: RunRequest) -> tuple[str | None, str | None]:
    return snapshot.head.commit, request.parent


def _unnamed(desk: Desk, settings: Settings, recipe: str, parent: str | None) -> Iterator[str]:
    """Since the newest run of the same recipe, which other results would puzzle over, else since the parent."""
    twins = (row for row in desk.rows if row.recipe == recipe and not row.is_broken)
    parents = (row for row in desk.rows if parent and row.run == parent)
    before = next(chain(twins, parents), None)
    return unnamed_changes(desk.repository, settings, before) if before else iter(())


def _left_out(snapshot: Snapshot, external: External) -> tuple[str, ...]:
    """Untracked files that are recorded in no way; a folder of which only a part is, is named."""
    recorded = {file.path for file in snapshot.files} | external.digests.keys()
    return tuple(path for path in snapshot.left_out if path not in recorded)


def _left_out_note(paths: tuple[str, ...]) -> list[str]:
    shown = ", ".join(paths[:5])
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""  # noqa: PLR2004 a line's worth
    return [f"untracked and left out: {shown}{more}"] if paths else []
