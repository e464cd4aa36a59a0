"""The parent of a run: the nearest run of its model whose code commit is an ancestor; never guessed by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from mlver.catalogue.finding import find_row
from mlver.errors import BadArgument
from mlver.model.manifest import Status
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

    `known` is the commit the code stands on, and the parent the user asked for.

    Of several runs on the nearest commit the one without overrides and uncommitted edits is taken, then the first: the
    runs of a sweep are the siblings of one another, and children of what they vary.

    Raises:
        BadArgument: the parent asked for is of another model, or no recorded run.
    """
    code_commit, asked = known
    if asked:
        row = find_row(rows, asked)
        if row.model != model or row.run is None:
            raise BadArgument(f"{asked} is no recorded run of {model}", hint="a parent is a run of the same model")
        return row.run
    candidates = [
        row
        for row in rows
        if row.model == model and row.status is Status.DONE and row.run and row.recipe != recipe and not row.is_broken
    ]
    by_commit: dict[str, list[VersionRow]] = defaultdict(list)
    for row in candidates:
        if row.code_commit:
            by_commit[row.code_commit].append(row)
    if not by_commit or code_commit is None:
        return None
    for ancestor in repository.ancestors(code_commit, _ANCESTORS):
        if ancestor in by_commit:
            return _plainest(by_commit[ancestor]).run
    return None


def _plainest(rows: Iterable[VersionRow]) -> VersionRow:
    return min(rows, key=lambda row: (row.has_overrides, row.is_dirty, row.created or 0.0, row.run or ""))
