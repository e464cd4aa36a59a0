"""What differs inside a file, and if it is a table how its columns moved."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.data_changes import compare_profiles
from mlver.comparing.patience import RowsRead, Task, patiently
from mlver.comparing.table_profile import TableProfile
from mlver.comparing.wording import amount
from mlver.formats.blob import Pair
from mlver.formats.format import NotUnderstood
from mlver.formats.registry import compare_pair
from mlver.formats.table_scans import TableFiles
from mlver.formats.tables import understood
from mlver.model.change import Change, Kind
from mlver.progress import Progress, Report, ShouldStop, silent

_TOLD_BETTER = {"columns"}
"""Nodes of the format that the profile has too: it knows what the texts of a CSV are."""


class Looking(Struct, frozen=True, kw_only=True):
    """How tables are looked into."""

    should_stop: ShouldStop
    report: Report = silent
    target: str | None = None
    """The column that is learned, as the project names it."""


def compare_with_drift(pair: Pair, looking: Looking) -> tuple[Change, str]:
    """What the file's format tells, with the nodes of a table's columns first; and how many columns drifted.

    The text is empty where it is no table, and where the format or nobody could read it as one: then the details say
    so. Raises the MlverErrors of reading, and Interrupted.
    """
    looking.report(Progress(doing=f"comparing {pair.path}"))
    inside = compare_pair(pair, should_stop=looking.should_stop)
    ours, theirs = (TableFiles.of([(pair.path, side)]) for side in (pair.before, pair.after))
    if ours is None or theirs is None or ours.kind is not theirs.kind:
        return inside, ""
    try:
        told = table_changes(pair.path, ours, theirs, looking)
    except NotUnderstood as refusal:
        return replace(inside, details=(*inside.details, f"not looked into as {ours.kind.name}: {refusal}")), ""
    rest = (child for child in inside.children if child.label not in _TOLD_BETTER)
    return replace(inside, children=(*told, *rest)), columns_drifted(told)


def table_changes(name: str, before: TableFiles, after: TableFiles, looking: Looking) -> tuple[Change, ...]:
    """What moved between two tables, as nodes, told how far it is by rows. Raises NotUnderstood, Interrupted."""

    def work(task: Task) -> tuple[Change, ...]:
        rows = RowsRead(task, f"comparing {name}", before.rows_about() + after.rows_about())
        sides = [TableProfile(side.scan(), rows.add) for side in (before, after)]
        return compare_profiles(sides[0], sides[1], looking.target, task.check)

    for side in (before, after):
        side.try_out(looking.should_stop)
    with understood():
        found = patiently(work, report=looking.report, should_stop=looking.should_stop)
    return tuple(child for child in found if child.children or child.note)


def columns_drifted(told: Iterable[Change]) -> str:
    """How many columns moved, of the nodes of a table; empty where nothing is known of drift."""
    return next((_moved(one) for one in told if one.label == "drift"), "")


def _moved(drift: Change) -> str:
    moved = sum(child.kind is Kind.CHANGED for child in drift.children)
    return f"{amount(moved, 'column')} drifted" if moved else "no column drifted"
