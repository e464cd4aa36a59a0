"""A run under way in a project in memory."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.curve import Curve
from mlver.model.live import Live
from mlver.model.status import Status
from tests.support.explorer import digits_rows, listing
from tests.support.explorer_project import MemoryProject


def under_way(step: float, value: float) -> Live:
    """A training that has come so far."""
    return Live(curves=(Curve(metric="loss", context="eval", steps=(step,), values=(value,)),), axis="epoch", total=60)


def running_digits() -> tuple[MemoryProject, str]:
    """The digits story with its newest version being made, and the key of that."""
    first, *others = digits_rows()
    row = replace(first, status=Status.INTERRUPTED, is_running=True, metrics={}, primary=None, replay=None)
    project = MemoryProject(now=listing(row, *others))
    project.under_way = {row.key: under_way(10.0, 0.162)}
    return project, row.key
