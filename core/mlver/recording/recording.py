"""The order of a recording: lock, prepare, draft, steps, collect, commit, ref."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlver.capture.interpreter import interpreter_of
from mlver.capture.masking import Mask, secret_values
from mlver.capture.step_files import StepFiles
from mlver.errors import RunRefused
from mlver.progress import ShouldStop, never
from mlver.recording.aside import Aside
from mlver.recording.finding import find_project_file
from mlver.recording.finishing import Trained, begin, finish
from mlver.recording.layout import Layout
from mlver.recording.locking import recording, working_tree
from mlver.recording.preparing import Desk, Prepared, prepare
from mlver.recording.request import RunRequest
from mlver.recording.workspace import isolated
from mlver.running.events import OutputArrived, Phase, RunEvent
from mlver.running.log import LogTail
from mlver.running.steps import Outcome, StepSpec, Surroundings, run_steps

__all__ = ["Desk", "record"]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where the steps run."""

    folder: Path
    aside: Aside | None
    """None: a fresh folder holds no old products."""


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
    layout = Layout(find_project_file(request.folder, repository.folder, request.file))
    if not layout.project.steps:
        raise RunRefused("mlver.yaml names no steps", hint="name the commands of the training under steps:")
    with working_tree(repository, layout.project.model):
        aside = Aside(repository.git_dir / "mlver" / "aside", repository.folder)
        restored = aside.restore()
        if restored:
            on_event(Phase(f"put back {len(restored)} files that an interrupted run had moved aside"))
        prepared = prepare(desk, request, layout, lambda text: on_event(Phase(text)))
        for warning in prepared.warnings:
            on_event(Phase(f"note: {warning}"))
        return _recorded(desk, prepared, aside, on_event, should_stop)


def _recorded(
    desk: Desk, prepared: Prepared, aside: Aside, on_event: Callable[[RunEvent], None], should_stop: ShouldStop
) -> str:
    log = LogTail()

    def note(event: RunEvent) -> None:
        if isinstance(event, OutputArrived):
            log.add(event.data)
        on_event(event)

    with recording(desk.repository, prepared.run):
        draft = begin(desk.repository, prepared)
        with _place(desk, prepared, aside) as place:
            outcome = _run(prepared, place, note, should_stop)
            on_event(Phase("recording"))
            trained = Trained(outcome=outcome, folder=place.folder, log=log.content())
            finish(desk.repository, prepared, trained, draft)
            if place.aside:
                place.aside.restore()
    return f"runs/{prepared.layout.project.model}/{prepared.run}"


@contextmanager
def _place(desk: Desk, prepared: Prepared, aside: Aside) -> Iterator[_Place]:
    if prepared.request.isolated or prepared.settings.overrides:
        with isolated(desk, prepared) as folder:
            yield _Place(folder=folder, aside=None)
    else:
        yield _Place(folder=desk.repository.folder, aside=aside)


def _run(prepared: Prepared, place: _Place, note: Callable[[RunEvent], None], should_stop: ShouldStop) -> Outcome:
    environment = prepared.software.variables

    def program_of(step: StepSpec) -> str | None:
        return interpreter_of(step.run, cwd=place.folder / step.cwd, environment=environment)

    def before_step(step: StepSpec) -> None:
        if place.aside:
            place.aside.take(StepFiles(place.folder).present(step.products))

    around = Surroundings(
        folder=place.folder,
        environment=environment,
        files=StepFiles(place.folder),
        mask=lambda: Mask(secret_values(environment)),
        program_of=program_of,
        before_step=before_step,
    )
    return run_steps(_specs(prepared.layout), around, on_event=note, should_stop=should_stop)


def _specs(layout: Layout) -> list[StepSpec]:
    return [
        StepSpec(
            name=step.name,
            run=step.run,
            cwd=layout.project.folder,
            inputs=layout.all_from_top(step.inputs),
            products=layout.products_of(step),
        )
        for step in layout.project.steps
    ]
