"""What the app needs of a project. `mlver.project.Project` has it; so have the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mlver.progress import never, silent

if TYPE_CHECKING:  # nothing of this is asked for before the first rows: they need not wait for it
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from mlver.model.between import Between
    from mlver.model.comparison import ByteComparison, Comparison
    from mlver.model.curve import Curve
    from mlver.model.data import Data
    from mlver.model.element import Element
    from mlver.model.ledger import Ledger
    from mlver.model.live import Live
    from mlver.model.matrix import Matrix
    from mlver.model.note import Note, Notes
    from mlver.model.param_history import ParamHistory
    from mlver.model.replay import ReplayPlan, ReplayRecord
    from mlver.model.text_diff import TextDiff
    from mlver.model.version import Listing, Version, VersionRow
    from mlver.progress import Report, ShouldStop
    from mlver.project import Filters, RunEvent


class OpenedBytes(Protocol):
    """A file of two versions, open; whoever opened it closes it."""

    @property
    def sizes(self) -> tuple[int, int]: ...

    def close(self) -> None: ...

    def read(self, offset: int, count: int) -> tuple[bytes, bytes]: ...

    def next_stretch(self, offset: int, should_stop: ShouldStop = never) -> int | None: ...

    def previous_stretch(self, offset: int, should_stop: ShouldStop = never) -> int | None: ...

    def compare(self, should_stop: ShouldStop = never) -> ByteComparison: ...

    def elements_at(self, offset: int) -> tuple[Element | None, Element | None]: ...

    def start_of(self, name: str) -> int | None: ...


class OpenedProject(Protocol):
    """A repository opened with mlver."""

    @property
    def folder(self) -> Path: ...

    @property
    def label(self) -> str: ...

    @property
    def branch(self) -> str | None: ...

    def remembered(self, limit: int | None = None) -> Listing: ...

    def refresh(self, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing: ...

    def ledger(self) -> Ledger: ...

    @property
    def filters(self) -> Filters: ...

    def signature(self) -> tuple[object, ...]: ...

    def find(self, text: str) -> VersionRow: ...

    def version(self, row: VersionRow) -> Version: ...

    def replays_of(self, row: VersionRow) -> tuple[ReplayRecord, ...]: ...

    def notes_of(self, row: VersionRow) -> Notes: ...

    def plan_note(self, row: VersionRow, text: str) -> Note: ...

    def write_note(self, note: Note) -> None: ...

    def compare(
        self, before: VersionRow, after: VersionRow, *, report: Report = silent, should_stop: ShouldStop = never
    ) -> Comparison: ...

    def matrix(
        self,
        rows: Sequence[VersionRow],
        *,
        base: VersionRow | None = None,
        report: Report = silent,
        should_stop: ShouldStop = never,
    ) -> Matrix: ...

    def text_diff(self, before: VersionRow, after: VersionRow, path: str, *, whole: bool = False) -> TextDiff: ...

    def uncommitted_diff(self, row: VersionRow, path: str, *, whole: bool = False) -> TextDiff: ...

    def between(self, one: VersionRow, other: VersionRow) -> Between | None: ...

    def param_history(
        self, row: VersionRow, labels: Sequence[str], *, ignore: tuple[str, ...] = ()
    ) -> ParamHistory: ...

    def params_of(self, rows: Iterable[VersionRow]) -> Mapping[str, Mapping[str, Data]]: ...

    def files(self, row: VersionRow) -> tuple[str, ...]: ...

    def file(self, row: VersionRow, path: str) -> bytes: ...

    def log(self, row: VersionRow) -> bytes: ...

    def byte_pair(self, before: VersionRow, after: VersionRow, path: str) -> OpenedBytes: ...

    def curves(self, row: VersionRow) -> tuple[Curve, ...]: ...

    def live(self, row: VersionRow) -> Live | None: ...

    def plan_replay(self, row: VersionRow) -> ReplayPlan: ...

    def replay(
        self, plan: ReplayPlan, *, on_event: Callable[[RunEvent], None], should_stop: ShouldStop = never
    ) -> ReplayRecord: ...
