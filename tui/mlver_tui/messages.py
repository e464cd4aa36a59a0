"""Facts that travel from workers to screens; each tells what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.message import Message

from mlver_tui.clipboard import SEQUENCE, Route

if TYPE_CHECKING:
    from pathlib import Path

    from mlver.errors import MlverError
    from mlver.model.comparison import ByteComparison
    from mlver.model.curve import Curve
    from mlver.model.data import Data
    from mlver.model.filtering import Narrowed
    from mlver.model.ledger import Ledger
    from mlver.model.matrix import Matrix
    from mlver.model.note import Note, Notes
    from mlver.model.param_history import ParamHistory
    from mlver.model.replay import ReplayPlan, ReplayRecord
    from mlver.model.version import Listing, Version, VersionRow
    from mlver.progress import Progress
    from mlver.project import RunEvent
    from mlver_tui.opened_project import OpenedBytes
    from mlver_tui.screens.explorer_screen import ExplorerScreen
    from mlver_tui.view_models.attention_lines import Worthy
    from mlver_tui.view_models.chart import Chart
    from mlver_tui.view_models.charting import Charting
    from mlver_tui.view_models.compared import ComparedView
    from mlver_tui.view_models.diff_rows import DiffText
    from mlver_tui.view_models.lineage import LineageTable
    from mlver_tui.view_models.live_lines import Running
    from mlver_tui.view_models.palette import Spoken
    from mlver_tui.view_models.param_axis import Param
    from mlver_tui.view_models.saved_filters import CountedFilter


class VersionsListed(Message):
    """The refs were looked at."""

    def __init__(self, listing: Listing, signature: tuple[object, ...], branch: str | None, ledger: Ledger) -> None:
        """`signature` was taken before the refs were looked at, so no change falls between."""
        super().__init__()
        self.listing = listing
        self.signature = signature
        self.branch = branch
        self.ledger = ledger


class RepositoryChanged(Message):
    """The cheap signature differs from the one the rows were read at."""


class RunsWatched(Message):
    """Runs under way were looked at; of one that is under way no more there is nothing."""

    def __init__(self, seen: Mapping[str, Running | None]) -> None:
        """`seen` is by the key of the row."""
        super().__init__()
        self.seen = seen


class WorthFound(Message):
    """It is known which of these rows are worth a look."""

    def __init__(self, rows: Sequence[VersionRow], found: Sequence[Worthy], *, is_all: bool) -> None:
        super().__init__()
        self.rows = rows
        self.found = found
        self.is_all = is_all


class ZoneCounted(Message):
    """It is known how many versions of a model pass the filters of the left zone."""

    def __init__(self, model: str | None, found: Sequence[CountedFilter]) -> None:
        super().__init__()
        self.model = model
        self.found = found


class VersionRead(Message):
    """A version was read whole."""

    def __init__(self, key: str, version: Version, replays: tuple[ReplayRecord, ...], notes: Notes) -> None:
        super().__init__()
        self.key = key
        self.version = version
        self.replays = replays
        self.notes = notes


class LineageMade(Message):
    """The versions stand in lanes."""

    def __init__(self, view: LineageTable) -> None:
        super().__init__()
        self.view = view


class NotePlanned(Message):
    """It is known what a note would be kept as; nothing was written."""

    def __init__(self, row: VersionRow, note: Note) -> None:
        super().__init__()
        self.row = row
        self.note = note


class NoteWritten(Message):
    """A note is in the repository."""

    def __init__(self, row: VersionRow) -> None:
        super().__init__()
        self.row = row


class VersionsNamed(Message):
    """The versions that a command of the palette names were found."""

    def __init__(self, place: ExplorerScreen, spoken: Spoken, rows: tuple[VersionRow, ...]) -> None:
        super().__init__()
        self.place = place
        self.spoken = spoken
        self.rows = rows


class VersionsUnknown(Message):
    """A version that a command of the palette names is none, or may be several."""

    def __init__(self, place: ExplorerScreen, error: MlverError) -> None:
        super().__init__()
        self.place = place
        self.error = error


class FilterAnswered(Message):
    """A filter was asked of these rows."""

    def __init__(self, words: str, rows: Sequence[VersionRow], narrowed: Narrowed) -> None:
        super().__init__()
        self.words = words
        self.rows = rows
        self.narrowed = narrowed


class ParamNamesRead(Message):
    """The names of the versions' params are known."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names


class ParamValuesRead(Message):
    """The values of some params are known."""

    def __init__(self, names: frozenset[str], rows: Sequence[VersionRow], values: dict[str, dict[str, Data]]) -> None:
        """`values`: name of a param -> key of a version -> what it is set to there."""
        super().__init__()
        self.names = names
        self.rows = rows
        self.values = values


class MetricsRead(Message):
    """The metrics of these rows are at hand."""

    def __init__(self, rows: Sequence[VersionRow]) -> None:
        super().__init__()
        self.rows = rows


