"""The predictions of two versions held against each other, row by row of the test set."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Fate(StrEnum):
    """What became of a row."""

    FIXED = "fixed"
    """A was wrong, B is right."""
    BROKEN = "broken"
    """A was right, B is wrong."""
    BOTH_RIGHT = "both right"
    BOTH_WRONG = "both wrong"


class Flip(Struct, frozen=True, kw_only=True):
    """A row of the test set whose prediction became right, or wrong."""

    key: str
    truth: str
    before: str
    after: str
    fate: Fate
    part: Mapping[str, str]
    """The slices it is in: column -> value."""


class Tally(Struct, frozen=True, kw_only=True):
    """Rows by their fate."""

    fixed: int = 0
    broken: int = 0
    both_right: int = 0
    both_wrong: int = 0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.fixed + self.broken + self.both_right + self.both_wrong

    @property
    def right_before(self) -> int:
        """Rows that A had right."""
        return self.both_right + self.broken

    @property
    def right_after(self) -> int:
        """Rows that B has right."""
        return self.both_right + self.fixed


class PartTally(Struct, frozen=True, kw_only=True):
    """The rows of one class, or of one slice."""

    name: str
    """`class`, or the column that makes the slice."""
    value: str
    tally: Tally


class Flips(Struct, frozen=True, kw_only=True):
    """Which rows became right and which wrong, and how likely chance alone does as much."""

    tally: Tally
    p: float
    """McNemar's exact test, two-sided: how likely fixed and broken are as uneven when both versions are as good."""
    by_class: tuple[PartTally, ...]
    """By truth."""
    by_slice: tuple[PartTally, ...]
    rows: tuple[Flip, ...]
    """Those fixed and broken, in B's order; of very many the first."""


class ErrorMoves(Struct, frozen=True, kw_only=True):
    """Predictions that are numbers: how far they are off, and on how many rows that changed."""

    rows: int
    mean_before: float
    """Mean absolute error of A."""
    mean_after: float
    tolerance: float
    """A row counts as better or worse when its absolute error moved by more than this."""
    better: int
    worse: int
    p: float
    """Sign test, exact and two-sided, over the rows that are better or worse."""


class Scores(Struct, frozen=True, kw_only=True):
    """One side's answers about one class; None: there is nothing to divide by."""

    precision: float | None
    """Of what it said to be the class, the share that is."""
    recall: float | None
    """Of what is the class, the share it said."""
    f1: float | None
    said: int
    """How often it said the class."""


class ClassScores(Struct, frozen=True, kw_only=True):
    """One class on both sides."""

    label: str
    rows: int
    """Rows whose truth it is."""
    before: Scores
    after: Scores


class Confusion(Struct, frozen=True, kw_only=True):
    """How often each side said what of which class: rows are truths, columns answers, both in the order of labels."""

    labels: tuple[str, ...]
    before: tuple[tuple[int, ...], ...]
    after: tuple[tuple[int, ...], ...]


class ReliabilityBin(Struct, frozen=True, kw_only=True):
    """Answers given with about the same confidence."""

    low: float
    """Exclusive, save 0."""
    high: float
    """Inclusive."""
    rows: int
    confidence: float | None
    """Mean of theirs; None: there are none."""
    accuracy: float | None


class Calibration(Struct, frozen=True, kw_only=True):
    """How far the confidence of one side's answers is to be believed."""

    bins: tuple[ReliabilityBin, ...]
    error: float
    """Expected calibration error: the mean gap of accuracy and confidence over the bins, weighed by their rows."""
    rows: int


class RowsMatched(Struct, frozen=True, kw_only=True):
    """Which rows of the test set both sides answered."""

    shared: int
    """With the same key and the same truth."""
    only_before: int = 0
    only_after: int = 0
    relabelled: int = 0
    """The same key, another truth: told of nowhere else."""

    @property
    def is_same(self) -> bool:
        """Whether both were asked the same questions, as far as keys and truths tell."""
        return not (self.only_before or self.only_after or self.relabelled)


class Predictions(Struct, frozen=True, kw_only=True):
    """Everything that the predictions of two versions say."""

    matched: RowsMatched
    flips: Flips | None = None
    """None: the predictions are numbers, see `errors`; or no row is shared."""
    errors: ErrorMoves | None = None
    scores: tuple[ClassScores, ...] = ()
    confusion: Confusion | None = None
    calibration: tuple[Calibration | None, Calibration | None] = (None, None)
    """Of A and of B; None: no confidence stands beside the predictions."""
    notes: tuple[str, ...] = ()
    """Sentences a reader must see: rows left out, limits that were hit."""
    complete: bool = True
