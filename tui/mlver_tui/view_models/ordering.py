"""The order of versions. What has no value there comes last both ways round; ties stay newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

from mlver.model.data import Data
from mlver.model.metric import Goal, Metric
from mlver.model.version import VersionRow
from mlver_tui.view_models.nesting import under_their_parents
from mlver_tui.view_models.version_fields import METRIC, NAME, NEWEST, Values, metric_of, param_of

Words: TypeAlias = tuple[tuple[int, str], ...]
Rank: TypeAlias = int | float | Words
"""Less stands first; numbers stand before texts."""

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
    numbers: list[tuple[float, VersionRow]] = []
    texts: list[tuple[Words, VersionRow]] = []
    last: list[VersionRow] = []
    for row in rows:
        rank = rank_of(row)
        if rank is None:
            last.append(row)
        elif isinstance(rank, tuple):
            texts.append((rank, row))
        else:
            numbers.append((rank, row))
    # Apart, for numbers alone are compared ten times as fast.
    numbers.sort(key=itemgetter(0), reverse=is_reversed)
    texts.sort(key=itemgetter(0), reverse=is_reversed)
    first, second = [row for _, row in numbers], [row for _, row in texts]
    return [*second, *first, *last] if is_reversed else [*first, *second, *last]


def _by_age(rows: list[VersionRow], *, is_reversed: bool) -> list[VersionRow]:
    if not is_reversed:
        return under_their_parents(rows)  # else as the listing has them
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
    if metric is None or rank is None or isinstance(rank, tuple) or metric.meaning.goal is Goal.MINIMISE:
        return rank
    return -rank


def _rank(value: Data) -> Rank | None:
    """None: there is no value. Smaller numbers first, then texts as people count."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return None
    if isinstance(value, (int, float)):
        return value
    return _text_rank(value if isinstance(value, str) else repr(value))


@lru_cache(maxsize=1 << 14)  # each key typed into a filter sorts again
def _text_rank(text: str) -> Words:
    """`v1.9` before `v1.10`: digits are a number, however many there are; those of a digest are none."""
    if _DIGEST_NAME.fullmatch(text):
        return ((0, text),)
    parts = _DIGITS.split(text[:_RANKED_LETTERS].casefold())
    return tuple((len(part.lstrip("0")), part.lstrip("0")) if odd % 2 else (0, part) for odd, part in enumerate(parts))
