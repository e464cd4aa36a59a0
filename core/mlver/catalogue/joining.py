"""Facts, names, parents, replays and running recordings joined into the rows of the list."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from mlver.catalogue.index import ReplayFacts
from mlver.catalogue.naming import own_names
from mlver.catalogue.seeing import DRAFTS, RUNS, Seen
from mlver.catalogue.stored import Facts, FactsKey, Listed, StoredMetrics, json_map
from mlver.model.status import Status
from mlver.model.version import Agreement, ReplayMark, VersionRow

Place = tuple[str, str]
"""Commit (or run of a store) and model."""


class Joined(Struct, frozen=True, kw_only=True):
    """Everything a list is made of, at one moment."""

    seen: Iterable[Seen]
    facts: Mapping[FactsKey, Facts]
    releases: Mapping[Place, tuple[str, ...]]
    """Highest first."""
    stages: Mapping[Place, tuple[str, ...]]
    replays: tuple[ReplayFacts, ...]


def listed_of(joined: Joined) -> list[tuple[Listed, Facts]]:
    """What is listed, in no order; a draft whose run was finished is left out."""
    finished = {_run_of(one.ref) for one in joined.seen if one.ref.startswith(RUNS)}
    shown = [
        (one, facts)
        for one in joined.seen
        if (facts := joined.facts.get(one.facts_key))
        and not (one.ref.startswith(DRAFTS) and _run_of(one.ref) in finished)
    ]
    own = own_names(facts for _, facts in shown)
    relatives = _Relatives.of(shown)
    marks = replay_marks(joined.replays)
    pairs = []
    for one, facts in shown:
        place = (one.commit_id, one.model)
        names = (*joined.releases.get(place, ()), *one.names)
        listed = Listed(
            one.key,
            one.ref,
            one.source,
            one.commit_id,
            one.model,
            facts.created,
            names[0] if names else own.get(one.commit_id) or facts.run or one.commit_id[:10],
            names,
            joined.stages.get(place, ()),
            relatives.parent_of(one, facts),
            one.is_listed,
            marks.get(one.commit_id),
        )
        pairs.append((listed, facts))
    return pairs


class _Relatives(Struct, frozen=True):
    """Rows by what their children know of them."""

    runs: Mapping[tuple[str, str | None], str]
    """(model, run id) -> key."""
    places: Mapping[Place, str]
    """Place -> key, of what mlver did not record."""

    @classmethod
    def of(cls, shown: Iterable[tuple[Seen, Facts]]) -> _Relatives:
        runs: dict[tuple[str, str | None], str] = {}
        places: dict[Place, str] = {}
        for one, facts in shown:
            if facts.run:
                runs[facts.model, facts.run] = one.key
            else:
                places[one.commit_id, one.model] = one.key
        return cls(runs, places)

    def parent_of(self, one: Seen, facts: Facts) -> str | None:
        if facts.parent:
            return self.runs.get((facts.model, facts.parent))
        return self.places.get((one.parent, one.model)) if one.parent else None


def row_of(listed: Listed, facts: Facts, is_running: Callable[[str], bool]) -> VersionRow:
    """One row of the list; `is_running` tells whether the recording with a run id is under way."""
    return VersionRow(
        key=listed.key,
        source=listed.source,
        ref=listed.ref,
        commit=listed.commit_id,
        model=listed.model,
        run=facts.run,
        name=listed.name,
        names=listed.names,
        stages=listed.stages,
        status=Status(facts.status),
        is_running=listed.ref.startswith(DRAFTS) and is_running(_run_of(listed.ref)),
        created=facts.created,
        author=facts.author,
        reason=facts.reason,
        title=facts.title,
        strip=facts.strip,
        recipe=facts.recipe,
        family=facts.family,
        result=facts.result,
        parent=listed.parent,
        primary=facts.primary_metric,
        metrics=StoredMetrics(facts.metrics),
        tags=_tags(facts.tags),
        replay=listed.replay,
        problem=facts.problem,
        is_broken=bool(facts.is_broken),
        is_dirty=bool(facts.is_dirty),
        code_commit=facts.code_commit,
        has_overrides=bool(facts.has_overrides),
    )


def replay_marks(replays: Iterable[ReplayFacts]) -> dict[str, ReplayMark]:
    """Commit of a version -> the newest verdict and how often it was reached."""
    by_version: dict[str, list[ReplayFacts]] = defaultdict(list)
    for replay in replays:
        with contextlib.suppress(ValueError):
            Agreement(replay.agreement)
            by_version[replay.version].append(replay)
    marks = {}
    for version, entries in by_version.items():
        newest = max(entries, key=lambda entry: (entry.created, entry.ref_commit))
        count = Counter(entry.agreement for entry in entries)[newest.agreement]
        marks[version] = ReplayMark(agreement=Agreement(newest.agreement), count=count)
    return marks


def _run_of(ref: str) -> str:
    return ref.rpartition("/")[2]


def _tags(text: str) -> dict[str, str | int | float | bool | None]:
    if text == "{}":
        return {}
    return {key: value for key, value in json_map(text).items() if not isinstance(value, (dict, list))}
