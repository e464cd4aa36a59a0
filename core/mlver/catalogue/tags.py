"""The ledger that tags make, each tag's object read once and remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlver.catalogue.index import Index
from mlver.model.ledger import Ledger
from mlver.model.moments import LAST_SECOND
from mlver.model.person import Person
from mlver.sources.tags import TagFacts, read_ledger
from mlver.store.repository import Refs, Repository

_COMMIT = re.compile(r"[0-9a-f]{40}")


class TagMemory:
    """Reads releases and stages of one repository."""

    def __init__(self, repository: Repository, index: Index) -> None:
        self._repository = repository
        self._index = index
        self._known: dict[str, TagFacts] | None = None

    def ledger(self, refs: Refs) -> Ledger:
        """Every event that tags tell of, and what stands now."""
        if self._known is None:
            self._known = _believed(self._index.tags_said())
        reading = read_ledger(self._repository, refs, self._known)
        if reading.fresh:
            self._known.update(reading.fresh)
            self._index.keep_tags_said({object_id: _flat(facts) for object_id, facts in reading.fresh.items()})
        return reading.ledger


def _flat(facts: TagFacts) -> tuple[object, ...]:
    return (facts.commit, facts.author.name, facts.author.email, facts.made, facts.message, facts.problem)


def _believed(rows: Mapping[str, tuple[Any, ...]]) -> dict[str, TagFacts]:
    """The remembered facts that a tag can have; the others are read again."""
    found = {}
    for object_id, (commit, name, email, made, message, problem) in rows.items():
        texts = (commit, name, email, message, problem)
        if all(isinstance(text, str) for text in texts) and _is_place(commit, problem) and _is_moment(made):
            author = Person(name=name, email=email)
            found[object_id] = TagFacts(commit=commit, author=author, made=made, message=message, problem=problem)
    return found


def _is_place(commit: str, problem: str) -> bool:
    """A tag names a commit, or there is a reason why it counts for nothing."""
    return bool(_COMMIT.fullmatch(commit)) or (not commit and bool(problem))


def _is_moment(made: object) -> bool:
    return made is None or (isinstance(made, (int, float)) and 0 < made <= LAST_SECOND)
