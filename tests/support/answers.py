"""Predictions of two versions of the digits story: 360 images, eleven fixed, four broken, all with a confidence."""

from __future__ import annotations

import random

from mlver.comparing.answers import Answers, answers_of
from mlver.comparing.flips import compare_answers
from mlver.model.predictions import Predictions
from mlver.model.spread import MetricSpread, Sample, SeedSpread
from tests.support.explorer_project import MemoryProject

_IMAGES = 360
_FIXED, _BROKEN, _WRONG = 11, 4, 11


def digits_predictions() -> Predictions:
    """Always the same: drawn once with a fixed seed."""
    dice = random.Random(12)
    truths = [row * 7 % 10 for row in range(_IMAGES)]
    flipped = dice.sample(range(_IMAGES), _FIXED + _BROKEN + _WRONG)
    wrong = [set(flipped[:_FIXED] + flipped[-_WRONG:]), set(flipped[_FIXED:])]
    sides: list[Answers] = []
    for of_side in wrong:
        lines = ["row,truth,prediction,confidence,writer"]
        for row, truth in enumerate(truths):
            said = (truth + dice.choice((1, 5, 6))) % 10 if row in of_side else truth
            sure = dice.uniform(0.35, 0.8) if row in of_side else 1 - dice.random() ** 3 / 2
            lines.append(f"{row * 5},{truth},{said},{sure:.4f},{'left' if row % 9 == 0 else 'right'}-handed")
        sides.append(_read("\n".join(lines)))
    before, after = sides
    return compare_answers(before, after)


def seeds_of_b() -> SeedSpread:
    """Five runs of B, one of A."""
    spread = MetricSpread(
        metric="accuracy",
        before=Sample(n=1, mean=338 / 360),
        after=Sample(n=5, mean=0.9575, sd=0.0019),
        difference=0.9575 - 338 / 360,
        t=9.0,
        df=4,
        p=0.0008,
    )
    return SeedSpread(metrics=(spread,))


def _read(text: str) -> Answers:
    import polars as pl

    return answers_of(pl.read_csv(text.encode(), infer_schema=False), "predictions.csv")


def answering() -> MemoryProject:
    """The digits story, with what both sides said of each row."""
    project = MemoryProject()
    project.predictions, project.spread = digits_predictions(), seeds_of_b()
    return project
