"""The user's own keys: granted, or refused with a reason; never two meanings for one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver_tui.actions import ACTIONS, UNBOUND, Action, Context, Effect, actions_of
from mlver_tui.keymap import KeyProblem, Wishes, remapped


def keys_of(action_id: str, actions: tuple[Action, ...]) -> tuple[str, ...]:
    return next(action.keys for action in actions if action.id == action_id)


def only_problem(wishes: Wishes) -> KeyProblem:
    actions, problems = remapped(wishes)
    assert actions == ACTIONS
    (problem,) = problems
    return problem


def test_an_action_gets_the_keys_it_is_given() -> None:
    actions, problems = remapped({"sort": ["O", "Ctrl-T"], "page-down": ["page down", "ctrl-f"], "zoom": []})

    assert problems == ()
    assert keys_of("sort", actions) == ("O", "ctrl+t")
    assert keys_of("page-down", actions) == ("pagedown", "ctrl+f")
    assert keys_of("zoom", actions) == ()
    assert keys_of("reverse", actions) == ("S",)


def test_two_actions_may_change_their_keys_for_each_other() -> None:
    actions, problems = remapped({"sort": ["d"], "compare": ["s"]})

    assert problems == ()
    assert (keys_of("sort", actions), keys_of("compare", actions)) == (("d",), ("s",))


def test_a_clash_leaves_the_wish_out_and_names_the_other_action() -> None:
    problem = only_problem({"sort": ["d"]})

    assert problem == KeyProblem(
        "sort", "'d' is compare already, on the versions screen", "choose a free key, or give compare another one too"
    )


def test_of_two_wishes_for_one_key_the_first_is_granted() -> None:
    actions, problems = remapped({"zoom": ["O"], "sort": ["O"]})

    assert [problem.action for problem in problems] == ["sort"]
    assert (keys_of("zoom", actions), keys_of("sort", actions)) == (("O",), ("s",))


def test_a_wish_left_out_takes_those_with_it_that_needed_it() -> None:
    actions, problems = remapped({"sort": ["d"], "compare": ["b"]})

    assert [problem.action for problem in problems] == ["compare", "sort"]
    assert actions == ACTIONS


def test_one_key_may_mean_two_things_on_two_screens() -> None:
    actions, problems = remapped({"swap": ["s"]})

    assert problems == ()
    assert keys_of("swap", actions) == ("s",)


def test_an_unknown_action_is_answered_with_the_nearest() -> None:
    assert only_problem({"sortt": ["O"]}) == KeyProblem("sortt", "is no action", "did you mean sort?")


@pytest.mark.parametrize("key", [*sorted(UNBOUND), "ctrl-s", "alt-x", "esc", "ctrl-c"])
def test_reserved_keys_are_refused(key: str) -> None:
    assert "is reserved" in only_problem({"sort": [key]}).problem


@pytest.mark.parametrize(("key", "hint"), [("ctrl-dd", "ctrl-d"), ("pagedwn", "page down"), ("shift-a", "a character")])
def test_what_is_no_key_is_answered_with_the_nearest(key: str, hint: str) -> None:
    problem = only_problem({"sort": [key]})

    assert problem.problem == f"{key!r} is no key"
    assert hint in problem.hint or "did you mean" in problem.hint


def test_no_config_gives_a_key_to_what_writes_runs_or_connects() -> None:
    acting = {action.id for action in ACTIONS if action.effect is not Effect.BROWSES}

    assert acting
    for action_id in acting:
        assert "no single key" in only_problem({action_id: ["f9"]}).problem


@pytest.mark.parametrize("action_id", ["back", "interrupt"])
def test_the_way_out_keeps_its_key(action_id: str) -> None:
    assert "keeps" in only_problem({action_id: ["f9"]}).problem


_wishes = st.dictionaries(
    st.sampled_from([action.id for action in ACTIONS]),
    st.lists(st.sampled_from([key for action in ACTIONS for key in action.keys] + ["O", "f9", "B", "nonsense"])),
)


@given(_wishes)
def test_whatever_is_wished_for_no_key_means_two_things_in_one_place(wishes: dict[str, list[str]]) -> None:
    actions, problems = remapped(wishes)

    for context in Context:
        keys = [key for action in actions_of(context, actions) for key in action.keys]
        assert len(keys) == len(set(keys))
    refused = {problem.action for problem in problems}
    for action_id in wishes.keys() - refused:
        assert len(keys_of(action_id, actions)) == len(set(wishes[action_id]))
    for action_id in refused:
        assert keys_of(action_id, actions) == keys_of(action_id, ACTIONS)
