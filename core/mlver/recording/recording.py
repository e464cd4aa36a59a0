"""The order of a recording: lock, restore, prepare, workspace, draft, steps, collect, commit, ref."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from mlver.capture.interpreter import interpreter_of
from mlver.capture.masking import Mask, secret_values
from mlver.capture.product_folders import product_folders
from mlver.capture.step_files import StepFiles
from mlver.comparing.wording import amount
from mlver.errors import MlverError, RunRefused
from mlver.model.status import Status
from mlver.progress import ShouldStop, never
from mlver.recording.aside import Aside
from mlver.recording.finding import find_project_file
from mlver.recording.finishing import Draft, Trained, begin, finish
from mlver.recording.layout import Layout
from mlver.recording.linked_outputs import refuse_linked_outputs
from mlver.recording.locking import recording, working_tree
from mlver.recording.preparing import Desk, Prepared, prepare
from mlver.recording.request import RunRequest
from mlver.recording.unnamed_products import unnamed_products
from mlver.recording.workspace import Workspace, isolated
from mlver.running.checkout import make_folders
from mlver.running.events import OutputArrived, Phase, RunEvent
from mlver.running.log import LogTail
from mlver.running.steps import Outcome, StepSpec, Surroundings, run_steps

__all__ = ["Desk", "record"]


class _Place(Struct, frozen=True, kw_only=True):
    """Where the steps run."""

    top: Path
    """The working tree, whose environments they use."""
    folder: Path
    aside: Aside | None = None
    """None: a fresh folder holds no old products."""
    workspace: Workspace | None = None
    """None: the working tree itself."""


class _Ears(Struct, frozen=True):
    """Who listens, and may end it."""

    on_event: Callable[[RunEvent], None]
    should_stop: ShouldStop


def record(
    desk: Desk, request: RunRequest, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
) -> str:
    """Train and record; gives the key of the version's row. A failed or interrupted run is recorded as such.

    Raises:
        RunRefused: nothing was started, nothing recorded.
    """
    repository = desk.repository
    if repository.is_bare:
        raise RunRefused("a bare repository has no working tree to train in", hint="clone it and run there")
    aside = Aside(repository.git_dir / "mlver" / "aside", repository.folder)
    if aside.holds_something:
        # Before anything is read: what a killed run moved away is part of what is read.
        with working_tree(repository, "some model"):
            _restore(aside, on_event)
    layout = Layout(find_project_file(request.folder, repository.folder, request.file))
    if not layout.project.steps:
        raise RunRefused("mlver.yaml names no steps", hint="name the commands of the training under steps:")
    if not _is_isolated(request):
        refuse_linked_outputs(repository.folder, layout)
    with ExitStack() as tree:
        tree.enter_context(working_tree(repository, layout.project.model))
        _restore(aside, on_event)
        prepared = prepare(desk, request, layout, lambda text: on_event(Phase(text)))
        for warning in prepared.warnings:
            on_event(Phase(f"note: {warning}"))
        with _place(desk, prepared, aside) as place, recording(repository, prepared.run, place.folder):
            draft = begin(repository, prepared)
            if place.workspace:
                tree.close()  # all that is needed of the working tree is copied: others may run from it
            _record(desk, prepared, place, draft, _Ears(on_event, should_stop))
    return f"runs/{prepared.layout.project.model}/{prepared.run}"


def _is_isolated(request: RunRequest) -> bool:
    """Whether it runs in a folder of its own: params set for it alone must not change the working tree's."""
    return request.isolated or bool(request.settings)


def _restore(aside: Aside, on_event: Callable[[RunEvent], None]) -> None:
    """Put back what a killed run had moved aside, in the place of what it left half made."""
    if restored := aside.restore(replace=True):
        on_event(Phase(f"put back {amount(len(restored), 'file')} that an interrupted run had moved aside"))
    _tell_overtaken(aside, on_event, is_new=True)


