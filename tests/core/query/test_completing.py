"""What a half-typed word may become."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.metric import Metric
from mlver.query.completing import completion
from mlver.query.fields import FIELDS
from mlver.query.grammar import parse
from tests.support.explorer import digits_rows

ROWS = (replace(digits_rows()[0], metrics={"val loss": Metric(value=1.0)}), *digits_rows()[1:])
PARAMS = ("optimiser", "optimiser.lr", "model.hidden")


@pytest.mark.parametrize(
    ("typed", "start", "choices"),
    [
        ("st", 0, ("stage:", "status:")),
        ("lr -ag", 4, ("age<",)),
        ("(x or met", 6, ("metric.",)),
        ("metric.l", 0, ("metric.loss", "metric.latency_ms")),
        ("a m.acc", 2, ("m.accuracy",)),
        ('metric."val', 0, ('metric."val loss"',)),
        ("parent.a", 0, ("parent.accuracy",)),
        ("p.opt", 0, ("p.optimiser", "p.optimiser.lr")),
        ("is:di", 0, ("is:dirty", "is:differing")),
        ("status!=f", 0, ("status!=failed",)),
        ("has:sta", 0, ("has:stage", "has:status")),
        ("has:m.l", 0, ("has:m.loss", "has:m.latency_ms")),
        ("zzz", 0, ()),
        ("zzz.a", 0, ()),
        ("name:v", 0, ()),
    ],
)
def test_the_last_word_becomes_what_begins_so(typed: str, start: int, choices: tuple[str, ...]) -> None:
    completed = completion(typed, ROWS, PARAMS)

    assert (completed.start, completed.choices) == (start, choices)


def test_with_no_word_every_field_is_offered() -> None:
    assert len(completion("a ", ROWS).choices) == len(FIELDS)


@pytest.mark.parametrize("typed", ["metric.", "param."])
def test_what_is_offered_can_be_read(typed: str) -> None:
    for choice in completion(typed, ROWS, PARAMS).choices:
        parse(f"{choice}>=0.5")
