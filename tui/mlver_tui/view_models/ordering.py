"""The order of versions. What has no value there comes last both ways round; ties stay newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeAlias

from mlver.model.data import Data
from mlver.model.metric import Goal, Metric
from mlver.model.version import VersionRow
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, Values, metric_of, param_of

Rank: TypeAlias = tuple[int, object]
"""Numbers stand before texts."""

_NUMBER, _TEXT = 0, 1
_DIGITS = re.compile(r"(\d+)")
_DIGEST_NAME = re.compile(r"[0-9a-f]{8}(?:\.\d+)?")
_RANKED_LETTERS = 200


def needs_metrics(order: str) -> bool:
    """Whether every version's metrics are looked at: of thousands that takes a while the first time."""
    return order == METRIC or metric_of(order) is not None


def ordered(
    rows: Iterable[VersionRow], order: str, *, is_reversed: bool = False, values: Values | None = None
) -> list[VersionRow]:
    """The rows, which come newest first, in the order of a field."""
    if order == NEWEST:
        return _by_age(list(rows), is_reversed=is_reversed)
    rank_of = _ranking(order, values or {})
    ranked, last = [], []
    for row in rows:
        rank = rank_of(row)
        if rank is None:
            last.append(row)
        else:
            ranked.append((rank, row))
    ranked.sort(key=lambda pair: pair[0], reverse=is_reversed)
    return [row for _, row in ranked] + last


def _by_age(rows: list[VersionRow], *, is_reversed: bool) -> list[VersionRow]:
    if not is_reversed:
        return rows  # as the listing has them
    return [row for row in reversed(rows) if row.created is not None] + [row for row in rows if row.created is None]


def _ranking(order: str, values: Values) -> Callable[[VersionRow], Rank | None]:
    if order == NAME:
        return lambda row: _text_rank(row.name) if row.name else None
    if order == METRIC:
        return lambda row: _metric_rank(row.primary_metric)
    if (metric := metric_of(order)) is not None:
        return lambda row: _metric_rank(row.metrics.get(metric))
    known: Mapping[str, Data] = values.get(param_of(order) or "", {})
    return lambda row: _rank(known.get(row.key))


def _metric_rank(metric: Metric | None) -> Rank | None:
    """Best first, where it is known which way that is; else the largest."""
    rank = _rank(metric.value) if metric else None
    if metric is None or rank is None or rank[0] is _TEXT or metric.meaning.goal is Goal.MINIMISE:
        return rank
    return _NUMBER, -rank[1]  # type: ignore[operator]  # it is a number


def _rank(value: Data) -> Rank | None:
    """None: there is no value. Smaller numbers first, then texts as people count."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return None
    if isinstance(value, (bool, int, float)):
        return _NUMBER, value
    return _text_rank(value if isinstance(value, str) else repr(value))


@lru_cache(maxsize=1 << 14)  # each key typed into a filter sorts again
def _text_rank(text: str) -> Rank:
    """`v1.9` before `v1.10`: digits are a number, however many there are; those of a digest are none."""
    if _DIGEST_NAME.fullmatch(text):
        return _TEXT, ((0, text),)
    parts = _DIGITS.split(text[:_RANKED_LETTERS].casefold())
    return _TEXT, tuple(
        (len(digits := part.lstrip("0")), digits) if odd % 2 else (0, part) for odd, part in enumerate(parts)
    )
