"""What differs inside a file, and if it is a table how its columns moved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mlver.comparing.data_changes import compare_profiles
from mlver.comparing.patience import RowsRead, Task, patiently
from mlver.comparing.table_profile import TableProfile
from mlver.comparing.wording import amount
from mlver.formats.blob import Blob
from mlver.formats.format import NotUnderstood
from mlver.formats.registry import compare_files
from mlver.formats.table_scans import rows_about, scanned, table_kind
from mlver.formats.tables import TableFormat, understood
from mlver.model.change import Change, Kind
from mlver.progress import Progress, Report, ShouldStop, silent

_TOLD_BETTER = {"columns"}
"""Nodes of the format that the profile has too: it knows what the texts of a CSV are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How tables are looked into."""

    should_stop: ShouldStop
    report: Report = silent
    target: str | None = None
    """The column that is learned, as the project names it."""


def compare_with_drift(path: str, before: Blob, after: Blob, looking: Looking) -> tuple[Change, str]:
    """What the file's format tells, with the nodes of a table's columns first; and how many columns drifted.

    The text is empty where it is no table, and where the format or nobody could read it as one: then the details say
    so. Raises the MlverErrors of reading, and Interrupted.
    """
    looking.report(Progress(doing=f"comparing {path}"))
    inside = compare_files(path, before, after, should_stop=looking.should_stop)
    kind = table_kind(path, after)
    if kind is None or table_kind(path, before) is not kind:
        return inside, ""
    try:
        with understood():
            profiled = _profiled(path, (before, after), kind, looking)
    except NotUnderstood as refusal:
        return replace(inside, details=(*inside.details, f"not looked into as {kind.name}: {refusal}")), ""
    rest = (child for child in inside.children if child.label not in _TOLD_BETTER)
    told = tuple(child for child in profiled if child.children or child.note)
    return replace(inside, children=(*told, *rest)), next((_moved(one) for one in told if one.label == "drift"), "")


def _profiled(path: str, sides: tuple[Blob, Blob], kind: TableFormat, looking: Looking) -> tuple[Change, ...]:
    """What moved between both, told how far it is by rows."""

    def work(task: Task) -> tuple[Change, ...]:
        rows = RowsRead(task, f"comparing {path}", sum(rows_about(side, kind) for side in sides))
        before, after = (TableProfile(scanned(path, side, kind), rows.add) for side in sides)
        return compare_profiles(before, after, looking.target, task.check)

    return patiently(work, report=looking.report, should_stop=looking.should_stop)


def _moved(drift: Change) -> str:
    moved = sum(child.kind is Kind.CHANGED for child in drift.children)
    return f"{amount(moved, 'column')} drifted" if moved else "no column drifted"
