"""What the answers of two versions say of each class: precision, recall, F1, and which class is taken for which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from mlver.comparing.answers import SAID, TRUTH
from mlver.model.predictions import ClassScores, Confusion, Scores

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

_WHOLE = re.compile(r"[+-]?\d{1,18}")


def in_label_order(labels: Iterable[str]) -> list[str]:
    """Whole numbers by size, then texts by their letters."""
    return sorted(labels, key=lambda label: (0, int(label), label) if _WHOLE.fullmatch(label) else (1, 0, label))


def class_scores(shared: Frame, before: str, labels: Sequence[str]) -> tuple[ClassScores, ...]:
    """The scores of each class on both sides; those that are no row's truth too, where a side said them.

    Args:
        shared: the rows both sides answered: truth, what B said, and what A said in the column `before`.
        before: that column's name.
        labels: the classes in their order.
    """
    truths = _counts(shared, TRUTH)
    sides = []
    for column in (before, SAID):
        said, right = _counts(shared, column), _counts(shared.filter(shared[column] == shared[TRUTH]), column)
        sides.append(
            {label: _scores(right.get(label, 0), said.get(label, 0), truths.get(label, 0)) for label in labels}
        )
    return tuple(
        ClassScores(label=label, rows=truths.get(label, 0), before=sides[0][label], after=sides[1][label])
        for label in labels
    )


def confusion_of(shared: Frame, before: str, labels: Sequence[str]) -> Confusion:
    """How often each side said what of which class."""
    return Confusion(labels=tuple(labels), before=_matrix(shared, before, labels), after=_matrix(shared, SAID, labels))


def _counts(table: Frame, column: str) -> dict[str, int]:
    return dict(table.group_by(column).len().iter_rows())


def _scores(right: int, said: int, true: int) -> Scores:
    return Scores(
        precision=right / said if said else None,
        recall=right / true if true else None,
        f1=2 * right / (said + true) if said + true else None,
        said=said,
    )


def _matrix(shared: Frame, column: str, labels: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    counted = {(truth, said): count for truth, said, count in shared.group_by(TRUTH, column).len().iter_rows()}
    return tuple(tuple(counted.get((truth, said), 0) for said in labels) for truth in labels)
