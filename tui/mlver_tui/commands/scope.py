"""The options that say which places are asked for versions; every command that lists or finds some has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from msgspec.structs import replace

from mlver.model.scope import COMMITS_WALKED, USUAL, Scope
from mlver_tui.commands.invocation import Invocation

_OPTIONS = (
    click.option(
        "--refs", metavar="GLOB", multiple=True, help="Versions of these refs too: 'origin/*', 'refs/pull/*'."
    ),
    click.option(
        "--commits",
        metavar="[BRANCH]",
        is_flag=False,
        flag_value="",
        default=None,
        help="Each commit of a branch (the current one) that changed inputs or outputs.",
    ),
    click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=COMMITS_WALKED,
        help=f"Of --commits; {COMMITS_WALKED} unless given.",
    ),
    click.option("--at", metavar="COMMIT", default=None, help="MLflow stores as that commit has them."),
    click.option("--deleted", is_flag=True, help="Deleted runs of an MLflow store too."),
)


_NAMES = ("refs", "commits", "limit", "at", "deleted")


def with_scope(function: Callable[..., int]) -> Callable[..., int]:
    """A command's function that is given the invocation with the scope its options ask for."""

    @wraps(function)
    def scoped(invocation: Invocation, /, **given: Any) -> int:
        scope = scope_of(**{name: given.pop(name) for name in _NAMES})
        return function(replace(invocation, scope=scope), **given)

    return scope_options(scoped)


def scope_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command's function the options alone."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def scope_of(*, refs: tuple[str, ...], commits: str | None, limit: int, at: str | None, deleted: bool) -> Scope:
    """The scope that the options ask for."""
    asked = Scope(
        refs=refs,
        commits=commits,
        limit=limit if commits is not None else COMMITS_WALKED,
        at=at,
        deleted=deleted,
    )
    return USUAL if asked.is_usual else asked
