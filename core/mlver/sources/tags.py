"""Reads releases and stages from tags in the Git Tag Ops grammar, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from mlver.comparing.wording import amount
from mlver.errors import MlverError, ObjectMissing
from mlver.model.ledger import Ledger, LedgerEvent
from mlver.model.moments import LAST_SECOND
from mlver.model.person import Person
from mlver.model.standing import ledger_of
from mlver.model.tag_names import TagName, parse_name
from mlver.store.repository import Refs, Repository

TAGS = "refs/tags/"

LIGHTWEIGHT = "is lightweight"
"""The problem of a tag that has no object of its own."""

MESSAGE_KEPT = 4_000
"""Characters of a tag's message; nobody reads more in a list, and a hostile one may hold a million."""

_WORD_KEPT = 200
_PROBLEMS_SAID = 20
_NAMED = 3


class TagFacts(Struct, frozen=True, kw_only=True):
    """What the object behind a tag says; it never changes, so it is read once."""

    commit: str = ""
    """The commit behind the tag, however many tags are between; empty: `problem` says why there is none."""
    author: Person = Person()
    made: float | None = None
    """Seconds since the epoch, UTC; None: the tag does not say."""
    message: str = ""
    """Without the space around it, bounded; unsanitised."""
    problem: str = ""
    """Why the tag counts for nothing."""


class LedgerReading(Struct, frozen=True, kw_only=True):
    """A ledger, and what was read for it that was not known before."""

    ledger: Ledger
    fresh: Mapping[str, TagFacts]
    """Id of the object a tag names -> facts; to be remembered and given to the next reading."""


def read_ledger(repository: Repository, refs: Refs, known: Mapping[str, TagFacts]) -> LedgerReading:
    """The ledger of all tags. `known` is what earlier readings had `fresh`: those objects are not opened again."""
    fresh: dict[str, TagFacts] = {}
    events: list[LedgerEvent] = []
    problems: list[str] = []
    lightweight: list[str] = []
    for tag, name in event_tags(refs):
        object_id = refs.ids[TAGS + tag]
        facts = known.get(object_id) or fresh.get(object_id)
        if facts is None:
            try:
                facts = fresh[object_id] = read_tag(repository, object_id)
            except MlverError as error:
                problems.append(f"tag {tag}: {error.message}")
                continue
        if facts.problem == LIGHTWEIGHT:
            lightweight.append(tag)
        elif facts.problem:
            problems.append(f"tag {tag} {facts.problem}")
        else:
            events.append(_event(tag, name, facts))
    return LedgerReading(ledger=ledger_of(events, _told(problems, lightweight)), fresh=fresh)


def event_tags(refs: Refs) -> Iterator[tuple[str, TagName]]:
    """Each tag whose name is an event's, without `refs/tags/`, and what the name says."""
    for ref in refs.ids:
        if ref.startswith(TAGS) and (name := parse_name(ref[len(TAGS) :])) is not None:
            yield ref[len(TAGS) :], name


def read_tag(repository: Repository, object_id: str) -> TagFacts:
    """What a tag's object says. Raises ObjectMissing, as what is not here today may be tomorrow."""
    try:
        tag = repository.tag(object_id)
        commit = repository.peel(tag.target)
    except ObjectMissing:
        raise
    except MlverError as error:
        return TagFacts(problem=_why_not(repository, object_id, error))
    return TagFacts(
        commit=commit,
        author=Person(name=tag.tagger.name[:_WORD_KEPT], email=tag.tagger.email[:_WORD_KEPT]),
        made=float(tag.time) if 0 < tag.time <= LAST_SECOND else None,
        message=tag.message.strip()[:MESSAGE_KEPT],
    )


def _why_not(repository: Repository, object_id: str, error: MlverError) -> str:
    try:
        is_commit = repository.peel(object_id) == object_id
    except MlverError as more:
        return f"counts for nothing: {more.message}"
    return LIGHTWEIGHT if is_commit else f"counts for nothing: {error.message}"


def _event(tag: str, name: TagName, facts: TagFacts) -> LedgerEvent:
    return LedgerEvent(
        move=name.move,
        model=name.model,
        version=name.version,
        stage=name.stage,
        number=name.number,
        place=facts.commit,
        tag=tag,
        made=facts.made,
        author=facts.author,
        message=facts.message,
    )


def _told(problems: list[str], lightweight: list[str]) -> list[str]:
    """The problems, bounded. Some repositories have lightweight tags by the thousand: they get one sentence."""
    told = sorted(problems)[:_PROBLEMS_SAID]
    if len(problems) > _PROBLEMS_SAID:
        told.append(f"{amount(len(problems) - _PROBLEMS_SAID, 'more tag')} like these")
    if lightweight:
        named = ", ".join(sorted(lightweight)[:_NAMED])
        more = f" and {len(lightweight) - _NAMED} more" if len(lightweight) > _NAMED else ""
        told.append(
            f"lightweight tags say neither who nor when, so they release nothing: {named}{more}; "
            "git tag --annotate makes one that does"
        )
    return told
