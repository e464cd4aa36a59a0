"""The commits of a branch that changed what a version is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct

from mlver.errors import MlverError


class Walk(Struct, frozen=True, kw_only=True):
    """What was found along a branch."""

    commits: tuple[str, ...]
    """Those that changed an input or an output, the newest first."""
    is_cut: bool
    """The limit was reached before the branch's first commit."""
    is_whole: bool = True
    """False: some commit, or what it holds, is not here."""


def walk(
    tip: str,
    limit: int,
    *,
    first_parent: Callable[[str], str],
    content: Callable[[str], Hashable],
) -> Walk:
    """Follow first parents from the tip, at most `limit` commits.

    Args:
        tip: the branch's newest commit.
        limit: how many commits are looked at.
        first_parent: empty where there is none; raises an MlverError where the commit is not here.
        content: all that a commit's tree says of a version; raises an MlverError where that is not here.
    """
    found: list[str] = []
    current, says = tip, _content(content, tip)
    is_whole = True
    for _ in range(limit):
        is_whole = is_whole and says is not None
        try:
            parent = first_parent(current)
        except MlverError:
            return Walk(commits=tuple(found), is_cut=False, is_whole=False)
        before = _content(content, parent) if parent else None
        if says is not None and says != before:
            found.append(current)
        if not parent:
            return Walk(commits=tuple(found), is_cut=False, is_whole=is_whole)
        current, says = parent, before
    return Walk(commits=tuple(found), is_cut=True, is_whole=is_whole)


def _content(content: Callable[[str], Hashable], commit_id: str) -> Hashable | None:
    try:
        return content(commit_id)
    except MlverError:
        return None  # not here: a partial or a shallow clone
