"""The commit that a user's words mean, as git reads them: a ref, an id or its beginning, and steps back from there."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlver.errors import MlverError, VersionAmbiguous
from mlver.store.database import ObjectDatabase
from mlver.store.refs import Refs

_STEPS = re.compile(r"(?P<base>.*?)(?P<steps>(?:~\d{0,6}|\^\d?)*)", re.DOTALL)
_STEP = re.compile(r"([~^])(\d*)")
_BEGINNING = re.compile(r"[0-9a-f]{4,40}")
_PLACES = ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/")
"""Where git looks for a short name, in its order."""

_MOST_STEPS = 10_000
_SHOWN = 5


def resolve(
    text: str,
    refs: Refs,
    objects: ObjectDatabase,
    *,
    peel: Callable[[str], str],
    parents: Callable[[str], tuple[str, ...]],
) -> str | None:
    """The commit; None: git would know none by these words.

    Raises VersionAmbiguous when several commits begin so, and StoreFailed when an object cannot be read.
    """
    match = _STEPS.fullmatch(text)
    if match is None:
        return None
    commit = _base(match["base"], refs, objects, peel)
    walked = 0
    for kind, count in _STEP.findall(match["steps"]):
        number = int(count or 1)
        # `~3` is three first parents; `^2` is the second parent, `^0` the commit itself.
        for nth in [1] * number if kind == "~" else [number] if number else []:
            walked += 1
            before = parents(commit) if commit and walked <= _MOST_STEPS else ()
            commit = before[nth - 1] if nth <= len(before) else None
    return commit


def _base(name: str, refs: Refs, objects: ObjectDatabase, peel: Callable[[str], str]) -> str | None:
    if name in {"HEAD", "@"}:
        return refs.head.commit
    for place in _PLACES:
        if place + name in refs.ids:
            return peel(refs.ids[place + name])
    return _beginning(name.lower(), objects, peel) if _BEGINNING.fullmatch(name.lower()) else None


def _beginning(digits: str, objects: ObjectDatabase, peel: Callable[[str], str]) -> str | None:
    """The one commit that begins so; files and folders that do are not meant."""
    commits = set()
    for object_id in objects.beginning_with(digits):
        try:
            commits.add(peel(object_id))
        except MlverError:
            continue
    if len(commits) > 1:
        shown = ", ".join(sorted(one[:12] for one in commits)[:_SHOWN])
        raise VersionAmbiguous(f"{digits!r} is the beginning of several commits", hint=f"one of {shown}")
    return next(iter(commits), None)
