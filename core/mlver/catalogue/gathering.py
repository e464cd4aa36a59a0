"""What one look at one kind of place gave, before it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from mlver.catalogue.stored import Facts, Listed
from mlver.model.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The versions found."""

    pairs: list[tuple[Listed, Facts]]
    ledger: Ledger
    """Releases and stages there."""
    problems: tuple[str, ...] = ()
    is_cut: bool = False
    """A limit was hit; the problems say which."""
