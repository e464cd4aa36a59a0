"""What can be done with the parents and children of versions, and with the steps of one."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Situation
from mlver_tui.actions.rows import BROWSING, LINEAGE, act, needs_version, shown


def _needs_parent(situation: Situation) -> str:
    return "" if situation.has_parent else "no parent of it is listed"


def _cannot_compare(situation: Situation) -> str:
    return "it or its parent cannot be read" if situation.is_broken else _needs_parent(situation)


LINEAGE_ACTIONS: tuple[Action, ...] = (
    act(
        "lineage", "", "lineage", "Whose child each version is, and the steps of this one", BROWSING,
        why_not=needs_version,
    ),
    shown("lineage-go", "enter", "go to", "Go to this version in the list", LINEAGE, rank=1, why_not=needs_version),
    shown(
        "lineage-compare", "d", "compare", "Compare this version with its parent here", LINEAGE, rank=2,
        why_not=_cannot_compare,
    ),
    shown(
        "lineage-parent", "l right", "parent", "Go to the parent of this version", LINEAGE, rank=3,
        why_not=_needs_parent,
    ),
    shown(
        "lineage-child", "h left", "child", "Go to the newest child of this version", LINEAGE, rank=4,
        why_not=lambda situation: "" if situation.has_child else "no child of it is listed",
    ),
)  # fmt: skip
