"""A project in memory, for the app's tests: what the core would answer, at once or when told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from mlver.catalogue.finding import find_row
from mlver.comparing.param_history import param_history
from mlver.diffing.byte_pair import BytePair
from mlver.diffing.matrix import compare_many
from mlver.errors import MlverError, StoreFailed
from mlver.formats.blob import Blob
from mlver.model.between import Between, between
from mlver.model.change import Change
from mlver.model.comparison import Comparison
from mlver.model.curve import Curve
from mlver.model.data import Data
from mlver.model.ledger import Ledger
from mlver.model.live import Live
from mlver.model.matrix import Matrix
from mlver.model.moments import moment
from mlver.model.note import Note, Notebook, Notes
from mlver.model.param_history import ParamHistory
from mlver.model.person import Person
from mlver.model.predictions import Predictions
from mlver.model.replay import ReplayPlan, ReplayRecord
from mlver.model.spread import SeedSpread
from mlver.model.text_diff import DiffLine, LineKind, TextDiff
from mlver.model.version import Listing, Version, VersionRow
from mlver.model.why import Why
from mlver.notes.lines import checked_text
from mlver.progress import Report, ShouldStop, never, silent
from mlver.project import Filters
from mlver.running.events import OutputArrived, Phase, RunEvent, StepFinished, StepStarted, UsageSampled
from tests.support.explorer import (
    NOW,
    comparison_of,
    digits_ledger,
    listing,
    manifest_of,
    plan_of,
    record_of,
    tried_version,
    version_of,
)
from tests.support.tensor_files import safetensors


class MemoryProject:
    """Holds a listing; counts what it is asked."""

    folder = Path("/home/dev1/proj/digits")
    label = "~/proj/digits"
    branch: str | None = "main"

    def __init__(self, now: Listing | None = None, remembered: Listing | None = None) -> None:
        self.listing = now or listing()
        self.known = remembered or Listing(rows=(), is_current=False)
        self.moves = digits_ledger()
        self.notebook = Notebook()
        self.under_way: dict[str, Live] = {}
        """What is seen of runs under way, by the key of their rows."""
        self.failure: MlverError | None = None
        """Raised by every reading of one version."""
        self.predictions: Predictions | None = None
        """What every comparison says of them."""
        self.spread: SeedSpread | None = None
        self.uncommitted: tuple[Change | None, ...] = (None, None)
        self.why: Why | None = None
        self.asked: list[str] = []
        self.changes = 0
        self.on_replay: Callable[[ShouldStop], None] = lambda _should_stop: None
        self.on_compare: Callable[[], object] = lambda: None
        """Called by every comparison; tests wait in it."""

    def remembered(self, limit: int | None = None) -> Listing:  # noqa: ARG002
        return self.known

    def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:  # noqa: ARG002 - the core's signature
        self.asked.append("refresh")
        return self.listing

    def ledger(self) -> Ledger:
        return self.moves

    @cached_property
    def filters(self) -> Filters:
        return Filters(self.params_of, self.version)

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        return {row.key: manifest_of(row).params for row in rows if not row.is_broken}

    def signature(self) -> tuple[object, ...]:
        return (self.changes,)

    def find(self, text: str) -> VersionRow:
        self.asked.append(f"find {text}")
        return find_row((*self.listing.rows, *self.listing.kin), text)

    def version(self, row: VersionRow) -> Version:
        self.asked.append(f"version {row.name}")
        if self.failure:
            raise self.failure
        return version_of(row)

    def replays_of(self, row: VersionRow) -> tuple[ReplayRecord, ...]:
        return (record_of(row),) if row.replay else ()

    def notes_of(self, row: VersionRow) -> Notes:
        return self.notebook.of(row)

    def plan_note(self, row: VersionRow, text: str) -> Note:
        kept = checked_text(text)
        return Note(id="k7q2mxab", commit=row.commit, written=moment(NOW), author=Person(name="dev1"), text=kept)

    def write_note(self, note: Note) -> None:
        self.asked.append(f"write_note {note.text}")
        if self.failure:
            raise self.failure
        known = self.notebook.on(note.commit).notes
        self.notebook = Notebook(by_commit={**self.notebook.by_commit, note.commit: Notes(notes=(*known, note))})
        self.changes += 1

    def compare(
        self,
        before: VersionRow,
        after: VersionRow,
        *,
        report: Report = silent,  # noqa: ARG002 - the core's signature
        should_stop: ShouldStop = never,  # noqa: ARG002 - the core's signature
    ) -> Comparison:
        self.on_compare()
        if self.failure:
            raise self.failure
        return replace(
            comparison_of(before, after),
            predictions=self.predictions,
            spread=self.spread,
            uncommitted=self.uncommitted,
            why=self.why,
        )

    def matrix(
        self,
        rows: Sequence[VersionRow],
        *,
        base: VersionRow | None = None,
        report: Report = silent,
        should_stop: ShouldStop = never,
    ) -> Matrix:
        self.asked.append(f"matrix {' '.join(row.name for row in rows)}")
        self.on_compare()
        if self.failure:
            raise self.failure
        return compare_many(rows, tried_version, base=base, report=report, should_stop=should_stop)

    def text_diff(self, before: VersionRow, after: VersionRow, path: str, *, whole: bool = False) -> TextDiff:  # noqa: ARG002 - the core's signature
        self.asked.append(f"text_diff {before.name} {after.name} {path}")
        self.on_compare()
        lines = (
            DiffLine(LineKind.SAME, "import numpy", before=1, after=1),
            DiffLine(LineKind.REMOVED, "scale = 1", before=2),
            DiffLine(LineKind.ADDED, "scale = 16\x1b[2J", after=2),
            DiffLine(LineKind.GAP, "40 same lines"),
        )
        return TextDiff(lines=lines, added=1, removed=1)

    def uncommitted_diff(self, row: VersionRow, path: str, *, whole: bool = False) -> TextDiff:  # noqa: ARG002 - the core's signature
        self.asked.append(f"uncommitted_diff {row.name} {path}")
        return TextDiff(lines=(DiffLine(LineKind.ADDED, "warm_up = 5", after=1),), added=1)

    def byte_pair(self, before: VersionRow, after: VersionRow, path: str) -> BytePair:
        self.asked.append(f"byte_pair {before.name} {after.name} {path}")
        self.on_compare()
        if self.failure:
            raise self.failure
        weights = np.arange(600, dtype=np.float32).reshape(20, 30)
        moved = weights.copy()
        moved[[3, 10, 19], [4, 0, 29]] += 0.5
        files = (safetensors({"hidden.bias": weights[0], "hidden.weight": side}) for side in (weights, moved))
        return BytePair.open(*map(Blob, files))

    def between(self, one: VersionRow, other: VersionRow) -> Between | None:
        return between(one, other, self.listing.of)

    def param_history(self, row: VersionRow, labels: Sequence[str], *, ignore: tuple[str, ...] = ()) -> ParamHistory:
        self.asked.append(f"param_history {'.'.join(labels)}")
        rows = [one for one in self.listing.rows if one.model == row.model and not one.is_broken]
        return param_history(rows, {one.key: tried_version(one).manifest.params for one in rows}, labels, ignore=ignore)

    def files(self, row: VersionRow) -> tuple[str, ...]:  # noqa: ARG002 - the core's signature
        return ("models/weights.npy", "models/weights.json", "params.yaml", "train.py", "odd \x1b[2J.txt")

    def file(self, row: VersionRow, path: str) -> bytes:
        self.asked.append(f"file {row.name} {path}")
        if self.failure:
            raise self.failure
        return b"\x93NUMPY\0" if path.endswith(".npy") else f"{path} of {row.name}\x1b]52;c;AA\x07\n".encode()

    def log(self, row: VersionRow) -> bytes:  # noqa: ARG002 - the core's signature
        return b"epoch 1 \x1b[32mloss 0.4\x1b[0m\r\nepoch 2\x1b]52;c;AA\x07\n"

    def curves(self, row: VersionRow) -> tuple[Curve, ...]:
        steps = tuple(float(step) for step in range(60))
        offset = float(row.name.startswith("v1.4"))
        return (Curve(metric="loss", context="eval", steps=steps, values=tuple(1 / (1 + s + offset) for s in steps)),)

    def live(self, row: VersionRow) -> Live | None:
        self.asked.append(f"live {row.name}")
        return self.under_way.get(row.key)

    def plan_replay(self, row: VersionRow) -> ReplayPlan:
        if self.failure:
            raise self.failure
        return plan_of(row)

    def replay(
        self, plan: ReplayPlan, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
    ) -> ReplayRecord:
        self.asked.append("replay")
        on_event(Phase("making the workspace"))
        for index, step in enumerate(plan.steps):
            on_event(StepStarted(step.name, index, len(plan.steps)))
            on_event(OutputArrived(b"epoch 1 \x1b[32mloss 0.4\x1b[0m\n\x1b]52;c;AAAA\x07 [/nope]\n"))
            on_event(UsageSampled(61 << 20, 0.3, 0.34))
            self.on_replay(should_stop)
            on_event(StepFinished(step.name, 0, 0.34))
        return record_of(plan.version)


def damaged() -> StoreFailed:
    """A failure of the store, with hostile words."""
    return StoreFailed("object 4be1c02 is missing \x1b[2J [/nope]", hint="git fsck names what is damaged")
