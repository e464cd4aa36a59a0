"""What a list of versions can be sorted by and have a column for, named as filters name it: `metric.f1`, `param.lr`.

`METRIC` alone is the primary metric of each version, whichever that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from mlver.model.data import Data
from mlver.model.version import VersionRow

NEWEST, NAME, METRIC = "newest", "name", "metric"
_OF_METRIC, _OF_PARAM = "metric.", "param."
_SAMPLED = 2000
"""Rows looked at for the names of their metrics: a dialog must not wait for a hundred thousand."""

Values: TypeAlias = Mapping[str, Mapping[str, Data]]
"""Name of a param -> key of a version -> what it is set to there; a version without it is not in it."""


def of_metric(name: str) -> str:
    """The field of a metric."""
    return _OF_METRIC + name


def of_param(name: str) -> str:
    """The field of a param, by its dotted name."""
    return _OF_PARAM + name


def metric_of(field: str) -> str | None:
    """The metric a field is about; None: about something else."""
    return field.removeprefix(_OF_METRIC) if field.startswith(_OF_METRIC) else None


def param_of(field: str) -> str | None:
    """The param a field is about; None: about something else."""
    return field.removeprefix(_OF_PARAM) if field.startswith(_OF_PARAM) else None


def params_of(fields: Iterable[str]) -> frozenset[str]:
    """The params that some fields are about: they are not in the rows and must be read."""
    return frozenset(name for field in fields if (name := param_of(field)) is not None)


def called(field: str) -> str:
    """What people call it; unsanitised."""
    return metric_of(field) or param_of(field) or field


def metrics_of(rows: Sequence[VersionRow]) -> tuple[str, ...]:
    """The names of the metrics that the rows have, in the order they are met."""
    return tuple(dict.fromkeys(name for row in islice(rows, _SAMPLED) for name in row.metrics))


def leaves_of(names: Iterable[str]) -> tuple[str, ...]:
    """Of dotted names those that hold a value, not others: of `a` and `a.b` the second."""
    known = tuple(names)
    above = {name[:place] for name in known for place, letter in enumerate(name) if letter == "."}
    return tuple(name for name in known if name not in above)
