"""How a run ended: apart from the manifest, for a list of thousands needs no more of it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How a run ended."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    """As a foreign store says, for ever if nobody ends it; never in a manifest that mlver wrote."""
