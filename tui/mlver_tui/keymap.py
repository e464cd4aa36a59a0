"""The table of actions with the user's own keys, and what is wrong with those.

A wish that cannot be granted is left out and told; the action keeps the keys of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.nearest import did_you_mean, nearest_keys
from mlver_tui.actions import ACTIONS, UNBOUND, Action, Context, Effect, actions_of, shown_key

Wishes: TypeAlias = Mapping[str, Sequence[str]]
"""Action id -> the keys it shall have, as people write them (`ctrl-d`, `page down`); none: it shall have no key."""

KEPT = {"back": "esc", "interrupt": "ctrl-c"}
"""Actions that keep their key: every prompt and dialog has it too, and it is the way out when all else is remapped."""

_ARROWS = ("up", "down", "left", "right")
_NAMED = frozenset(
    {"enter", "tab", "space", "backspace", "insert", "delete", "home", "end", "pageup", "pagedown", "shift+tab"}
    | {f"{held}{arrow}" for held in ("", "ctrl+", "shift+") for arrow in _ARROWS}
    | {f"f{number}" for number in range(1, 13)}
    | {f"ctrl+{letter}" for letter in ascii_lowercase}
)
_OTHER_NAMES = {"esc": "escape", "page up": "pageup", "page down": "pagedown", "return": "enter", "comma": ","}
_WAYS_OUT = frozenset({"escape", "ctrl+c"})


class KeyProblem(Struct, frozen=True):
    """A wish that was not granted."""

    action: str
    """As written; it may be no action at all."""
    problem: str
    hint: str = ""


def remapped(wishes: Wishes, actions: Sequence[Action] = ACTIONS) -> tuple[tuple[Action, ...], tuple[KeyProblem, ...]]:
    """The table with the user's keys, and the wishes that were not granted."""
    granted: dict[str, tuple[str, ...]] = {}
    problems: list[KeyProblem] = []
    for action_id, keys in wishes.items():
        found = _refused(action_id, keys, actions)
        if found:
            problems.append(found)
        else:
            granted[action_id] = tuple(dict.fromkeys(_spelled(key) for key in keys))
    while clash := _first_clash(_with_keys(actions, granted), granted):
        # Without the wish the action has its own key again, which may clash with another wish: look again.
        del granted[clash.action]
        problems.append(clash)
    return _with_keys(actions, granted), tuple(problems)


def _with_keys(actions: Iterable[Action], granted: Mapping[str, tuple[str, ...]]) -> tuple[Action, ...]:
    return tuple(replace(action, keys=granted.get(action.id, action.keys)) for action in actions)


def _refused(action_id: str, keys: Sequence[str], actions: Iterable[Action]) -> KeyProblem | None:
    meant = [action for action in actions if action.id == action_id]
    if not meant:
        near = did_you_mean(nearest_keys(action_id, (action.id for action in actions)))
        return KeyProblem(action_id, "is no action", near)
    if action_id in KEPT:
        return KeyProblem(action_id, f"keeps {KEPT[action_id]}, the way out of every dialog")
    if any(action.effect is not Effect.BROWSES for action in meant):
        return KeyProblem(action_id, "has no key, for no single key writes, runs or connects")
    for key in keys:
        if refusal := _no_key(key):
            return KeyProblem(action_id, *refusal)
    return None


def _no_key(key: str) -> tuple[str, str] | None:
    """Why something is no key that can be given, and what to do; None: it can."""
    spelled = _spelled(key)
    if spelled in UNBOUND or spelled.startswith("alt+"):
        return f"{key!r} is reserved: terminals eat it, or it is one slip away from another key", "choose another key"
    if spelled in _WAYS_OUT:
        return f"{key!r} is reserved: it is the way out of every dialog", "choose another key"
    if spelled in _NAMED or (len(spelled) == 1 and spelled.isprintable()):
        return None
    near = nearest_keys(shown_key(spelled), (shown_key(name) for name in sorted(_NAMED)))
    return f"{key!r} is no key", did_you_mean(near) or "a key is a character, or a name such as ctrl-d, f5, page down"


def _spelled(key: str) -> str:
    """A key as the table has it: `ctrl+d` for `Ctrl-D`."""
    if len(key) == 1:
        return "space" if key == " " else key
    lowered = " ".join(key.lower().split())
    for held in ("ctrl", "shift", "alt"):
        lowered = lowered.replace(f"{held}-", f"{held}+")
    return _OTHER_NAMES.get(lowered, lowered)


def _first_clash(actions: Sequence[Action], granted: Mapping[str, tuple[str, ...]]) -> KeyProblem | None:
    """One key that means two things in one place, told at the wish that stands last."""
    order = list(granted)
    for context in Context:
        held: dict[str, Action] = {}
        for action in actions_of(context, actions):
            for key in action.keys:
                other = held.setdefault(key, action)
                wishing = [one.id for one in (other, action) if one.id in granted]
                if other is not action and wishing:
                    last = max(wishing, key=order.index)
                    against = action if last == other.id else other
                    problem = f"{shown_key(key)!r} is {against.id} already, on the {context.value} screen"
                    return KeyProblem(last, problem, f"choose a free key, or give {against.id} another one too")
    return None
