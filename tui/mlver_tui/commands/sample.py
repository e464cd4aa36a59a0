"""The sample project: where it is, and how its versions are recorded."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from mlver.errors import NothingFound

if TYPE_CHECKING:
    from mlver.progress import Report, ShouldStop
    from mlver_tui.commands.invocation import Invocation

_IN_WHEEL = "mlver_tui._sample"
_IN_CHECKOUT = "sample_repo"


class Order(Protocol):
    """What of a run the sample decides."""

    @property
    def folder(self) -> Path: ...

    @property
    def settings(self) -> Mapping[str, str | int | float]: ...

    @property
    def reason(self) -> str | None: ...

    @property
    def parent(self) -> str | None: ...

    @property
    def clock(self) -> Callable[[], float]: ...

    @property
    def randomness(self) -> bytes: ...

    @property
    def identity(self) -> Mapping[str, str]: ...


class Sample(Protocol):
    """What the sample's `build` module offers."""

    def is_complete(self, folder: Path) -> bool:
        """Whether every version of the story is recorded."""
        ...

    def build(
        self,
        folder: Path,
        record: Callable[[Order], object],
        *,
        environment: Mapping[str, str],
        report: Report,
        should_stop: ShouldStop,
    ) -> None:
        """Make it, or go on with it."""
        ...


def find_sample() -> Sample:
    """The sample: from the wheel, else from the checkout that this file lies in.

    Raises NothingFound when neither has it.
    """
    if find_spec(_IN_WHEEL) is not None:
        return cast("Sample", import_module(f"{_IN_WHEEL}.build"))
    top = Path(__file__).resolve().parents[3]
    if not (top / _IN_CHECKOUT / "build.py").is_file():
        raise NothingFound("the sample is not part of this installation", hint="install mlver-tui from its wheel")
    if str(top) not in sys.path:
        sys.path.append(str(top))
    return cast("Sample", import_module(f"{_IN_CHECKOUT}.build"))


def build_sample(invocation: Invocation, folder: Path, *, report: Report, should_stop: ShouldStop) -> None:
    """Make the sample project by recording its trainings, or go on with it; at once when it is complete."""
    find_sample().build(
        folder,
        lambda order: _record(invocation, order),
        environment=invocation.settings.environment,
        report=report,
        should_stop=should_stop,
    )


def _record(invocation: Invocation, order: Order) -> None:
    from mlver.project import Project, RunRequest

    request = RunRequest(
        folder=order.folder,
        settings=dict(order.settings),
        reason=order.reason,
        parent=order.parent,
        clock=order.clock,
        randomness=lambda count: order.randomness[:count],
    )
    settings = invocation.settings
    environment = {**settings.environment, **order.identity}
    with Project.open(order.folder, environment=environment, cache=settings.cache) as project:
        # Never stopped: an interrupted run would stay in the story. It takes a second; the build stops between two.
        project.run(request, on_event=lambda _event: None)
