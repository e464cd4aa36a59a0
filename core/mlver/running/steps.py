"""Runs the steps of a pipeline one after the other, with their inputs and outputs fingerprinted.

Recording and replaying share it: what differs between them is where the steps run and what becomes of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import time
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.errors import MlverError
from mlver.model.manifest import FileFact, StepFacts
from mlver.model.moments import moment
from mlver.model.status import Status
from mlver.progress import ShouldStop, never
from mlver.running.events import OutputArrived, Phase, RunEvent, StepFinished, StepStarted, UsageSampled
from mlver.running.runner import Command, Finished, Limits, Usage, run_command


class StepSpec(Struct, frozen=True, kw_only=True):
    """A step to run; paths and patterns are relative to the folder of the run."""

    name: str
    run: str | tuple[str, ...]
    cwd: str = "."
    inputs: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Patterns, each of which must match a file after the step."""
    folders: tuple[str, ...] = ()
    """Folders that it writes into: in a fresh folder `before_step` makes those that are to be there."""


class Files(Protocol):
    """How files are found and fingerprinted; the room `capture` does it, and rooms side by side do not meet."""

    def read_inputs(self, patterns: Iterable[str]) -> tuple[FileFact, ...]:
        """The inputs now; raises MlverError when one is missing."""
        ...

    def changed_inputs(self) -> tuple[str, ...]:
        """Which of the inputs read last have other content by now."""
        ...

    def read_products(self, patterns: Iterable[str]) -> tuple[FileFact, ...]:
        """What the step made; raises MlverError when something declared is missing."""
        ...


class Mask(Protocol):
    """Takes secrets out of a stream of bytes."""

    def feed(self, data: bytes) -> bytes:
        """What may be shown of all that came so far."""
        ...

    def finish(self) -> bytes:
        """The rest."""
        ...


class Surroundings(Struct, frozen=True, kw_only=True):
    """Where and with what steps run."""

    folder: Path
    environment: Mapping[str, str]
    files: Files
    mask: Callable[[], Mask]
    program_of: Callable[[StepSpec], str | None]
    """Which interpreter or program a step resolves to."""
    before_step: Callable[[StepSpec], None]
    """Called before a step starts; afterwards its old products are out of the way."""
    limits: Limits = field(default_factory=Limits)


class Outcome(Struct, frozen=True, kw_only=True):
    """How the steps went."""

    status: Status
    steps: tuple[StepFacts, ...]
    """Every step that was to run; those that never started have no start."""
    problem: str | None = None


def run_steps(
    specs: Iterable[StepSpec],
    around: Surroundings,
    *,
    on_event: Callable[[RunEvent], None],
    should_stop: ShouldStop = never,
) -> Outcome:
    """Run the steps in order until one fails or the user stops them."""
    waiting = list(specs)
    count = len(waiting)
    done: list[StepFacts] = []
    status, problem = Status.DONE, None
    while waiting and status is Status.DONE:
        spec = waiting.pop(0)
        on_event(StepStarted(name=spec.name, index=len(done), count=count))
        facts, status, problem = _run_one(spec, around, on_event, should_stop)
        done.append(facts)
        on_event(StepFinished(name=spec.name, exit=facts.exit, wall_s=facts.wall_s or 0.0))
    done += [StepFacts(name=spec.name, run=spec.run, cwd=spec.cwd) for spec in waiting]
    return Outcome(status=status, steps=tuple(done), problem=problem)


def _run_one(
    spec: StepSpec, around: Surroundings, on_event: Callable[[RunEvent], None], should_stop: ShouldStop
) -> tuple[StepFacts, Status, str | None]:
    facts = StepFacts(name=spec.name, run=spec.run, cwd=spec.cwd, path=around.program_of(spec), started=moment(time()))
    try:
        facts = replace(facts, inputs=around.files.read_inputs(spec.inputs))
        around.before_step(spec)
        absent = [path for path in (*spec.folders, *spec.products) if not (around.folder / path).is_dir()]
        finished = _run(spec, around, on_event, should_stop)
        facts = replace(
            facts,
            exit=finished.exit,
            wall_s=round(finished.wall_s, 3),
            cpu_s=round(finished.cpu_s, 3),
            peak_rss_bytes=finished.peak_rss_bytes,
            changed_while_running=around.files.changed_inputs(),
            made_folders=tuple(sorted({path for path in absent if (around.folder / path).is_dir()})),
        )
        if finished.was_cancelled:
            return facts, Status.INTERRUPTED, f"step {spec.name} was interrupted"
        if finished.exit != 0:
            return facts, Status.FAILED, f"step {spec.name} {_ending(finished)}"
        on_event(Phase(text=f"reading what {spec.name} made"))
        return replace(facts, outputs=around.files.read_products(spec.products)), Status.DONE, None
    except MlverError as error:
        return facts, Status.FAILED, f"step {spec.name}: {error.message}"


def _run(
    spec: StepSpec, around: Surroundings, on_event: Callable[[RunEvent], None], should_stop: ShouldStop
) -> Finished:
    mask = around.mask()

    def show(data: bytes) -> None:
        if shown := mask.feed(data):
            on_event(OutputArrived(data=shown))

    def measure(usage: Usage) -> None:
        on_event(UsageSampled(rss_bytes=usage.rss_bytes, cpu_s=usage.cpu_s, wall_s=usage.wall_s))

    command = Command(run=spec.run, cwd=around.folder / spec.cwd, environment=around.environment)
    try:
        return run_command(command, on_output=show, limits=around.limits, should_stop=should_stop, on_usage=measure)
    finally:
        if rest := mask.finish():
            on_event(OutputArrived(data=rest))


def _ending(finished: Finished) -> str:
    if finished.was_timed_out:
        return "ran out of time"
    if finished.exit < 0:
        return f"was ended by signal {-finished.exit}"
    return f"ended with exit code {finished.exit}"
