"""Answers of two versions joined by row: which became right, which wrong, and what they say of each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mlver.comparing.answers import KEY, PART, SAID, TRUTH, Answers
from mlver.comparing.calibration import calibration_of
from mlver.comparing.classes import class_scores, confusion_of, in_label_order
from mlver.comparing.errors_moved import errors_moved
from mlver.comparing.significance import even_split_p
from mlver.comparing.wording import amount, grouped
from mlver.model.predictions import Calibration, Fate, Flip, Flips, PartTally, Predictions, RowsMatched, Tally

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

BEFORE = "said before"
"""What A said, beside B's answer under SAID."""
_TRUTH_BEFORE = "truth before"
_WAS_RIGHT, _IS_RIGHT = "was right", "is right"


class FlipLimits(Struct, frozen=True, kw_only=True):
    """How much of what is found is kept."""

    rows: int = 10_000
    """Rows listed; counted are all."""
    classes: int = 1_000
    """Truths beyond so many are names of things, not classes."""
    confused: int = 100
    """Classes of a confusion matrix."""


USUAL = FlipLimits()


def compare_answers(before: Answers, after: Answers, limits: FlipLimits = USUAL) -> Predictions:
    """What became of every row that both sides answered; rows of one side alone are counted."""
    import polars as pl

    both = _paired(before.table, after.table)
    shared = both.filter(pl.col(TRUTH) == pl.col(_TRUTH_BEFORE)).drop(_TRUTH_BEFORE)
    matched = RowsMatched(
        shared=shared.height,
        only_before=before.table.height - both.height,
        only_after=after.table.height - both.height,
        relabelled=both.height - shared.height,
    )
    notes = [_left_out(side, name) for name, side in (("A", before), ("B", after)) if side.left_out]
    if not shared.height:
        return Predictions(matched=matched, notes=(*notes, "no row of the test set is in the predictions of both"))
    if moves := errors_moved(shared, BEFORE):
        return Predictions(matched=matched, errors=moves, notes=tuple(notes))
    return _classified(shared, matched, (before, after), notes, limits)


def _paired(before: Frame, after: Frame) -> Frame:
    """The rows of B that A has too, with A's answers beside them."""
    import polars as pl

    asked = before.select(KEY, pl.col(SAID).alias(BEFORE), pl.col(TRUTH).alias(_TRUTH_BEFORE))
    if before[KEY].equals(after[KEY]):  # as it mostly is: no join is needed then
        return pl.concat([after, asked.drop(KEY)], how="horizontal")
    return after.join(asked, on=KEY, how="inner", validate="1:1", maintain_order="left")


def _classified(
    shared: Frame, matched: RowsMatched, sides: tuple[Answers, Answers], notes: list[str], limits: FlipLimits
) -> Predictions:
    labels = in_label_order({label for column in (TRUTH, SAID, BEFORE) for label in shared[column].unique()})
    are_classes = len(labels) <= limits.classes
    flips = _flips(shared, limits, are_classes=are_classes)
    flipped = flips.tally.fixed + flips.tally.broken
    if not are_classes:
        notes.append(f"{grouped(len(labels))} classes are too many: nothing is told by class")
    if flipped > len(flips.rows):
        notes.append(f"{grouped(len(flips.rows))} of {grouped(flipped)} rows fixed and broken are listed")
    return Predictions(
        matched=matched,
        flips=flips,
        scores=class_scores(shared, BEFORE, labels) if are_classes else (),
        confusion=confusion_of(shared, BEFORE, labels) if len(labels) <= limits.confused else None,
        calibration=(_calibration(sides[0], "A", notes), _calibration(sides[1], "B", notes)),
        notes=tuple(notes),
        complete=are_classes and flipped == len(flips.rows),
    )


def _left_out(side: Answers, name: str) -> str:
    return f"{amount(side.left_out, 'row')} of {name} without key, truth or prediction left out"


def _calibration(side: Answers, name: str, notes: list[str]) -> Calibration | None:
    if not side.has_confidence:
        return None
    found = calibration_of(side.table)
    if found is None:
        notes.append(f"the confidence of {name} is no probability between 0 and 1: its calibration is not known")
    return found


def _flips(shared: Frame, limits: FlipLimits, *, are_classes: bool) -> Flips:
    import polars as pl

    told = shared.with_columns(
        (pl.col(BEFORE) == pl.col(TRUTH)).alias(_WAS_RIGHT), (pl.col(SAID) == pl.col(TRUTH)).alias(_IS_RIGHT)
    )
    parts = [name for name in shared.columns if name.startswith(PART)]
    flipped = told.filter(pl.col(_WAS_RIGHT) != pl.col(_IS_RIGHT)).head(limits.rows)
    tally = _tallies(told, pl.lit("all"))["all"]
    by_class = _part_tallies(told, TRUTH, "class") if are_classes else ()
    return Flips(
        tally=tally,
        p=even_split_p(tally.fixed, tally.broken),
        by_class=by_class,
        by_slice=tuple(one for part in parts for one in _part_tallies(told, part, part.removeprefix(PART))),
        rows=tuple(_flip(row, parts) for row in flipped.iter_rows(named=True)),
    )


def _flip(row: dict[str, str], parts: list[str]) -> Flip:
    return Flip(
        key=row[KEY],
        truth=row[TRUTH],
        before=row[BEFORE],
        after=row[SAID],
        fate=Fate.FIXED if row[_IS_RIGHT] else Fate.BROKEN,
        part={part.removeprefix(PART): row[part] for part in parts},
    )


def _part_tallies(told: Frame, column: str, name: str) -> tuple[PartTally, ...]:
    import polars as pl

    tallies = _tallies(told, pl.col(column))
    return tuple(PartTally(name=name, value=value, tally=tallies[value]) for value in in_label_order(tallies))


def _tallies(told: Frame, by: pl.Expr) -> dict[str, Tally]:
    import polars as pl

    was, now = pl.col(_WAS_RIGHT), pl.col(_IS_RIGHT)
    counts = told.group_by(by.alias("by")).agg(
        fixed=(~was & now).sum(),
        broken=(was & ~now).sum(),
        both_right=(was & now).sum(),
        both_wrong=(~was & ~now).sum(),
    )
    return {row.pop("by"): Tally(**row) for row in counts.iter_rows(named=True)}
