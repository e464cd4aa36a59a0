"""The version list: what every kind of place gave, as rows, and remembered for the next time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from mlver.catalogue.gathering import Gathered, one_ledger
from mlver.catalogue.index import Index
from mlver.catalogue.joining import row_of
from mlver.catalogue.seeing import DRAFTS
from mlver.catalogue.stored import Facts, Listed
from mlver.catalogue.succession import newest_first
from mlver.model.ledger import Ledger
from mlver.model.scope import USUAL, Scope
from mlver.model.version import Listing, VersionRow
from mlver.progress import Report, ShouldStop, never, silent


class Gatherer(Protocol):
    """A git repository, or the stores beside it."""

    def gather(self, scope: Scope, report: Report, should_stop: ShouldStop) -> Gathered:
        """The versions as they are now; stopped early, those that were read until then."""


class Catalogue:
    """The versions of one project. One thread at a time."""

    def __init__(self, index: Index, gatherers: Sequence[Gatherer], *, is_running: Callable[[str], bool]) -> None:
        """`is_running`: whether the recording with a run id is under way."""
        self._index = index
        self._gatherers = gatherers
        self._is_running = is_running
        self._rows: dict[str, VersionRow] = {}
        self._shown: dict[str, Facts] = {}
        """Key -> the facts its row was made of."""
        self._listed: dict[str, Listed] = {}
        self._remembered: dict[str, Listed] | None = None
        """What the index holds; None: it was not asked yet."""
        self.ledger = Ledger()
        """Releases and stages as the last refresh found them."""

    def refresh(self, scope: Scope = USUAL, *, report: Report = silent, should_stop: ShouldStop = never) -> Listing:
        """The list as it is now. Stopped early, it holds what was read until then and is not current."""
        with _uncollected():
            return self._refreshed(scope, report, should_stop)

    def _refreshed(self, scope: Scope, report: Report, should_stop: ShouldStop) -> Listing:
        gathered = [one.gather(scope, report, should_stop) for one in self._gatherers]
        pairs = newest_first(pair for one in gathered for pair in one.pairs)
        rows = {listed.key: self._row(listed, facts) for listed, facts in pairs}
        self._rows = rows
        self._listed = {listed.key: listed for listed, _ in pairs}
        self.ledger = one_ledger([one.ledger for one in gathered])
        is_whole = not should_stop()
        if scope.is_usual and is_whole:
            self._remember(self._listed)  # of a part, the next start would believe that it is all
        return Listing(
            rows=tuple(rows[listed.key] for listed, _ in pairs if listed.is_listed),
            is_current=is_whole,
            is_cut=any(one.is_cut for one in gathered),
            problems=tuple(problem for one in gathered for problem in one.problems),
            kin=tuple(rows[listed.key] for listed, _ in pairs if not listed.is_listed),
        )

    def _row(self, listed: Listed, facts: Facts) -> VersionRow:
        """The row, the one of the last refresh when nothing about it is new: most of ten thousand are not."""
        if listed == self._listed.get(listed.key) and facts is self._shown.get(listed.key):
            row = self._rows.get(listed.key)
            if row and not row.ref.startswith(DRAFTS):
                return row
        self._shown[listed.key] = facts
        return row_of(listed, facts, self._is_running)

    def _remember(self, now: dict[str, Listed]) -> None:
        before = self._remembered
        if before is None:
            before = {one.key: one for one in self._index.all_listed()}
        self._remembered = now
        gone = before.keys() - now.keys()
        new = [one for key, one in now.items() if before.get(key) != one]
        if gone or new:
            self._index.keep_listed(gone, new)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for reference cycles, of which a list makes none.

    Measured with 10,000 versions: looking through all that is kept, again and again while rows are made, was a third of
    the time that one new version took.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
