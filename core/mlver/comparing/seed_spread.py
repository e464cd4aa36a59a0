"""The spread between seeds: runs of one family held against those of another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mlver.comparing.significance import MeansTested, mean, one_against_many, variance, welch
from mlver.model.spread import MetricSpread, Sample, SeedSpread
from mlver.model.status import Status
from mlver.model.version import VersionRow


def seed_spread(before: VersionRow, after: VersionRow, rows: Iterable[VersionRow]) -> SeedSpread | None:
    """Every metric of both over the runs of their families; None: the family of a side is not known, or they are one.

    Args:
        before: version A.
        after: version B.
        rows: all versions that are known; A and B count though they are not among them.
    """
    if before.family is None or after.family is None or before.key == after.key:
        return None
    known = {row.key: row for row in (before, after, *rows)}.values()
    families = [_runs(side, known) for side in (before, after)]
    is_one_family = before.family == after.family and before.model == after.model
    names = [name for name in before.metrics if _number(before, name) is not None and _number(after, name) is not None]
    names.sort(key=lambda name: name != after.primary)
    return SeedSpread(
        metrics=tuple(_spread(name, families[0], families[1], is_tested=not is_one_family) for name in names),
        is_one_family=is_one_family,
    )


def _runs(side: VersionRow, rows: Iterable[VersionRow]) -> list[VersionRow]:
    """The finished runs of its family. One run told twice, the same recipe with the same result, counts once."""
    family = [
        row
        for row in rows
        if row.family == side.family and row.model == side.model and row.status is Status.DONE and not row.is_broken
    ]
    distinct = {(row.recipe, row.result) if row.result else row.key: row for row in family}
    return list(distinct.values())


_LARGEST = 1e75
"""Metrics beyond it diverged, as infinite ones did: their squares would be no numbers."""


def _number(row: VersionRow, name: str) -> float | None:
    metric = row.metrics.get(name)
    number = metric.number if metric else None
    return number if number is not None and abs(number) <= _LARGEST else None


def _spread(name: str, before: Sequence[VersionRow], after: Sequence[VersionRow], *, is_tested: bool) -> MetricSpread:
    """Not tested: of one family there are no two samples to hold against each other."""
    left, right = ([value for row in side if (value := _number(row, name)) is not None] for side in (before, after))
    told = _tested(left, right) if is_tested else None
    return MetricSpread(
        metric=name,
        before=_sample(left),
        after=_sample(right),
        difference=mean(right) - mean(left) if left and right else None,
        t=told.t if told else None,
        df=told.df if told else None,
        p=told.p if told else None,
    )


def _tested(before: Sequence[float], after: Sequence[float]) -> MeansTested | None:
    if len(before) == 1 and len(after) > 1:
        against = one_against_many(before[0], after)
        return replace(against, t=-against.t) if against else None
    if len(after) == 1 and len(before) > 1:
        return one_against_many(after[0], before)
    return welch(before, after)


def _sample(values: Sequence[float]) -> Sample:
    if not values:
        return Sample(n=0)
    return Sample(
        n=len(values),
        mean=mean(values),
        sd=math.sqrt(variance(values)) if len(values) > 1 else None,
    )
