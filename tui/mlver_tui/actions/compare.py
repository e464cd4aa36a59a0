"""What can be done with two versions held against each other, and with the text of one of their files."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Situation
from mlver_tui.actions.rows import (
    COMPARE,
    TEXT,
    act,
    shown,
)


def _needs_tree(situation: Situation) -> str:
    return "" if situation.has_tree else "no tree of changes here"


def _needs_curves(situation: Situation) -> str:
    return "" if situation.has_curves else "no curves here"


COMPARE_ACTIONS: tuple[Action, ...] = (
    shown("next-change", "n", "change", "Next change, in the next tabs too", COMPARE | TEXT, rank=1),
    shown("previous-change", "N", "change back", "Previous change", COMPARE | TEXT),
    shown("wrap", "w", "wrap", "Wrap long lines, or show them in one", TEXT, rank=2),
    shown("text-right", "right L", "sideways", "Show more of the end of long lines", TEXT, rank=3),
    shown("text-left", "left H", "sideways back", "Back to the beginning of long lines", TEXT),
    shown("log-scale", "Y", "log", "Logarithmic or plain y axis of the curves", COMPARE, why_not=_needs_curves),
    shown(
        "open-change", "enter", "open", "Open the diff of a file, or the tab with the changes", COMPARE, rank=2,
        why_not=lambda situation: "" if situation.has_text else "nothing to open here",
    ),
    act("swap", "x", "swap", "Swap A and B", COMPARE, rank=4),
    shown("all", "a", "all", "Show all, or only what changed", COMPARE, rank=3, why_not=_needs_tree),
    shown("flat", "t", "flat", "Show a tree, or flat dotted names", COMPARE, rank=6, why_not=_needs_tree),
    shown("fold", "h left", "fold", "Fold this branch, or go to the one above", COMPARE, rank=5, why_not=_needs_tree),
    shown("unfold", "l right", "unfold", "Unfold this branch", COMPARE, why_not=_needs_tree),
    shown("fold-all", "-", "fold all", "Fold everything", COMPARE, why_not=_needs_tree),
    shown("unfold-all", "=", "unfold all", "Unfold everything", COMPARE, why_not=_needs_tree),
)  # fmt: skip