def _tell_overtaken(aside: Aside, on_event: Callable[[RunEvent], None], *, is_new: bool) -> None:
    """Say what was moved to `overtaken`: what a run that did not end well had made (`is_new`), or an old link."""
    if not (paths := aside.overtaken_paths):
        return
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    kept = aside.overtaken if more else aside.overtaken / paths[0]
    there = "there, under the same names, to have them" if more else "there to have it"
    if is_new:
        said = f"{paths[0]}{more}: back as before the run that did not end well; what it had made is in {kept}"
    else:
        said = f"{paths[0]}{more}: a link before, now what the run made; the link is in {kept}"
    on_event(Phase(f"note: {said} (copy from {there}; a later run may replace it)"))


def _record(desk: Desk, prepared: Prepared, place: _Place, draft: Draft, ears: _Ears) -> None:
    log = LogTail()

    def note(event: RunEvent) -> None:
        if isinstance(event, OutputArrived):
            log.add(event.data)
        ears.on_event(event)

    started = time.time()
    outcome = _run(prepared, place, note, ears.should_stop)
    ears.on_event(Phase("recording"))
    trained = Trained(outcome=outcome, folder=place.folder, log=log.content())
    with place.workspace.needed() if place.workspace else _saying_where(place):
        written = finish(desk.repository, prepared, trained, draft)
    for text in written.notes:
        ears.on_event(Phase(f"note: {text}"))
    if place.workspace and not written.is_whole:
        place.workspace.holds_results = True
        ears.on_event(Phase(f"note: what could not be recorded is kept in {place.folder}"))
    if place.aside:
        # A run that did not end well leaves the products of the last good one in their place.
        is_lost = outcome.status is not Status.DONE
        place.aside.restore(replace=is_lost)
        _tell_overtaken(place.aside, ears.on_event, is_new=is_lost)
    known = {file.path for file in prepared.snapshot.files}
    if outcome.status is Status.DONE and (said := unnamed_products(prepared.layout, place.folder, started, known)):
        ears.on_event(Phase(f"note: {said}"))


@contextmanager
def _saying_where(place: _Place) -> Iterator[None]:
    """For the block in which results are recorded: when it ends by an error, they are where the steps put them."""
    try:
        yield
    except MlverError as error:
        if place.aside and place.aside.holds_something:
            later = f"until the next run, which moves it to {place.aside.overtaken} and puts the old files back"
            error.add_hint(f"what the steps made stays in its place {later}")
        raise


@contextmanager
def _place(desk: Desk, prepared: Prepared, aside: Aside) -> Iterator[_Place]:
    if _is_isolated(prepared.request):
        with isolated(desk, prepared) as space:
            yield _Place(top=desk.repository.folder, folder=space.folder, workspace=space)
    else:
        yield _Place(top=desk.repository.folder, folder=desk.repository.folder, aside=aside)


def _run(prepared: Prepared, place: _Place, note: Callable[[RunEvent], None], should_stop: ShouldStop) -> Outcome:
    environment = prepared.software.variables

    def program_of(step: StepSpec) -> str | None:
        return interpreter_of(step.run, cwd=place.top / step.cwd, environment=environment)

    def before_step(step: StepSpec) -> None:
        if place.aside:
            place.aside.take(StepFiles(place.folder).present(step.products))
        else:
            # As the step would find them in the working tree: a script may need a folder, or refuse one that is there.
            make_folders(place.folder, [path for path in step.folders if (place.top / path).is_dir()])

    around = Surroundings(
        folder=place.folder,
        environment=environment,
        files=StepFiles(place.folder),
        mask=lambda: Mask(secret_values(environment)),
        program_of=program_of,
        before_step=before_step,
    )
    return run_steps(_specs(prepared.layout, place.top), around, on_event=note, should_stop=should_stop)


def _specs(layout: Layout, top: Path) -> list[StepSpec]:
    def is_folder(path: str) -> bool:
        return (top / path).is_dir()

    return [
        StepSpec(
            name=step.name,
            run=step.run,
            cwd=layout.project.folder,
            inputs=layout.all_from_top(step.inputs),
            products=layout.products_of(step),
            folders=product_folders(layout.project, step, is_folder),
        )
        for step in layout.project.steps
    ]
