"""What can be done with two versions held against each other, and with the text of one of their files."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Situation
from mlver_tui.actions.rows import (
    CHARTS,
    COMPARE,
    TEXT,
    act,
    shown,
)

BOTH = COMPARE | TEXT


def _needs_tree(situation: Situation) -> str:
    return "" if situation.has_tree else "no tree of changes here"


def _needs_row(situation: Situation) -> str:
    return "" if situation.has_tree or situation.has_metrics else "nothing here is under a cursor: 2 has the params"


def _needs_curves(situation: Situation) -> str:
    return "" if situation.has_curves else "no curves here"


def _needs_lines(situation: Situation) -> str:
    return "" if situation.shows_lines else "no lines of a text here: enter on a file shows them"


def _needs_names_or_lines(situation: Situation) -> str:
    return "" if situation.has_tree or situation.shows_lines else "no tree of changes here, and no lines of a text"


def _needs_files(situation: Situation) -> str:
    return "" if situation.files > 1 else "no other file is compared here"


COMPARE_ACTIONS: tuple[Action, ...] = (
    shown("next-change", "n", "change", "Next match, else next change, in the next tabs too", BOTH, rank=1),
    shown("previous-change", "N", "change back", "Previous match, else previous change", BOTH),
    shown(
        "search", "/", "search", "Search the names of a tree, or the lines of a text", BOTH, rank=8,
        why_not=_needs_names_or_lines,
    ),
    shown("wrap", "w", "wrap", "Wrap long lines, or show them in one", BOTH, rank=4, why_not=_needs_lines),
    shown("text-right", "right L", "sideways", "Show more of the end of long lines", TEXT, rank=9),
    shown("text-left", "left H", "sideways back", "Back to the beginning of long lines", TEXT),
    shown("less-context", "{ (", "less around", "Fewer same lines around changes", BOTH, why_not=_needs_lines),
    shown("more-context", "} )", "around", "More same lines around changes", BOTH, rank=5, why_not=_needs_lines),
    shown(
        "side-by-side", "|", "sides", "A and B side by side, or in one", BOTH, rank=7, why_not=_needs_names_or_lines,
    ),
    shown("next-file", "] .", "file", "The next file that differs", TEXT, rank=6, why_not=_needs_files),
    shown("previous-file", "[ ,", "file back", "The file before that differs", TEXT, why_not=_needs_files),
    shown("log-scale", "Y", "log", "Logarithmic or plain y axis of curves", COMPARE | CHARTS, why_not=_needs_curves),
    shown(
        "open-change", "enter", "open", "Open the diff of a file, or the tab with the changes", COMPARE, rank=2,
        why_not=lambda situation: "" if situation.has_text else "nothing to open here",
    ),
    shown(
        "flips", "F", "rows", "The rows of the test set that became right or wrong", COMPARE, rank=7,
        why_not=lambda situation: "" if situation.has_flips else "no rows of the test set are known to have flipped",
    ),
    shown(
        "explain-change", "i", "what is", "All that is known here: values whole, types, where from", COMPARE,
        why_not=_needs_row,
    ),
    act("swap", "x", "swap", "Swap A and B", COMPARE, rank=6),
    shown("all", "a", "all", "Show all, or only what changed", BOTH, rank=3, why_not=_needs_names_or_lines),
    shown("flat", "t", "flat", "Show a tree, or flat dotted names", COMPARE, rank=5, why_not=_needs_tree),
    shown("fold", "h left", "fold", "Fold this branch, or go to the one above", COMPARE, rank=4, why_not=_needs_tree),
    shown("unfold", "l right", "unfold", "Unfold this branch", COMPARE, why_not=_needs_tree),
    shown("fold-all", "-", "fold all", "Fold everything", COMPARE, why_not=_needs_tree),
    shown("unfold-all", "=", "unfold all", "Unfold everything", COMPARE, why_not=_needs_tree),
    shown(
        "zoom-pane", "z", "zoom", "Give this pane the whole screen, or take it back", COMPARE,
        why_not=lambda situation: "" if situation.has_panes else "one pane has the whole screen already",
    ),
)  # fmt: skip
