"""What the index holds of a version: light to load, for the first rows on screen are made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.version import ReplayMark

FactsKey = tuple[str, str, str]
"""Source, place and model: a commit may be read by one source today and by another tomorrow."""


class Facts(Struct, frozen=True):
    """One version's remembered part; the order of the fields is the order of the index's columns."""

    commit_id: str
    """The place: a commit, or the id of a run in a store."""
    model: str
    run: str | None
    status: str
    created: float | None
    author: str
    reason: str | None
    title: str
    strip: str
    recipe: str | None
    family: str | None
    result: str | None
    parent: str | None
    """Run id of the parent; None of what mlver did not record."""
    compared: str
    """Commits of the parent and of the earlier run of the same recipe that title and strip were made against."""
    primary_metric: str | None
    metrics: str
    """JSON: name -> [value, goal, tolerance, percent, unit, primary]."""
    tags: str
    """JSON."""
    code_commit: str | None
    has_overrides: int
    is_dirty: int
    problem: str | None
    is_broken: int
    is_partial: int = 0
    """Objects it is made of are not here, and may be tomorrow: it is shown at once, and read again."""
    absent: str = "[]"
    """JSON: files of this machine that would say more and were not there; once one is, the version is read again."""
    store: str = ""
    """Of a run: the store it is in. A copied store has the same runs, and may say something else of them."""


class Listed(NamedTuple):
    """A row of the list as it was last shown: what is joined to the facts. A tuple: ten thousand are made at once."""

    key: str
    ref: str
    source: str
    commit_id: str
    model: str
    created: float | None
    name: str
    names: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    parent: str | None = None
    """Key of the parent's row."""
    is_listed: bool = True
    """False: only what others are held against."""
    replay: ReplayMark | None = None
    store: str = ""
    """Of a run: the store it is in."""


def json_map(text: str) -> dict[str, Any]:
    """What the index keeps as JSON; empty where it is none: the index is input from outside."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


class StoredMetrics(Mapping[str, Metric]):
    """The metrics of a row, made from their JSON when somebody looks: most rows are never on screen."""

    __slots__ = ("_metrics", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._metrics: dict[str, Metric] | None = None

    def __getitem__(self, name: str) -> Metric:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, Metric]:
        if self._metrics is None:
            try:
                self._metrics = {name: _metric(*parts) for name, parts in json_map(self._text).items()}
            except (ValueError, TypeError, OverflowError):
                self._metrics = {}  # the index is input from outside; the detail reads the manifest
        return self._metrics


def _metric(*parts: object) -> Metric:
    value, goal, amount, percent, unit, primary = parts
    if value is not None and not isinstance(value, (str, int, float)):
        raise TypeError(type(value))
    return Metric(
        value=value,
        meaning=MetricMeaning(
            goal=Goal(str(goal)) if goal else None,
            tolerance=Tolerance(float(amount), bool(percent)) if isinstance(amount, (int, float)) else None,
            unit=str(unit),
            primary=bool(primary),
        ),
    )
