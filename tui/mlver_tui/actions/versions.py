"""What can be done with the list of versions."""

from __future__ import annotations

from mlver_tui.actions.action import Action, Effect, Situation
from mlver_tui.actions.rows import (
    BROWSING,
    VERSIONS,
    act,
    needs_version,
    shown,
)


def _cannot_replay(situation: Situation) -> str:
    if situation.is_read_only:
        return "read-only: nothing is run"
    return "this version cannot be read" if situation.is_broken else situation.no_replay or needs_version(situation)


def _cannot_note(situation: Situation) -> str:
    if situation.is_read_only:
        return "read-only: nothing is written"
    if why := situation.no_note or needs_version(situation):
        return why
    return "" if situation.has_editor() else "no editor was found: set $VISUAL or $EDITOR"


VERSIONS_ACTIONS: tuple[Action, ...] = (
    act("mark", "space", "mark", "Mark a version, or take its mark away", VERSIONS, rank=1, why_not=needs_version),
    act(
        "clear-marks", "X", "clear marks", "Clear all marks; undo brings them back", VERSIONS,
        why_not=lambda situation: "" if situation.marks else "nothing is marked",
    ),
    act("range", "v", "range", "Begin a range of rows here; again marks all of it", VERSIONS, why_not=needs_version),
    act(
        "undo", "u", "undo", "Undo the last mark, clearing, filter or sorting", VERSIONS,
        why_not=lambda situation: "" if situation.undoable else "nothing to undo",
    ),
    act("base", "b", "base", "Make it the base A of deltas, or unset it", VERSIONS, rank=2, why_not=needs_version),
    act(
        "compare", "d", "compare", "Compare the marks; or one mark, base or parent with this one",
        VERSIONS, rank=3, why_not=lambda situation: situation.no_pair,
    ),
    act(
        "open", "enter", "open", "Into the detail of this version; in History, to the lineage", VERSIONS,
        rank=4, why_not=needs_version,
    ),
    act("filter", "/", "filter", "Show only versions that pass a filter", VERSIONS, rank=5),
    act(
        "replay", "r", "replay", "Show what a replay of this version would do; starts nothing", BROWSING,
        rank=6, menu_key="r", why_not=_cannot_replay,
    ),
    act("menu", "m", "act…", "Act on this version", BROWSING, rank=8, why_not=needs_version),
    act("next-worth", "n", "look", "Next row worth a look: worse, broken, uncommitted, differing", VERSIONS),
    act("previous-worth", "N", "look back", "Previous row worth a look", VERSIONS),
    act("sort", "s", "sort", "Choose what to sort by: age, name, a metric, a param", VERSIONS),
    act("reverse", "S", "reverse", "Reverse the order", VERSIONS),
    act("columns", "C", "columns", "Choose the columns and their order", VERSIONS),
    act("saved-filters", "f", "filters", "Choose among saved and recent filters", VERSIONS),
    act("model", "M", "models", "Choose a model, or go to what holds a stage", VERSIONS),
    shown("explain", "i", "what is", "What every sign on this line means", VERSIONS, why_not=needs_version),
    act("zoom", "z", "zoom", "Give the detail the whole screen, or take it back", VERSIONS),
    act("trend", "T", "trend", "Show the trend of the primary metric, or take it away", VERSIONS),
    act(
        "note", "", "note", "Write a note about this version in your editor; asks first", VERSIONS, menu_key="n",
        why_not=_cannot_note,
    ),
    act("note-write", "", "write", "Keep the note in the repository", VERSIONS, effect=Effect.WRITES),
)  # fmt: skip
