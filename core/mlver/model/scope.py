"""Which places of a repository are asked for versions."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

COMMITS_WALKED = 1_000
"""Commits of a branch that are looked at, unless the user says otherwise."""


class Scope(Struct, frozen=True, kw_only=True):
    """Beside what mlver recorded: tags, branches and experiments always, more when asked for."""

    refs: tuple[str, ...] = ()
    """Patterns (`refs/remotes/*`, `origin/*`) of refs that are left out otherwise."""
    commits: str | None = None
    """A branch whose commits are looked through one by one; empty: the current one; None: none is."""
    limit: int = COMMITS_WALKED
    """How many of its commits."""
    places: tuple[str, ...] = ()
    """Commits that are asked for one by one; they are found and not listed."""
    at: str | None = None
    """Words for a commit: MLflow stores are read as it has them; None: as they are on disk."""
    deleted: bool = False
    """Runs that were deleted in their store are listed too."""

    @property
    def is_usual(self) -> bool:
        """What is listed when nobody asks for more: what the list remembers from one time to the next."""
        return replace(self, places=()) == USUAL


USUAL = Scope()
