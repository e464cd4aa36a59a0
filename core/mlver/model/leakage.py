"""Rows a model was trained on that it is also measured on."""

from __future__ import annotations

from msgspec import Struct

TRAINING_ROLES = frozenset({"train", "training"})


class Overlap(Struct, frozen=True, kw_only=True):
    """What two data sets of one version have in common. Rows are equal when all their shared columns but keys are."""

    train_rows: int
    """Rows of the train set that are also in the evaluation set."""
    eval_rows: int
    """Rows of the evaluation set that are also in the train set."""
    eval_size: int
    """Rows of the evaluation set."""
    without: tuple[str, ...] = ()
    """Key columns that rows were not told apart by."""


class Leakage(Struct, frozen=True, kw_only=True):
    """A train set and an evaluation set, on both sides of a comparison."""

    train: str
    """Name of the data set."""
    evaluation: str
    before: Overlap | None = None
    """None: that version has no such sets, they are not here, or they are no tables with columns in common."""
    after: Overlap | None = None
