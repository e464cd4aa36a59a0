"""How far the confidence of answers is to be believed: a reliability table and the expected calibration error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from mlver.comparing.answers import CONFIDENCE, SAID, TRUTH
from mlver.model.predictions import Calibration, ReliabilityBin

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

BINS = 10


def calibration_of(table: Frame) -> Calibration | None:
    """Confidence against accuracy in ten bins of equal width (Naeini et al. 2015, Guo et al. 2017).

    A bin holds what is above its lower edge up to its upper one; 0 is in the first. Rows without a confidence are left
    out. None: one lies outside 0 to 1, so these are no probabilities.
    """
    import polars as pl

    sure = pl.col(CONFIDENCE)
    told = table.filter(sure.is_not_null())
    if not told.height or not told.select(sure.is_between(0, 1).all()).item():
        return None
    place = ((sure * BINS).ceil().cast(pl.Int64) - 1).clip(0, BINS - 1)
    counted = told.group_by(place.alias("place")).agg(
        pl.len().alias("rows"),
        sure.mean().alias("confidence"),
        (pl.col(SAID) == pl.col(TRUTH)).mean().alias("accuracy"),
    )
    held = {row.pop("place"): row for row in counted.iter_rows(named=True)}
    empty = {"rows": 0, "confidence": None, "accuracy": None}
    bins = tuple(
        ReliabilityBin(low=number / BINS, high=(number + 1) / BINS, **held.get(number, empty)) for number in range(BINS)
    )
    gaps = (one["rows"] * abs(one["accuracy"] - one["confidence"]) for one in held.values())
    return Calibration(bins=bins, error=math.fsum(gaps) / told.height, rows=told.height)