class FiltersCounted(Message):
    """It is known how many versions pass some filters."""

    def __init__(self, found: tuple[CountedFilter, ...]) -> None:
        super().__init__()
        self.found = found


class Compared(Message):
    """Two versions were compared."""

    def __init__(self, view: ComparedView) -> None:
        super().__init__()
        self.view = view


class CompareProgressed(Message):
    """A comparison came a piece further; only the newest matters."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, CompareProgressed)


class ParamHistoryRead(Message):
    """It is known what a param was in the versions of a model."""

    def __init__(self, told: ParamHistory) -> None:
        super().__init__()
        self.told = told


class MatrixProgressed(Message):
    """Some of the versions of a matrix were read; only the newest matters."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, MatrixProgressed)


class MatrixMade(Message):
    """Versions stand side by side."""

    def __init__(self, matrix: Matrix) -> None:
        super().__init__()
        self.matrix = matrix


class FileWritten(Message):
    """What was shown is in the file that was named, or why it is not."""

    def __init__(self, place: ExplorerScreen, path: Path, problem: str) -> None:
        super().__init__()
        self.place = place
        self.path = path
        self.problem = problem


class FilesListed(Message):
    """It is known which files of a version can be opened, or why not."""

    def __init__(
        self, place: ExplorerScreen, row: VersionRow, paths: tuple[str, ...], *, in_viewer: bool, problem: str = ""
    ) -> None:
        super().__init__()
        self.place = place
        self.row = row
        self.paths = paths
        self.in_viewer = in_viewer
        self.problem = problem


class FileRead(Message):
    """A file that is to be opened was read, or why not."""

    def __init__(  # noqa: PLR0913 - all of it belongs to one file
        self, place: ExplorerScreen, row: VersionRow, path: str, content: bytes, *, in_viewer: bool, problem: str = ""
    ) -> None:
        super().__init__()
        self.place = place
        self.row = row
        self.path = path
        self.content = content
        self.in_viewer = in_viewer
        self.problem = problem


class Yanked(Message):
    """What was to be copied is made; `route` is the way it goes."""

    def __init__(
        self, place: ExplorerScreen, label: str, text: str, *, route: Route = SEQUENCE, problem: str = ""
    ) -> None:
        super().__init__()
        self.place = place
        self.label = label
        self.text = text
        self.route = route
        self.problem = problem


class CurvesRead(Message):
    """The curves of both sides were read."""

    def __init__(self, before: tuple[Curve, ...], after: tuple[Curve, ...]) -> None:
        super().__init__()
        self.before = before
        self.after = after


class VersionCurvesRead(Message):
    """The curves of one of several versions were read, or cannot be."""

    def __init__(self, key: str, curves: tuple[Curve, ...] | None, problem: str = "") -> None:
        super().__init__()
        self.key = key
        self.curves = curves
        self.problem = problem


class ChartParamsRead(Message):
    """It is known which params can be the axis of a chart."""

    def __init__(self, params: tuple[Param, ...]) -> None:
        super().__init__()
        self.params = params


class ChartMade(Message):
    """What is charted was made ready; None: there is nothing to draw."""

    def __init__(self, charting: Charting, chart: Chart | None) -> None:
        super().__init__()
        self.charting = charting
        self.chart = chart


class TextCompared(Message):
    """Two texts were compared line by line."""

    def __init__(self, path: str, text: DiffText) -> None:
        super().__init__()
        self.path = path
        self.text = text


class ReplayPlanned(Message):
    """It is known what a replay would do."""

    def __init__(self, plan: ReplayPlan) -> None:
        super().__init__()
        self.plan = plan


class ReplayMoved(Message):
    """Something happened in the replay under way."""

    def __init__(self, event: RunEvent) -> None:
        super().__init__()
        self.event = event


class ReplayEnded(Message):
    """The replay is over and its record is kept."""

    def __init__(self, record: ReplayRecord) -> None:
        super().__init__()
        self.record = record


class BytesOpened(Message):
    """A file of two versions can be looked at."""

    def __init__(self, opened: OpenedBytes) -> None:
        super().__init__()
        self.opened = opened


class BytesCompared(Message):
    """It is known where the bytes differ."""

    def __init__(self, found: ByteComparison) -> None:
        super().__init__()
        self.found = found


class DifferenceFound(Message):
    """A byte that differs was found, or none."""

    def __init__(self, place: int | None) -> None:
        super().__init__()
        self.place = place


class CoreFailed(Message):
    """The core could not do it."""

    def __init__(self, doing: str, error: MlverError, *, about: str = "") -> None:
        """`doing` completes `cannot ...`; `about` names what it was for, so that a stale failure is dropped."""
        super().__init__()
        self.doing = doing
        self.error = error
        self.about = about
