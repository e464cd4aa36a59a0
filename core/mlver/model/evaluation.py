"""The data that metrics are measured on: whether two versions had the same."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from mlver.model.change import Kind

EVALUATION_ROLES = frozenset({"eval", "test", "evaluation"})
"""Roles of the data that metrics are measured on."""


class ToldBy(StrEnum):
    """What says which data that is."""

    DATA = "data"
    """A data set whose role it is."""
    INPUTS = "inputs"
    """What the step reads that evaluates."""
    NOTHING = "nothing"


class EvaluationData(Struct, frozen=True, kw_only=True):
    """Whether both sides were measured on the same."""

    kind: Kind = Kind.UNKNOWN
    """`same`, `changed` or `unknown`."""
    told_by: ToldBy = ToldBy.NOTHING
    names: tuple[str, ...] = ()
    """The data sets, or the paths of the inputs; those that differ first."""
    rows_before: int | None = None
    """Of the first of them."""
    rows_after: int | None = None
    same_rows: bool | None = None
    """Whether the predictions of both are of the same row keys and truths; None: there are no predictions to tell."""
