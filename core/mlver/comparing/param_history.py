"""One param through the versions of a model: the values it had, and the metric with each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median_low

from msgspec import Struct

from mlver.comparing.configs import compare_data
from mlver.comparing.leaves import joined, path_changes
from mlver.comparing.side_by_side import groups_of
from mlver.comparing.tokens import Tokens
from mlver.comparing.wording import scalar_text
from mlver.model.change import MISSING, Missing
from mlver.model.data import Data
from mlver.model.metric import Goal, MetricMeaning
from mlver.model.param_history import ParamHistory, Stretch, TriedValue
from mlver.model.status import Status
from mlver.model.version import VersionRow

_INPUTS = {"C": "code", "D": "data", "E": "environment", "H": "hardware", "S": "seeds"}
"""Letters of the strip beside the params."""

_MOST_STEPS = 500
"""Versions walked from the one whose metric is told to where its value came in."""


def param_history(
    rows: Iterable[VersionRow],
    params: Mapping[str, Mapping[str, Data]],
    labels: Sequence[str],
    *,
    ignore: tuple[str, ...] = (),
) -> ParamHistory:
    """The values of one param in these versions of one model.

    Args:
        rows: the versions, in any order.
        params: key of a version -> its params; one that is not there is counted as unread.
        labels: from the top to the param, as a change tree has them.
        ignore: patterns of keys that are noise: that they changed, too, says nothing.
    """
    ordered = sorted((row for row in rows if not row.is_broken), key=lambda row: row.created or 0.0)
    known = [row for row in ordered if row.key in params]
    values = [value_along(dict(params[row.key]), labels) for row in known]
    groups = groups_of(values, Tokens())
    held = [_Held(*one) for one in zip(known, values, groups, strict=True)]
    metric, meaning = _metric(known)
    lineage = _Lineage(held, params, tuple(labels), ignore)
    return ParamHistory(
        labels=tuple(labels),
        stretches=tuple(_stretches(held)),
        metric=metric,
        meaning=meaning,
        is_best=meaning.goal is not None,
        tried=tuple(_tried(held, metric, meaning, lineage)) if metric else (),
        unread=len(ordered) - len(known),
    )


def value_along(params: Data, labels: Sequence[str]) -> Data | Missing:
    """The value that the labels of a change tree lead to; MISSING: there is none."""
    at: Data | Missing = params
    for label in labels:
        at = _child(at, label)
    return at


def _child(value: Data | Missing, label: str) -> Data | Missing:
    if isinstance(value, dict):
        return value.get(label, MISSING)
    if not isinstance(value, list):
        return MISSING
    inner = label[1:-1]
    if inner.isdecimal():
        is_there = len(inner) <= len(str(len(value))) and int(inner) < len(value)
        return value[int(inner)] if is_there else MISSING
    key, _, name = inner.partition("=")
    return next((item for item in value if isinstance(item, dict) and _is_named(item.get(key), name)), MISSING)


def _is_named(value: Data, name: str) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and scalar_text(value) == name


class _Held(Struct, frozen=True):
    """What a version holds."""

    row: VersionRow
    value: Data | Missing
    group: int
    """The same number exactly where the values are the same."""


def _stretches(held: Sequence[_Held]) -> Iterator[Stretch]:
    for _group, part in groupby(held, key=lambda one: one.group):
        same = list(part)
        yield Stretch(value=same[0].value, count=len(same))


def _metric(rows: Sequence[VersionRow]) -> tuple[str | None, MetricMeaning]:
    for row in reversed(rows):
        if row.primary and (metric := row.primary_metric) and metric.number is not None:
            return row.primary, metric.meaning
    return None, MetricMeaning()


def _tried(held: Sequence[_Held], metric: str, meaning: MetricMeaning, lineage: _Lineage) -> Iterator[TriedValue]:
    measured: dict[int, list[tuple[float, _Held]]] = {}
    for one in held:
        number = _number(one.row, metric)
        if number is not None:
            measured.setdefault(one.group, []).append((number, one))
    for found in sorted(measured.values(), key=lambda found: _order(found[0][1].value)):
        numbers = [number for number, _one in found]
        if meaning.goal is None:
            yield TriedValue(value=found[0][1].value, count=len(found), measured=median_low(numbers))
            continue
        pick = max if meaning.goal is Goal.MAXIMISE else min
        number, best = pick(found, key=lambda one: one[0])
        yield TriedValue(
            value=best.value,
            count=len(found),
            measured=number,
            version=best.row,
            also_changed=lineage.also_changed(best),
        )


def _number(row: VersionRow, metric: str) -> float | None:
    if row.status is not Status.DONE or (found := row.metrics.get(metric)) is None:
        return None
    number = found.number
    return number if number is not None and math.isfinite(number) else None


def _order(value: Data | Missing) -> tuple[int, float]:
    """Numbers by size; what is none behind them, as it was met."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124 - NaN
    try:
        return (0, float(value)) if is_number else (1, 0.0)  # type: ignore[arg-type]  # a number
    except OverflowError:
        return 1, 0.0


class _Lineage:
    """Asks along the parents what else changed."""

    def __init__(
        self,
        held: Sequence[_Held],
        params: Mapping[str, Mapping[str, Data]],
        labels: tuple[str, ...],
        ignore: tuple[str, ...],
    ) -> None:
        self._by_key = {one.row.key: one for one in held}
        self._params = params
        self._labels = labels
        self._ignore = ignore

    def also_changed(self, one: _Held) -> tuple[str, ...]:
        """What else changed from where the value came in up to this version; nothing: it was there from the start."""
        named: dict[str, None] = {}
        inputs: set[str] = set()
        for _ in range(_MOST_STEPS):
            parent = self._by_key.get(one.row.parent or "")
            if parent is None:
                return ()
            named |= dict.fromkeys(self._others(parent, one))
            inputs |= {letter for letter in one.row.strip if letter in _INPUTS}
            if parent.group != one.group:
                return (*named, *(word for letter, word in _INPUTS.items() if letter in inputs))
            one = parent
        return ()

    def _others(self, before: _Held, after: _Held) -> Iterator[str]:
        left, right = (self._params[one.row.key] for one in (before, after))
        if left == right:
            return
        tree = compare_data(dict(left), dict(right), label="params", ignore=self._ignore)
        for leaf in path_changes(tree):
            if leaf.change.is_change and leaf.keys != self._labels[: len(leaf.keys)]:
                yield joined(leaf.keys)
