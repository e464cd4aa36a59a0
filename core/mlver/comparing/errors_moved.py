"""Predictions that are numbers: how far they are off, and on which side more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from mlver.comparing.answers import SAID, TRUTH
from mlver.comparing.significance import even_split_p
from mlver.model.predictions import ErrorMoves

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

TOLERANCE = 0.01
"""Share of A's mean absolute error by which a row's error must move to count."""


def errors_moved(shared: Frame, before: str) -> ErrorMoves | None:
    """How the absolute errors moved, row by row; None: truths and answers are classes, not numbers.

    Numbers they are when every one is a finite number and one of them is not whole.

    Args:
        shared: the rows both sides answered: truth, what B said, and what A said in the column `before`.
        before: that column's name.
    """
    import polars as pl

    columns = (TRUTH, before, SAID)
    numbers = shared.select(pl.col(column).cast(pl.Float64, strict=False) for column in columns)
    are_finite = pl.all_horizontal(pl.all().is_finite().fill_null(value=False).all())
    are_whole = pl.all_horizontal((pl.all() == pl.all().round()).all())
    if not numbers.select(are_finite).item() or numbers.select(are_whole).item():
        return None
    errors = numbers.select(was=(pl.col(before) - pl.col(TRUTH)).abs(), now=(pl.col(SAID) - pl.col(TRUTH)).abs())
    means = [cast("float", errors[column].mean()) for column in ("was", "now")]
    tolerance = TOLERANCE * means[0]
    moved = errors["now"] - errors["was"]
    better, worse = int((moved < -tolerance).sum()), int((moved > tolerance).sum())
    return ErrorMoves(
        rows=shared.height,
        mean_before=means[0],
        mean_after=means[1],
        tolerance=tolerance,
        better=better,
        worse=worse,
        p=even_split_p(better, worse),
    )
