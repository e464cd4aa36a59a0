"""Things known by their digests: same, changed, there on one side only, or not known."""

from __future__ import annotations

from mlver.model.change import MISSING, Change, Kind, Missing


def by_digest(label: str, before: str | Missing | None, after: str | Missing | None, note: str = "") -> Change:
    """A leaf whose values are digests; MISSING: not there. None: there, and its digest is not known."""
    return Change(
        label=label,
        kind=kind_by_digest(before, after),
        before=MISSING if before is None else before,
        after=MISSING if after is None else after,
        note=note,
    )


def kind_by_digest(before: str | Missing | None, after: str | Missing | None) -> Kind:
    """What happened to a thing, as far as digests tell."""
    if isinstance(before, Missing):
        return Kind.ADDED
    if isinstance(after, Missing):
        return Kind.REMOVED
    if before is None or after is None:
        return Kind.UNKNOWN
    return Kind.SAME if before == after else Kind.CHANGED
