"""The parent of a version that mlver did not record: the nearest listed one among its commit's ancestors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice

from mlver.errors import MlverError

COMMITS_WALKED = 200_000
"""Commits looked at in one refresh; beyond them parents stay unknown, and that is said."""

SIDE_BRANCHES_WALKED = 2_000
"""Commits looked at for one version when no ancestor along the first parents is listed."""


@dataclass(slots=True)
class Lineage:
    """Finds parents; every commit is asked for its parents once."""

    parents_of: Callable[[str], tuple[str, ...]]
    """The parents of a commit; raises an MlverError where the commit is not here."""
    listed: Collection[str]
    """Commits that can be a parent."""
    is_complete: bool = True
    """False: the limit was hit."""
    _nearest: dict[str, str] = field(default_factory=dict)
    """Commit -> the listed commit nearest to it along first parents, itself not counted; empty: there is none."""
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def parent_of(self, commit_id: str) -> str:
        """The listed ancestor nearest along first parents, else the nearest of all; empty: none, or too far away."""
        return self._along_first_parents(commit_id) or self._among_all(commit_id)

    def _along_first_parents(self, commit_id: str) -> str:
        walked = []
        current, found = commit_id, ""
        while current not in self._nearest:
            walked.append(current)
            first = next(iter(self._parents(current)), "")
            if not first or first in self.listed:
                found = first
                break
            current = first
        else:
            found = self._nearest[current]
        self._nearest.update(dict.fromkeys(walked, found))
        return found

    def _among_all(self, commit_id: str) -> str:
        return next((one for one in islice(self._ancestors(commit_id), SIDE_BRANCHES_WALKED) if one in self.listed), "")

    def _ancestors(self, commit_id: str) -> Iterable[str]:
        seen = {commit_id}
        generation = [commit_id]
        while generation:
            following = []
            for one in generation:
                for parent in self._parents(one):
                    if parent not in seen:
                        seen.add(parent)
                        following.append(parent)
                        yield parent
            generation = following

    def _parents(self, commit_id: str) -> tuple[str, ...]:
        known = self._known.get(commit_id)
        if known is None:
            if len(self._known) >= COMMITS_WALKED:
                self.is_complete = False
                return ()
            try:
                known = self.parents_of(commit_id)
            except MlverError:
                known = ()  # the end of a shallow clone
            self._known[commit_id] = known
        return known
