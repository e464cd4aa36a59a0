"""Things known by their digests: same, changed, there on one side only, or not known."""

from __future__ import annotations

from mlver.model.change import MISSING, Change, Kind, Missing

OTHER_SCHEME = "hash scheme changed"
"""Two digests of one content may differ when they were made by different rules: they say nothing of each other."""


def by_digest(label: str, before: str | Missing | None, after: str | Missing | None, note: str = "") -> Change:
    """A leaf whose values are digests; MISSING: not there. None: there, and its digest is not known."""
    return Change(
        label=label,
        kind=kind_by_digest(before, after),
        before=MISSING if before is None else before,
        after=MISSING if after is None else after,
        note=", ".join(filter(None, (note, OTHER_SCHEME if _is_across_schemes(before, after) else ""))),
    )


def kind_by_digest(before: str | Missing | None, after: str | Missing | None) -> Kind:
    """What happened to a thing, as far as digests tell."""
    if isinstance(before, Missing):
        return Kind.ADDED
    if isinstance(after, Missing):
        return Kind.REMOVED
    if before is None or after is None or scheme(before) != scheme(after):
        return Kind.UNKNOWN
    return Kind.SAME if before == after else Kind.CHANGED


def scheme(digest: str) -> str:
    """By which rule a digest was made: `sha256`, `md5`, `md5-dos2unix`, `git`, `etag`."""
    name, colon, _ = digest.partition(":")
    return name if colon else "sha256"


def _is_across_schemes(before: str | Missing | None, after: str | Missing | None) -> bool:
    return isinstance(before, str) and isinstance(after, str) and scheme(before) != scheme(after)
