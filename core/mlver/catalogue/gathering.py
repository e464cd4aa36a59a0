"""What one look at one kind of place gave, before it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mlver.catalogue.stored import Facts, Listed
from mlver.model.ledger import Ledger


class Gathered(Struct, frozen=True, kw_only=True):
    """The versions found."""

    pairs: list[tuple[Listed, Facts]]
    """In no order."""
    ledger: Ledger
    """Releases and stages there."""
    problems: tuple[str, ...] = ()
    is_cut: bool = False
    """A limit was hit; the problems say which."""


def one_ledger(ledgers: Sequence[Ledger]) -> Ledger:
    """The ledgers of several places side by side: their models are different ones."""
    return Ledger(
        events=tuple(event for one in ledgers for event in one.events),
        problems=tuple(problem for one in ledgers for problem in one.problems),
        releases=tuple(event for one in ledgers for event in one.releases),
        holders=tuple(event for one in ledgers for event in one.holders),
        deprecated=tuple(event for one in ledgers for event in one.deprecated),
    )
