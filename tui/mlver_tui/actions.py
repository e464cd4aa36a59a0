"""The one table of actions: bindings, footer, help, menu and palette are made from it.

The rule, kept by a test: no single key writes, runs or connects. An action that does has no key: it is chosen in a
dialog whose focus is on Cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from functools import partial

UNBOUND = frozenset({"B", "P", "V", "ctrl+q", "ctrl+space", "ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+m", "ctrl+s"})
"""Keys that stay without a meaning: terminals eat them, or they neighbour a key that browses. So does every alt+."""


class Context(StrEnum):
    """Where keys are pressed."""

    VERSIONS = "versions"
    COMPARE = "compare"
    MATRIX = "matrix"
    REPLAY = "replay"
    TEXT = "text"


class Effect(Enum):
    """What an action does to the world."""

    BROWSES = "browses"
    WRITES = "writes"
    RUNS = "runs"
    CONNECTS = "connects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an action may depend on."""

    has_version: bool = False
    is_broken: bool = False
    no_pair: str = ""
    """Why `d` cannot compare now."""
    no_replay: str = ""
    """Why this version can never be run again."""
    marks: int = 0
    has_lost_marks: bool = False
    """There are cleared marks to bring back."""
    has_tree: bool = False
    """The tab shows a tree of changes."""
    has_curves: bool = False
    """The tab shows curves."""
    has_text: bool = False
    """Opening what is under the cursor shows a text."""
    has_matrix: bool = False
    """Versions stand side by side."""
    is_running: bool = False
    is_read_only: bool = False
    models: int = 0
    problems: int = 0
    """What could not be read while the versions were listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something the user can do."""

    id: str
    keys: tuple[str, ...]
    label: str
    """One or two words for the footer."""
    help: str
    """A sentence for the help and the palette."""
    contexts: frozenset[Context]
    effect: Effect = Effect.BROWSES
    rank: int | None = None
    """Its place in the footer; None: only in the help."""
    is_motion: bool = False
    """Moving about: everybody knows these keys, so the footer does not count them."""
    needs_content: bool = False
    """It acts on what the screen shows: asked for while that is still being made, it waits."""
    menu_key: str = ""
    """Its letter in the act menu."""
    why_not: Callable[[Situation], str] = field(default=lambda _situation: "")
    """Why it is disabled now; nothing: it is not."""


_EVERYWHERE = frozenset(Context)
_VERSIONS, _COMPARE, _REPLAY = frozenset({Context.VERSIONS}), frozenset({Context.COMPARE}), frozenset({Context.REPLAY})
_TEXT = frozenset({Context.TEXT})
_MATRIX = frozenset({Context.MATRIX})
_BROWSING = _VERSIONS | _COMPARE


def _needs_version(situation: Situation) -> str:
    return "" if situation.has_version else "no version here"


def _cannot_replay(situation: Situation) -> str:
    if situation.is_read_only:
        return "read-only: nothing is run"
    return "this version cannot be read" if situation.is_broken else situation.no_replay or _needs_version(situation)


def _needs_tree(situation: Situation) -> str:
    return "" if situation.has_tree else "no tree of changes here"


def _needs_curves(situation: Situation) -> str:
    return "" if situation.has_curves else "no curves here"


def _needs_matrix(situation: Situation) -> str:
    return "" if situation.has_matrix else "nothing stands side by side here"


def _cannot_export(situation: Situation) -> str:
    return "read-only: nothing is written" if situation.is_read_only else _needs_matrix(situation)


def _unless_read_only(why_not: Callable[[Situation], str]) -> Callable[[Situation], str]:
    """What writes, runs or connects is disabled first of all by --read-only."""
    return lambda situation: "read-only: nothing is written or run" if situation.is_read_only else why_not(situation)


def _move(id_: str, keys: str, help_: str, contexts: frozenset[Context] = _EVERYWHERE) -> Action:
    return Action(id=id_, keys=tuple(keys.split()), label=help_, help=help_, contexts=contexts, is_motion=True)


