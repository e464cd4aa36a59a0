"""The one object a front end opens. It hands out what the rooms below can do and holds no logic of its own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlver.comparing.dimensions import known_data
    from mlver.diffing.paths import compare_paths
    from mlver.diffing.which import Occurrence, Search
    from mlver.documents.editing import parse_value
    from mlver.documents.toml_reading import read_toml
    from mlver.formats.blob import file_pieces
    from mlver.formats.describing import Described, describe_file
    from mlver.project.project import Project
    from mlver.query.filters import Filters
    from mlver.recording.request import RunRequest
    from mlver.running.events import OutputArrived, Phase, RunEvent, StepFinished, StepStarted, UsageSampled

__all__ = [
    "Described", "Filters", "Occurrence", "OutputArrived", "Phase", "Project", "RunEvent", "RunRequest", "Search",
    "StepFinished", "StepStarted", "UsageSampled", "compare_paths", "describe_file", "file_pieces", "known_data",
    "parse_value", "read_toml",
]  # fmt: skip

_EVENTS = "mlver.running.events"
_LOADED_WHEN_USED = {
    "Project": "mlver.project.project",
    "Filters": "mlver.query.filters",
    **dict.fromkeys(("Occurrence", "Search"), "mlver.diffing.which"),
    "compare_paths": "mlver.diffing.paths",
    **dict.fromkeys(("Described", "describe_file"), "mlver.formats.describing"),
    "file_pieces": "mlver.formats.blob",
    "known_data": "mlver.comparing.dimensions",
    "parse_value": "mlver.documents.editing",
    "read_toml": "mlver.documents.toml_reading",
    "RunRequest": "mlver.recording.request",
    **dict.fromkeys(("OutputArrived", "Phase", "RunEvent", "StepFinished", "StepStarted", "UsageSampled"), _EVENTS),
}
"""What front ends get from here; the list of versions, which must be quick, needs only the project."""


def __getattr__(name: str) -> object:
    if name in _LOADED_WHEN_USED:
        return getattr(import_module(_LOADED_WHEN_USED[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
