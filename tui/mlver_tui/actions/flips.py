"""What can be done with the rows of the test set that became right or wrong."""

from __future__ import annotations

from mlver_tui.actions.action import Action
from mlver_tui.actions.rows import FLIPS, act

FLIP_ACTIONS: tuple[Action, ...] = (
    act("next-class", "] .", "class", "Only the rows of the next class", FLIPS, rank=1),
    act("previous-class", "[ ,", "class back", "Only the rows of the class before", FLIPS),
    act("fate", "f", "fixed", "Only those fixed, only those broken, or both", FLIPS, rank=2),
)
