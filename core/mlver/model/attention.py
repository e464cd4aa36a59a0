"""Which versions deserve a special look, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from mlver.model.metric import Goal, Judgement, MetricDelta, metric_delta
from mlver.model.source_names import NATIVE
from mlver.model.status import Status
from mlver.model.version import Agreement, VersionRow


class Why(StrEnum):
    """What makes a version worth a look, the gravest first."""

    BROKEN = "broken"
    """It cannot be read."""
    NOT_DONE = "not done"
    """Its run failed, or was ended before its end."""
    REPLAY = "replay"
    """Its newest replay came out otherwise, or failed."""
    TWO_RESULTS = "two results"
    """It is the newest of several runs of one recipe, and they made different things."""
    WORSE = "worse"
    """A metric is worse than before: the primary one, or one beyond its tolerance."""
    BEST_UNPROVEN = "best, unproven"
    """It is the best of its model, and nobody could make it again, or has tried to."""
    DIRTY = "dirty"
    """The code that ran was not what its commit holds."""
    NOTED = "noted"
    """Not all of it could be read."""


class Reason(Struct, frozen=True, kw_only=True):
    """One thing that makes a version worth a look."""

    why: Why
    delta: MetricDelta | None = None
    """Of which metric it is; of several results: how far apart they are."""
    runs: int = 0
    """How many runs its recipe has."""
    against: VersionRow | None = None
    """What it was held against."""


class Company:
    """The versions of a list, asked about one of them. What is asked of all of them is found out once."""

    def __init__(self, rows: Iterable[VersionRow]) -> None:
        self._rows = tuple(rows)

    def is_worth_a_look(self, row: VersionRow, other: VersionRow | None) -> bool:
        """Whether there is any reason; `other`: what it is held against, its parent or a base."""
        return next(self._reasons(row, other), None) is not None

    def reasons(self, row: VersionRow, other: VersionRow | None) -> tuple[Reason, ...]:
        """Why it is worth a look, the gravest reason first; none: it is not."""
        return tuple(self._reasons(row, other))

    def _reasons(self, row: VersionRow, other: VersionRow | None) -> Iterator[Reason]:
        if row.is_running or row.status is Status.RUNNING:
            return  # what it will come to, nobody knows
        if row.is_broken:
            yield Reason(why=Why.BROKEN)
            return
        if row.status is not Status.DONE:
            yield Reason(why=Why.NOT_DONE)
        if row.replay and row.replay.agreement in {Agreement.DIFFERENT, Agreement.FAILED}:
            yield Reason(why=Why.REPLAY)
        if (twins := self._twins.get(row.key)) is not None:
            yield Reason(why=Why.TWO_RESULTS, delta=primary_delta(row, twins[1]), runs=len(twins), against=twins[1])
        yield from _worse(row, other)
        yield from self._unproven(row)
        if row.problem and row.status is Status.DONE:
            yield Reason(why=Why.NOTED)

    def _unproven(self, row: VersionRow) -> Iterator[Reason]:
        could_be_replayed = row.source == NATIVE and row.status is Status.DONE
        if (row.is_dirty or (could_be_replayed and row.replay is None)) and row.key in self._best:
            yield Reason(why=Why.BEST_UNPROVEN)
        elif row.is_dirty:
            yield Reason(why=Why.DIRTY)

    @cached_property
    def _twins(self) -> Mapping[str, Sequence[VersionRow]]:
        """Key of the newest run of a recipe that has several results -> all its runs, the newest first."""
        runs: dict[tuple[str, str], list[VersionRow]] = defaultdict(list)
        for row in self._rows:
            if row.recipe and row.result and row.status is Status.DONE:
                runs[row.model, row.recipe].append(row)
        found = [sorted(rows, key=_created, reverse=True) for rows in runs.values() if _differ(rows)]
        return {rows[0].key: rows for rows in found}

    @cached_property
    def _best(self) -> frozenset[str]:
        """The best version of each model that has several and a goal; of equally good ones the first."""
        best: dict[str, tuple[float, VersionRow]] = {}
        counts: dict[str, int] = defaultdict(int)
        for row in sorted(self._rows, key=_created):
            rank = _rank(row)
            if rank is None:
                continue
            counts[row.model] += 1
            if row.model not in best or rank > best[row.model][0]:
                best[row.model] = rank, row
        return frozenset(row.key for model, (_, row) in best.items() if counts[model] > 1)


def held_against(
    row: VersionRow, base: VersionRow | None, find: Callable[[str], VersionRow | None]
) -> VersionRow | None:
    """What a version is held against: the base somebody chose, else its parent."""
    return base or (find(row.parent) if row.parent else None)


def primary_delta(row: VersionRow, other: VersionRow | None) -> MetricDelta | None:
    """How a version's primary metric moved from that of another; None: there is nothing to say."""
    metric = row.primary_metric
    if metric is None or row.primary is None or other is None or row.status is not Status.DONE:
        return None
    before = other.metrics.get(row.primary)
    return metric_delta(row.primary, before, metric) if before else None


def _worse(row: VersionRow, other: VersionRow | None) -> Iterator[Reason]:
    """The primary metric whenever it is worse; another one only beyond what somebody said may be tolerated."""
    if other is None or row.status is not Status.DONE:
        return
    names = sorted(row.metrics, key=lambda name: name != row.primary)
    for name in names:
        metric, before = row.metrics[name], other.metrics.get(name)
        if before is None or (name != row.primary and metric.meaning.tolerance is None):
            continue
        delta = metric_delta(name, before, metric)
        if delta.judgement is Judgement.WORSE:
            yield Reason(why=Why.WORSE, delta=delta, against=other)
            return  # one is enough to go and look at all of them


def _differ(rows: Sequence[VersionRow]) -> bool:
    return len({row.result for row in rows}) > 1


def _created(row: VersionRow) -> float:
    return row.created or 0.0


def _rank(row: VersionRow) -> float | None:
    """How good it is, more is better; None: nobody said what is good, or it has no number."""
    metric = row.primary_metric if row.status is Status.DONE else None
    value = metric.number if metric else None
    if metric is None or value is None or math.isnan(value) or metric.meaning.goal is None:
        return None
    return value if metric.meaning.goal is Goal.MAXIMISE else -value
