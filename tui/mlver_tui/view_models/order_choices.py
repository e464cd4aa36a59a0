"""What a list can be sorted by, and which columns it can have, as dialogs offer them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mlver.model.metric import Goal
from mlver.model.version import VersionRow
from mlver_tui.view_models.choices import Choice
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.version_columns import BUILT_IN
from mlver_tui.view_models.version_fields import (
    METRIC,
    NAME,
    NEWEST,
    called,
    metric_of,
    metrics_of,
    of_metric,
    of_param,
    param_of,
)

_BEST, _LARGEST, _SMALLEST = "best first", "largest first", "smallest first"


def order_choices(
    rows: Sequence[VersionRow],
    params: Iterable[str],
    current: str,
    *,
    is_reversed: bool = False,
    glyphs: Glyphs = UNICODE,
) -> list[Choice]:
    """Everything these versions can be sorted by."""
    choices = [
        Choice(key=NEWEST, name="age", said="newest first"),
        Choice(key=NAME, name="name", said="numbers in it by their size"),
        Choice(key=METRIC, name="primary metric", said=_BEST),
        *(
            Choice(key=of_metric(name), name=glyphs.data(name), said=_direction(name, rows), section="metrics")
            for name in metrics_of(rows)
        ),
        *(Choice(key=of_param(name), name=glyphs.data(name), said=_SMALLEST, section="params") for name in params),
    ]
    return [_marked(choice, current, is_reversed=is_reversed) for choice in choices]


def _direction(metric: str, rows: Iterable[VersionRow]) -> str:
    found = next((one for row in rows if (one := row.metrics.get(metric))), None)
    goal = found.meaning.goal if found else None
    how = {Goal.MINIMISE: f"{_BEST}, less is better", Goal.MAXIMISE: f"{_BEST}, more is better"}
    return how[goal] if goal else _LARGEST


def _marked(choice: Choice, current: str, *, is_reversed: bool) -> Choice:
    if choice.key != current:
        return choice
    return replace(choice, is_on=True, said=f"{choice.said}; now reversed" if is_reversed else choice.said)


def column_fields(chosen: Sequence[str], rows: Sequence[VersionRow]) -> list[str]:
    """The columns there can be, but for params: those that are on in their order, then the others."""
    return list(dict.fromkeys((*chosen, *BUILT_IN, *map(of_metric, metrics_of(rows)))))


def column_choices(fields: Iterable[str], on: Iterable[str], glyphs: Glyphs = UNICODE) -> list[Choice]:
    """The columns as they would stand, and those that are off."""
    shown = frozenset(on)
    return [
        Choice(key=field, name=_column_name(field, glyphs), said=_column_said(field), is_on=field in shown)
        for field in fields
    ]


def _column_name(field: str, glyphs: Glyphs) -> str:
    return "primary metric" if field == METRIC else glyphs.data(called(field))


def _column_said(field: str) -> str:
    if metric_of(field) is not None:
        return "metric"
    return "param" if param_of(field) is not None else BUILT_IN.get(field, "")