def _act(  # noqa: PLR0913 - one row of the table
    id_: str,
    keys: str,
    label: str,
    help_: str,
    contexts: frozenset[Context],
    *,
    rank: int | None = None,
    **more: object,
) -> Action:
    action = Action(
        id=id_, keys=tuple(keys.split()), label=label, help=help_, contexts=contexts, rank=rank,
        **more,  # type: ignore[arg-type]  # the remaining fields, named by the rows below
    )  # fmt: skip
    browses = action.effect is Effect.BROWSES
    return action if browses else replace(action, why_not=_unless_read_only(action.why_not))


_shown = partial(_act, needs_content=True)
_side_by_side = partial(_shown, contexts=_MATRIX, why_not=_needs_matrix)


ACTIONS: tuple[Action, ...] = (
    _move("down", "j down", "Next row"),
    _move("up", "k up", "Previous row"),
    _move("first", "g home", "First row"),
    _move("last", "G end", "Last row"),
    _move("half-down", "ctrl+d", "Half a page down"),
    _move("half-up", "ctrl+u", "Half a page up"),
    _move("page-down", "pagedown", "A page down"),
    _move("page-up", "pageup", "A page up"),
    _move("other-down", "J", "Scroll the other pane down", _BROWSING),
    _move("other-up", "K", "Scroll the other pane up", _BROWSING),
    _move("next-pane", "tab", "Next pane"),
    _move("previous-pane", "shift+tab", "Previous pane"),
    _move("next-tab", "] .", "Next tab", _BROWSING),
    _move("previous-tab", "[ ,", "Previous tab", _BROWSING),
    *(_move(f"tab-{number}", str(number), f"Tab number {number}", _BROWSING) for number in range(1, 10)),
    _act("mark", "space", "mark", "Mark a version, or take its mark away", _VERSIONS, rank=1, why_not=_needs_version),
    _act(
        "clear-marks", "X", "clear marks", "Clear all marks; undo clear brings them back", _VERSIONS,
        why_not=lambda situation: "" if situation.marks else "nothing is marked",
    ),
    _act(
        "restore-marks", "u", "undo clear", "Bring the cleared marks back", _VERSIONS,
        why_not=lambda situation: "" if situation.has_lost_marks else "no marks were cleared",
    ),
    _act("base", "b", "base", "Make it the base A of deltas, or unset it", _VERSIONS, rank=2, why_not=_needs_version),
    _act(
        "compare", "d", "compare", "Compare the marks; or one mark, base or parent with this one",
        _VERSIONS, rank=3, why_not=lambda situation: situation.no_pair,
    ),
    _act("open", "enter", "open", "Go into the detail of this version", _VERSIONS, rank=4, why_not=_needs_version),
    _act("filter", "/", "filter", "Show only versions that pass a filter", _VERSIONS, rank=5),
    _act(
        "replay", "r", "replay", "Show what a replay of this version would do; starts nothing", _BROWSING,
        rank=6, menu_key="r", why_not=_cannot_replay,
    ),
    _act("menu", "m", "act…", "Act on this version", _BROWSING, rank=8, why_not=_needs_version),
    _act("next-worth", "n", "look", "Next row worth a look: worse, broken, uncommitted, differing", _VERSIONS),
    _act("previous-worth", "N", "look back", "Previous row worth a look", _VERSIONS),
    _shown("next-change", "n", "change", "Next change, in the next tabs too", _COMPARE | _TEXT, rank=1),
    _shown("previous-change", "N", "change back", "Previous change", _COMPARE | _TEXT),
    _shown("wrap", "w", "wrap", "Wrap long lines, or show them in one", _TEXT, rank=2),
    _shown("text-right", "right L", "sideways", "Show more of the end of long lines", _TEXT, rank=3),
    _shown("text-left", "left H", "sideways back", "Back to the beginning of long lines", _TEXT),
    _shown("log-scale", "Y", "log", "Logarithmic or plain y axis of the curves", _COMPARE, why_not=_needs_curves),
    _act("sort", "s", "sort", "Sort by age, metric or name", _VERSIONS),
    _act("reverse", "S", "reverse", "Reverse the order", _VERSIONS),
    _act(
        "model", "M", "model", "Show the next model, or all", _VERSIONS,
        why_not=lambda situation: "" if situation.models > 1 else "there is only one model",
    ),
    _act(
        "problems", "@", "problems", "What was left out while the versions were listed, and why", _VERSIONS,
        why_not=lambda situation: "" if situation.problems else "nothing was left out of the list",
    ),
    _act("zoom", "z", "zoom", "Give the detail the whole screen, or take it back", _VERSIONS),
    _shown(
        "open-change", "enter", "open", "Open the diff of a file, or the tab with the changes", _COMPARE, rank=2,
        why_not=lambda situation: "" if situation.has_text else "nothing to open here",
    ),
    _act("swap", "x", "swap", "Swap A and B", _COMPARE, rank=4),
    _shown("all", "a", "all", "Show all, or only what changed", _COMPARE, rank=3, why_not=_needs_tree),
    _shown("flat", "t", "flat", "Show a tree, or flat dotted names", _COMPARE, rank=6, why_not=_needs_tree),
    _shown("fold", "h left", "fold", "Fold this branch, or go to the one above", _COMPARE, rank=5, why_not=_needs_tree),
    _shown("unfold", "l right", "unfold", "Unfold this branch", _COMPARE, why_not=_needs_tree),
    _shown("fold-all", "-", "fold all", "Fold everything", _COMPARE, why_not=_needs_tree),
    _shown("unfold-all", "=", "unfold all", "Unfold everything", _COMPARE, why_not=_needs_tree),
    _side_by_side("matrix-all", "a", "all", "Show all rows, or only those that differ", rank=1),
    _side_by_side("matrix-left", "h left", "left", "A version to the left; the base stays"),
    _side_by_side("matrix-right", "l right", "right", "A version to the right; the base stays", rank=2),
    _side_by_side("matrix-base", "b x", "base", "Hold all versions against the one of this column", rank=3),
    _side_by_side("matrix-next", "n", "next", "Next row that differs, or that is searched for", rank=4),
    _side_by_side("matrix-previous", "N", "next back", "Previous row that differs, or that is searched for"),
    _side_by_side("matrix-open", "enter", "values", "The whole values of this row, and back", rank=5),
    _side_by_side("matrix-search", "/", "search", "Search the names of the rows", rank=6),
    _act(
        "matrix-export", "e", "export", "Name a .csv, .md or .json file for what is shown; asks", _MATRIX,
        rank=7, needs_content=True, why_not=_cannot_export,
    ),
    _act("matrix-write", "", "write", "Write what is shown into the named file", _MATRIX, effect=Effect.WRITES),
    _act(
        "stop", "ctrl+x", "stop", "Stop the replay; asks first", _REPLAY, rank=1,
        why_not=lambda situation: "" if situation.is_running else "nothing is running",
    ),
    _act("go", "", "go", "Run the steps of the plan in a fresh folder", _REPLAY, effect=Effect.RUNS),
    _act("yank", "y", "copy id", "Copy the id of this version", _BROWSING, menu_key="y", why_not=_needs_version),
    _act("refresh", "R f5", "refresh", "Look again, or try again what failed", _EVERYWHERE),
    _act("palette", ": ctrl+p", "palette", "All commands by name", _EVERYWHERE),
    _act("help", "?", "help", "The keys of this place", _EVERYWHERE),
    _act("back", "escape", "back", "One layer out; on Versions it clears the filter", _EVERYWHERE, rank=9),
    _act("leave", "q", "leave", "Leave this screen; on Versions leave mlver", _EVERYWHERE),
    _act("quit", "Q", "quit", "Leave mlver", _EVERYWHERE),
    _act("redraw", "ctrl+l", "redraw", "Draw the screen anew", _EVERYWHERE),
    _act("suspend", "ctrl+z", "suspend", "Go to the shell; fg comes back", _EVERYWHERE),
    _act("interrupt", "ctrl+c", "interrupt", "Stop this screen's work, else say how to quit; twice quits", _EVERYWHERE),
)  # fmt: skip


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
