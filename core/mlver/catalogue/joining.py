"""Facts, names, parents, replays and running recordings joined into the rows of the list."""

from __future__ import annotations

import contextlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mlver.catalogue.index import ReplayFacts
from mlver.catalogue.naming import ordinals, releases_by_commit, short_recipe
from mlver.catalogue.stored import Facts, Listed, StoredMetrics
from mlver.model.manifest import Status
from mlver.model.version import Agreement, ReplayMark, VersionRow

RUNS = "refs/mlver/runs/"
DRAFTS = "refs/mlver/drafts/"


class Seen(NamedTuple):
    """A ref that holds a version. A tuple: ten thousand are made at once."""

    ref: str
    source: str
    commit_id: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Everything a list is made of, at one moment."""

    seen: tuple[Seen, ...]
    facts: Mapping[tuple[str, str], Facts]
    """By (commit, model)."""
    releases: Mapping[str, str]
    """Tag name -> commit."""
    replays: tuple[ReplayFacts, ...]


def listed_of(joined: Joined) -> list[tuple[Listed, Facts]]:
    """The list, newest first; a draft whose run was finished is left out."""
    finished = {_run_of(one.ref) for one in joined.seen if one.ref.startswith(RUNS)}
    shown = [
        (one, facts)
        for one in joined.seen
        if (facts := joined.facts.get((one.commit_id, one.model)))
        and not (one.ref.startswith(DRAFTS) and _run_of(one.ref) in finished)
    ]
    names = releases_by_commit(joined.releases)
    ordinal = ordinals(facts for _, facts in shown)
    keys = {(facts.model, facts.run): key_of(one.ref) for one, facts in shown}
    marks = replay_marks(joined.replays)
    pairs = []
    for one, facts in shown:
        releases = names.get((one.commit_id, one.model), ())
        listed = Listed(
            one.ref,
            one.source,
            one.commit_id,
            one.model,
            facts.created,
            releases[0] if releases else _own_name(facts, ordinal),
            releases,
            keys.get((facts.model, facts.parent)) if facts.parent else None,
            marks.get(one.commit_id),
        )
        pairs.append((listed, facts))
    pairs.sort(key=lambda pair: (-(pair[0].created or 0.0), pair[0].ref))
    return pairs


def row_of(listed: Listed, facts: Facts, is_running: Callable[[str], bool]) -> VersionRow:
    """One row of the list; `is_running` tells whether the recording with a run id is under way."""
    return VersionRow(
        key=key_of(listed.ref),
        source=listed.source,
        ref=listed.ref,
        commit=listed.commit_id,
        model=listed.model,
        run=facts.run,
        name=listed.name,
        names=listed.names,
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


def ref_of(key: str) -> str:
    """The ref of a finished run with that key."""
    return "refs/mlver/" + key


def key_of(ref: str) -> str:
    """A row's key: the same for a draft and the run it becomes, so the cursor stays on it."""
    for prefix in (RUNS, DRAFTS):
        if ref.startswith(prefix):
            return "runs/" + ref.removeprefix(prefix)
    return ref


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


def _own_name(facts: Facts, ordinal: Mapping[str, int]) -> str:
    if facts.recipe:
        return f"{short_recipe(facts.recipe)}.{ordinal[facts.commit_id]}"
    return facts.run or facts.commit_id[:10]


def _run_of(ref: str) -> str:
    return ref.rpartition("/")[2]


def _tags(text: str) -> dict[str, str | int | float | bool | None]:
    if text == "{}":
        return {}
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return {str(key): value for key, value in data.items() if not isinstance(value, (dict, list))}
