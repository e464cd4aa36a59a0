"""Does what was said in the palette. Names of versions are found as the commands find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.model.version import VersionRow
from mlver_tui.actions import actions_of
from mlver_tui.settings import THEME_NAMES
from mlver_tui.view_models.browsing import Pair, Several
from mlver_tui.view_models.palette import VERBS, Deed, Known, Spoken

if TYPE_CHECKING:
    from mlver_tui.screens.explorer_screen import ExplorerScreen

_PAIR = 2


def known_now(place: ExplorerScreen) -> Known:
    """What can be named in a place, in this moment."""
    situation, home = place.situation(), place.explorer.home
    deeds = tuple(
        Deed(id=one.id, label=place.glyphs.drawn(one.label), help=one.help, why_not=one.why_not(situation))
        for one in actions_of(place.CONTEXT, place.actions)
        if one.is_offered and not one.is_motion and one.id != "palette"
    )
    rows = home.all_rows
    return Known(
        deeds=deeds,
        versions=_names(rows),
        metrics=tuple(dict.fromkeys(name for row in rows[:_ASKED_FOR_METRICS] for name in row.metrics)),
        orders=home.orders,
        themes=() if place.app.no_color else THEME_NAMES,
        filters={one.name: one.words for one in home.offered_filters() if one.name != one.words},
        completed=home.completed,
    )


_ABOUT_PARAMS = frozenset({"sort", "by", "filter"})


def with_params(known: Known, place: ExplorerScreen, typed: str) -> Known:
    """What can be named, with the params once they are read: they are when the first words about them are typed."""
    home = place.explorer.home
    if _ABOUT_PARAMS.isdisjoint(typed.split()):
        return known
    home.want_params()
    return known if known.orders == home.orders else replace(known, orders=home.orders)


_ASKED_FOR_METRICS = 1000
"""The metrics of so many of the newest versions are offered; older names may be typed all the same."""


def _names(rows: Iterable[VersionRow]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for row in rows:
        for name in row.stages:
            names.setdefault(name, f"{row.name}  {row.title}")
        names.setdefault(row.name, row.title)
    return {"latest": "the newest that is finished", **names} if names else {}


def speak(place: ExplorerScreen, spoken: Spoken) -> None:
    """Do it, or begin to: versions are looked for in a thread, for git may be asked."""
    if spoken.verb == "do":
        place.action_act(spoken.words[0])
    elif spoken.verb == "theme":
        place.explorer.choose_theme(spoken.words[0])
        place.tell(f"theme: {spoken.words[0]}")
    elif spoken.verb == "see":
        _see(place, spoken.words[0])
    elif spoken.verb in _OF_THE_LIST:
        if place.explorer.go_home(place):
            _OF_THE_LIST[spoken.verb](place, spoken.words)
    else:
        place.explorer.find_versions(place, spoken)


def _see(place: ExplorerScreen, metric: str) -> None:
    """The charts of this place, from that metric on."""
    from mlver_tui.screens.charts import ChartsScreen

    if not isinstance(place, ChartsScreen):
        place.action_act("charts")
    if isinstance(place.app.screen, ChartsScreen):
        place.app.screen.begin_with(metric)


def _sort(place: ExplorerScreen, words: tuple[str, ...]) -> None:
    place.explorer.home.sort_by(words[0])


def _filter(place: ExplorerScreen, words: tuple[str, ...]) -> None:
    place.explorer.home.filter_by(" ".join(words))


_OF_THE_LIST: Mapping[str, Callable[[ExplorerScreen, tuple[str, ...]], None]] = {"sort": _sort, "filter": _filter}


def found(place: ExplorerScreen, spoken: Spoken, rows: tuple[VersionRow, ...]) -> None:
    """The versions that were named are known: do what was said with them, or ask for those that lack yet."""
    if len(rows) < VERBS[spoken.verb].least:
        place.explorer.open_palette(f"{' '.join((spoken.verb, *spoken.words))} ")
        return
    _WITH_VERSIONS[spoken.verb](place, rows)


def _compare(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    if len({row.key for row in rows}) != len(rows):
        place.tell("these are names of one version: there is nothing to compare")
    elif broken := next((row for row in rows if row.is_broken and len(rows) == _PAIR), None):
        place.tell(f"{place.glyphs.data(broken.name)} cannot be read")
    elif len(rows) == _PAIR:
        place.explorer.open_compare(Pair(before=rows[0], after=rows[1]))
    else:
        place.explorer.open_compare(Several(rows=rows, why="named"))


def _replay(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    from mlver_tui.view_models.origin import why_no_replay

    (row,) = rows
    is_read_only = place.explorer.settings.is_read_only
    why = "read-only: nothing is run" if is_read_only else "it cannot be read" if row.is_broken else why_no_replay(row)
    if why:
        place.tell(f"{place.glyphs.data(row.name)}: {why}")
    else:
        place.explorer.open_replay(row)


def _at_home(do: Callable[[ExplorerScreen, tuple[VersionRow, ...]], None]) -> Callable[..., None]:
    """Done on the list of versions, which is gone to first."""

    def done(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
        if place.explorer.go_home(place):
            do(place, rows)

    return done


def _go(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    place.explorer.home.go_to(rows[0])


def _base(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    place.explorer.home.make_base(rows[0])


def _mark(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    place.explorer.home.mark(rows)


def _note(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    home, (row,) = place.explorer.home, rows
    home.go_to(row)
    if home.cursor and home.cursor.key == row.key:
        home.action_act("note")


def _curves(place: ExplorerScreen, rows: tuple[VersionRow, ...]) -> None:
    place.explorer.open_charts(rows)


_WITH_VERSIONS: Mapping[str, Callable[[ExplorerScreen, tuple[VersionRow, ...]], None]] = {
    "diff": _compare,
    "replay": _replay,
    "curves": _curves,
    "go": _at_home(_go),
    "base": _at_home(_base),
    "mark": _at_home(_mark),
    "note": _at_home(_note),
}
