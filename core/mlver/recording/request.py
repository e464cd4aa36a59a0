"""What the user asks to be recorded."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from mlver.model.data import Data


class RunRequest(Struct, frozen=True, kw_only=True):
    """One `mlver run`."""

    folder: Path
    """Where the user stands: the nearest mlver.yaml from here upwards is meant, unless `file` says another."""
    file: Path | None = None
    settings: Mapping[str, Data] = field(default_factory=dict)
    """Dotted param -> value, for this run alone; `file:key` names the params file when several have the key."""
    reason: str | None = None
    parent: str | None = None
    """Run id that overrides the parent found in history."""
    isolated: bool = False
    """Run in a fresh workspace; params that are set imply it, so the working tree stays as it is."""
    allow_secrets: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    """Seconds since the epoch."""
    randomness: Callable[[int], bytes] = secrets.token_bytes
    """For the run id; the demo gives a fixed one, so that its ids are always the same."""
