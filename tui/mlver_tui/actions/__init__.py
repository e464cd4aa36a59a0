"""The one table of actions: bindings, footer, help, menu and palette are made from it.

The rule, kept by a test: no single key writes, runs or connects. An action that does has no key: it is chosen in a
dialog whose focus is on Cancel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlver_tui.actions.action import Action, Context, Effect, Situation
from mlver_tui.actions.anywhere import ANYWHERE_ACTIONS
from mlver_tui.actions.bytes import BYTES_ACTIONS
from mlver_tui.actions.charts import CHARTS_ACTIONS
from mlver_tui.actions.compare import COMPARE_ACTIONS
from mlver_tui.actions.flips import FLIP_ACTIONS
from mlver_tui.actions.lineage import LINEAGE_ACTIONS
from mlver_tui.actions.matrix import MATRIX_ACTIONS
from mlver_tui.actions.moving import MOVING_ACTIONS
from mlver_tui.actions.replay import REPLAY_ACTIONS
from mlver_tui.actions.versions import VERSIONS_ACTIONS

__all__ = [
    "ACTIONS", "UNBOUND", "Action", "Context", "Effect", "Situation", "actions_of", "footer_actions", "menu_actions",
    "shown_key",
]  # fmt: skip

UNBOUND = frozenset({"B", "P", "V", "ctrl+q", "ctrl+space", "ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+s"})
"""Keys that stay without a meaning: terminals eat them, or they neighbour a key that browses. So does every alt+."""

ACTIONS: tuple[Action, ...] = (
    *MOVING_ACTIONS,
    *VERSIONS_ACTIONS,
    *COMPARE_ACTIONS,
    *MATRIX_ACTIONS,
    *BYTES_ACTIONS,
    *FLIP_ACTIONS,
    *CHARTS_ACTIONS,
    *LINEAGE_ACTIONS,
    *REPLAY_ACTIONS,
    *ANYWHERE_ACTIONS,
)


def actions_of(context: Context, actions: Iterable[Action] = ACTIONS) -> Iterator[Action]:
    """The actions of a place, in the table's order; `actions` is the table with the user's keys."""
    return (action for action in actions if context in action.contexts)


def footer_actions(
    context: Context, situation: Situation, actions: Iterable[Action] = ACTIONS
) -> tuple[tuple[Action, ...], int]:
    """The actions to hint at, most used first, none that is disabled now; and how many more the place has."""
    available = [action for action in actions_of(context, actions) if action.keys and not action.why_not(situation)]
    hinted = sorted((action for action in available if action.rank is not None), key=lambda action: action.rank or 0)
    others = [action for action in available if action.rank is None and not action.is_motion]
    return tuple(hinted), len(others)


def menu_actions(context: Context, actions: Iterable[Action] = ACTIONS) -> tuple[Action, ...]:
    """What the act menu offers."""
    return tuple(action for action in actions_of(context, actions) if action.menu_key)


_SHOWN_KEYS = {"pagedown": "page down", "pageup": "page up", "escape": "esc"}


def shown_key(key: str) -> str:
    """A key as people write it: `ctrl-d`."""
    return _SHOWN_KEYS.get(key, key).replace("ctrl+", "ctrl-").replace("shift+", "shift-")
