"""What can be done with versions side by side."""

from __future__ import annotations

from functools import partial

from mlver_tui.actions.action import Action, Situation
from mlver_tui.actions.rows import (
    MATRIX,
    shown,
)


def _needs_matrix(situation: Situation) -> str:
    return "" if situation.has_matrix else "nothing stands side by side here"


_side_by_side = partial(shown, contexts=MATRIX, why_not=_needs_matrix)


MATRIX_ACTIONS: tuple[Action, ...] = (
    _side_by_side("matrix-all", "a", "all", "Show all rows, or only those that differ", rank=1),
    _side_by_side("matrix-left", "h left", "left", "A version to the left; the base stays"),
    _side_by_side("matrix-right", "l right", "right", "A version to the right; the base stays", rank=2),
    _side_by_side("matrix-base", "b x", "base", "Hold all versions against the one of this column", rank=3),
    _side_by_side("matrix-next", "n", "next", "Next row that differs, or that is searched for", rank=4),
    _side_by_side("matrix-previous", "N", "next back", "Previous row that differs, or that is searched for"),
    _side_by_side("matrix-open", "enter i", "values", "The whole values of this row, and back", rank=5),
    _side_by_side("matrix-search", "/", "search", "Search the names of the rows", rank=6),
)  # fmt: skip
