"""The parent of a version that mlver did not record: the nearest listed one among its commit's ancestors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property

from msgspec import Struct, field

from mlver.errors import MlverError

COMMITS_WALKED = 200_000
"""Commits looked at in one refresh; beyond them parents stay unknown, and that is said."""

STEPS_ASIDE = 1_000_000
"""Steps taken for all versions of a model that have no listed ancestor along first parents; beyond them likewise.

Thousands of pull requests may have left an old main branch.
"""


class Ancestry(Struct):
    """The graph of commits, each asked for its parents once, whichever model it is walked for."""

    read: Callable[[str], tuple[str, ...]]
    """The parents of a commit; raises an MlverError where the commit is not here."""
    limit: int = COMMITS_WALKED
    is_cut: bool = False
    """The limit was hit."""
    is_whole: bool = True
    """False: a commit was not here, and may be tomorrow."""
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def parents_of(self, commit_id: str) -> tuple[str, ...]:
        """The parents; none where the limit was hit or the commit is not here."""
        known = self._known.get(commit_id)
        if known is None:
            if len(self._known) >= self.limit:
                self.is_cut = True
                return ()
            try:
                known = self.read(commit_id)
            except MlverError:
                self.is_whole = False
                known = ()
            self._known[commit_id] = known
        return known


class Lineage(Struct, dict=True):
    """Finds the parents of one model's versions."""

    ancestry: Ancestry
    listed: Collection[str]
    """Commits that can be a parent."""
    _nearest: dict[str, str] = field(default_factory=dict)
    """Commit -> the listed commit nearest to it along first parents, itself not counted; empty: there is none."""
    is_cut: bool = False
    """A limit was hit: some version has a parent that was not found, or none."""
    _barren: set[str] = field(default_factory=set)
    """Commits of which it is known that neither they nor any of their ancestors is listed."""
    _steps: int = 0

    def parent_of(self, commit_id: str) -> str:
        """The listed ancestor nearest along first parents, else the nearest of all; empty: none, or too far away."""
        if nearest := self._along_first_parents(commit_id):
            return nearest
        # Where all that is listed descends from it, as in most repositories, the history before it is not looked at.
        return self._among_all(commit_id) if self._oldest - {commit_id} else ""

    def _along_first_parents(self, commit_id: str) -> str:
        walked = []
        current, found = commit_id, ""
        while current not in self._nearest:
            walked.append(current)
            first = next(iter(self.ancestry.parents_of(current)), "")
            if not first or first in self.listed:
                found = first
                break
            current = first
        else:
            found = self._nearest[current]
        self._nearest.update(dict.fromkeys(walked, found))
        return found

    @cached_property
    def _oldest(self) -> set[str]:
        """The listed commits without a listed ancestor along first parents: the others descend from these."""
        return {one for one in self.listed if not self._along_first_parents(one)}

    def _among_all(self, commit_id: str) -> str:
        looked_at: list[str] = []
        room = STEPS_ASIDE - self._steps
        for one in self._ancestors(commit_id):
            if len(looked_at) == room:
                self.is_cut = True
                break
            looked_at.append(one)
            if one in self.listed:
                break
        else:
            self._barren.update(looked_at)
        self._steps += len(looked_at)
        found = looked_at[-1] if looked_at else ""
        return found if found in self.listed else ""

    def _ancestors(self, commit_id: str) -> Iterable[str]:
        seen = {commit_id}
        generation = [commit_id]
        while generation:
            following = []
            for one in generation:
                for parent in self.ancestry.parents_of(one):
                    if parent not in seen and parent not in self._barren:
                        seen.add(parent)
                        following.append(parent)
                        yield parent
            generation = following
