"""One table of actions: no key means two things, and none writes, runs or connects."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver_tui.actions import (
    ACTIONS,
    UNBOUND,
    Context,
    Effect,
    Situation,
    actions_of,
    footer_actions,
    menu_actions,
    shown_key,
)
from mlver_tui.screens.bytes import BytesScreen
from mlver_tui.screens.charts import ChartsScreen
from mlver_tui.screens.compare import CompareScreen
from mlver_tui.screens.explorer_screen import ExplorerScreen
from mlver_tui.screens.flips import FlipsScreen
from mlver_tui.screens.keys import helped_actions
from mlver_tui.screens.lineage import LineageScreen
from mlver_tui.screens.matrix import MatrixScreen
from mlver_tui.screens.replay import ReplayScreen
from mlver_tui.screens.text import TextScreen
from mlver_tui.screens.versions import VersionsScreen
from mlver_tui.view_models.glyphs import UNICODE

SCREENS: dict[Context, type[ExplorerScreen]] = {
    Context.VERSIONS: VersionsScreen,
    Context.COMPARE: CompareScreen,
    Context.MATRIX: MatrixScreen,
    Context.REPLAY: ReplayScreen,
    Context.TEXT: TextScreen,
    Context.CHARTS: ChartsScreen,
    Context.BYTES: BytesScreen,
    Context.FLIPS: FlipsScreen,
    Context.LINEAGE: LineageScreen,
}


@pytest.mark.parametrize("context", list(Context))
def test_a_key_means_one_thing_in_one_place(context: Context) -> None:
    keys = [key for action in actions_of(context) for key in action.keys]

    assert len(keys) == len(set(keys))


def test_no_single_key_writes_runs_or_connects() -> None:
    acting = [action for action in ACTIONS if action.effect is not Effect.BROWSES]

    assert acting
    assert all(not action.keys and not action.menu_key for action in acting)


def test_what_writes_shares_no_letter_with_browsing() -> None:
    letters = {key for action in ACTIONS if action.effect is Effect.BROWSES for key in action.keys}

    for action in ACTIONS:
        if action.effect is not Effect.BROWSES:
            assert not {key.swapcase() for key in action.keys} & letters


def test_help_is_whole_on_a_screen_of_80_columns() -> None:
    assert max(len(action.help) for action in ACTIONS) <= 60


def test_keys_that_terminals_eat_stay_unbound() -> None:
    keys = {key for action in ACTIONS for key in action.keys}

    assert not keys & UNBOUND
    assert not any(key.startswith(("alt+", "shift+enter")) for key in keys)


def test_ids_are_unique_and_every_action_says_what_it_does() -> None:
    ids = [(action.id, context) for action in ACTIONS for context in action.contexts]

    assert len(ids) == len(set(ids))
    assert all(action.help and action.label for action in ACTIONS)


@pytest.mark.parametrize("context", list(Context))
def test_every_key_does_something_where_it_is_bound(context: Context) -> None:
    for action in actions_of(context):
        if action.keys and not action.id.startswith("tab-"):
            assert callable(getattr(SCREENS[context], "do_" + action.id.replace("-", "_"), None)), action.id


@pytest.mark.parametrize("context", list(Context))
def test_help_offers_what_the_place_can_do_and_nothing_that_acts_unasked(context: Context) -> None:
    helped = helped_actions(actions_of(context), UNICODE)

    assert all(action.effect is Effect.BROWSES for action in helped)
    for action in helped:
        if not action.id.startswith("tab-"):
            assert callable(getattr(SCREENS[context], "do_" + action.id.replace("-", "_"), None)), action.id


@pytest.mark.parametrize("context", list(Context))
def test_bindings_are_the_table(context: Context) -> None:
    bound = {binding.id for binding in SCREENS[context].BINDINGS}  # type: ignore[union-attr]  # all of them are Binding

    assert len(bound) == sum(len(action.keys) for action in actions_of(context))


def test_the_footer_never_hints_at_what_is_disabled() -> None:
    hinted, more = footer_actions(Context.VERSIONS, Situation(no_pair="no version here"))

    assert "compare" not in {action.id for action in hinted}
    assert more > 0


def test_disabled_actions_say_why() -> None:
    replay = next(action for action in ACTIONS if action.id == "replay")

    assert replay.why_not(Situation(has_version=True, is_read_only=True)) == "read-only: nothing is run"
    assert replay.why_not(Situation(has_version=True, is_broken=True)) == "this version cannot be read"
    assert replay.why_not(Situation(has_version=True)) == ""


def test_read_only_disables_everything_that_writes_runs_or_connects() -> None:
    allowing = Situation(has_version=True, has_tree=True, has_curves=True, has_text=True, is_running=True, models=2)
    acting = [action for action in ACTIONS if action.effect is not Effect.BROWSES]

    assert acting
    for action in acting:
        assert action.why_not(allowing) == "", action.id
        assert action.why_not(replace(allowing, is_read_only=True)).startswith("read-only: "), action.id


def test_the_menu_has_a_letter_for_each_of_its_actions() -> None:
    letters = [action.menu_key for action in menu_actions(Context.VERSIONS)]

    assert "r" in letters
    assert len(letters) == len(set(letters))


def test_keys_are_shown_as_people_write_them() -> None:
    assert [shown_key(key) for key in ("ctrl+d", "escape", "pagedown", "?")] == ["ctrl-d", "esc", "page down", "?"]
