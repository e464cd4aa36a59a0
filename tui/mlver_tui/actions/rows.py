"""What the rows of the table are made with, and the contexts they name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from mlver_tui.actions.action import Action, Context, Effect, Situation

EVERYWHERE = frozenset(Context)
VERSIONS, COMPARE, MATRIX = frozenset({Context.VERSIONS}), frozenset({Context.COMPARE}), frozenset({Context.MATRIX})
REPLAY, TEXT = frozenset({Context.REPLAY}), frozenset({Context.TEXT})
CHARTS, LINEAGE, BYTES = (frozenset({one}) for one in (Context.CHARTS, Context.LINEAGE, Context.BYTES))
FLIPS = frozenset({Context.FLIPS})
BROWSING = VERSIONS | COMPARE
TABBED = BROWSING | CHARTS | LINEAGE


def _unless_read_only(why_not: Callable[[Situation], str]) -> Callable[[Situation], str]:
    """What writes, runs or connects is disabled first of all by --read-only."""
    return lambda situation: "read-only: nothing is written or run" if situation.is_read_only else why_not(situation)


def move(id_: str, keys: str, help_: str, contexts: frozenset[Context] = EVERYWHERE) -> Action:
    """A row about moving: the footer does not count it."""
    return Action(id=id_, keys=tuple(keys.split()), label=help_, help=help_, contexts=contexts, is_motion=True)


def act(  # noqa: PLR0913 - one row of the table
    id_: str,
    keys: str,
    label: str,
    help_: str,
    contexts: frozenset[Context],
    *,
    rank: int | None = None,
    **more: object,
) -> Action:
    """A row; what does not only browse is disabled by --read-only before all else."""
    action = Action(
        id=id_, keys=tuple(keys.split()), label=label, help=help_, contexts=contexts, rank=rank,
        **more,  # type: ignore[arg-type]  # the remaining fields, named by the rows below
    )  # fmt: skip
    browses = action.effect is Effect.BROWSES
    return action if browses else replace(action, why_not=_unless_read_only(action.why_not))


shown = partial(act, needs_content=True)
"""A row about what the screen shows."""


def needs_version(situation: Situation) -> str:
    """Why not, where no version is under the cursor."""
    return "" if situation.has_version else "no version here"
