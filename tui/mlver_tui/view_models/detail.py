"""What is known about the version under the cursor."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.model.note import NO_NOTES, Notes
from mlver_tui.view_models.glyphs import UNICODE, Glyphs

if TYPE_CHECKING:
    from mlver.model.ledger import LedgerEvent
    from mlver.model.replay import ReplayRecord
    from mlver.model.version import Version, VersionRow
    from mlver_tui.view_models.live_lines import Running


class DetailTab(StrEnum):
    """The tabs in their order."""

    RECEIPT = "Receipt"
    PARAMS = "Params"
    METRICS = "Metrics"
    FILES = "Files"
    ENV = "Env"
    CODE = "Code"
    HISTORY = "History"


class Detail(Struct, frozen=True, kw_only=True):
    """A version's row and, once it was read, everything else."""

    row: VersionRow
    version: Version | None = None
    """None: not read yet, or it cannot be read."""
    replays: tuple[ReplayRecord, ...] = ()
    events: tuple[LedgerEvent, ...] = ()
    """Its releases and stages and those of its model, newest first."""
    notes: Notes = NO_NOTES
    """What was written about it, the oldest first."""
    running: Running | None = None
    """What was seen of it while it is being made."""
    nested_in: VersionRow | None = None
    """The run it was started in."""
    nested: tuple[VersionRow, ...] = ()
    """The runs that were started in it."""
    against: VersionRow | None = None
    """What metric deltas are against: the base, else the parent."""
    against_name: str = "parent"
    log_key: str = ""
    """The key that opens its log; empty: there are no keys here, as in a report."""
    now: float = 0.0
    """Seconds since the epoch."""
    glyphs: Glyphs = UNICODE
