"""The parent of a run: the nearest run of its model whose code commit is an ancestor; never guessed by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from mlver.catalogue.finding import find_row
from mlver.errors import BadArgument
from mlver.model.status import Status
from mlver.model.version import VersionRow
from mlver.store.repository import Repository

_ANCESTORS = 10_000
"""How far back is looked."""


def find_parent(
    repository: Repository,
    rows: Sequence[VersionRow],
    model: str,
    recipe: str,
    known: tuple[str | None, str | None],
) -> str | None:
    """Run id of the parent; None: there is none, or history does not reach it.

    `known` is the commit the code stands on, and the parent the user asked for. A run of a recipe that was run before
    has the parent of its first run. Of several runs on the nearest commit the one without overrides and uncommitted
    edits is taken, then the first: the runs of a sweep are siblings, and children of what they vary.

    Raises:
        BadArgument: the parent asked for is of another model, or no recorded run.
    """
    code_commit, asked = known
    if asked:
        return _chosen(rows, model, asked)
    finished = [
        row for row in rows if row.model == model and row.status is Status.DONE and row.run and not row.is_broken
    ]
    if twins := [row for row in finished if row.recipe == recipe]:
        first = min(twins, key=_made)
        return next((row.run for row in rows if row.key == first.parent), None)
    return _nearest(repository, finished, code_commit) if code_commit else None


def _chosen(rows: Sequence[VersionRow], model: str, asked: str) -> str:
    row = find_row(rows, asked)
    if row.model != model or row.run is None:
        raise BadArgument(f"{asked} is no recorded run of {model}", hint="a parent is a run of the same model")
    return row.run


def _nearest(repository: Repository, finished: Iterable[VersionRow], code_commit: str) -> str | None:
    by_commit: dict[str, list[VersionRow]] = defaultdict(list)
    for row in finished:
        if row.code_commit:
            by_commit[row.code_commit].append(row)
    if not by_commit:
        return None
    for ancestor in repository.ancestors(code_commit, _ANCESTORS):
        if ancestor in by_commit:
            return _plainest(by_commit[ancestor]).run
    return None


def _plainest(rows: Iterable[VersionRow]) -> VersionRow:
    return min(rows, key=lambda row: (row.has_overrides, row.is_dirty, *_made(row)))


def _made(row: VersionRow) -> tuple[float, str]:
    return row.created or 0.0, row.run or ""
