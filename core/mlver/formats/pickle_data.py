"""What pickles hold, as plain data that can be held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from mlver.comparing.wording import amount
from mlver.formats.metadata import are_alike, kind_of_other
from mlver.formats.pickle_reading import Pickled, Value, shown
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.data import Data

GLOBALS = "names that loading would import"

_SHOWN = 1000
"""Leaves that differ beyond these are counted in the last one."""


def with_plain_data(
    change: Change, before: tuple[Mapping[str, Value], Pickled], after: tuple[Mapping[str, Value], Pickled]
) -> Change:
    """The change of a file's tensors, with what else its pickles hold where that differs."""
    others = [plain_change("other values", before[0], after[0]), globals_change(before[1], after[1])]
    others = [node for node in others if node.kind is not Kind.SAME]
    if not others:
        return change
    notes = [change.note, *(f"{amount(len(node.children), 'change')} in {node.label}" for node in others)]
    return replace(change, kind=Kind.CHANGED, children=(*change.children, *others), note=", ".join(filter(None, notes)))


def plain_change(label: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> Change:
    """A leaf for every way that is in either, equal ones left out."""
    leaves = []
    for way in dict.fromkeys((*after, *before)):
        ours = _plain(before[way]) if way in before else MISSING
        theirs = _plain(after[way]) if way in after else MISSING
        if not are_alike(ours, theirs):
            leaves.append(Change(label=way, kind=kind_of_other(ours, theirs), before=ours, after=theirs))
    if len(leaves) > _SHOWN:
        more = Change(label=f"{len(leaves) - _SHOWN} more", kind=Kind.CHANGED)
        leaves = [*leaves[:_SHOWN], more]
    return branch(label, tuple(leaves))


def globals_change(before: Pickled, after: Pickled) -> Change:
    """The names that loading would import, and which of them are new or gone."""
    ours, theirs = ({str(name) for name in side.names} for side in (before, after))
    leaves = tuple(
        Change(label=name, kind=Kind.ADDED if name in theirs else Kind.REMOVED) for name in sorted(ours ^ theirs)
    )
    return branch(GLOBALS, leaves)


def _plain(value: Value) -> Data:
    """As a leaf of a comparison; NaN as a word, so that it equals itself."""
    if value is None or isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) < 1 << 64):
        return value
    if isinstance(value, float) and value == value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return value
    if isinstance(value, (bytes, bytearray)):
        return f"{len(value)} bytes, sha256 {sha256(value).hexdigest()[:12]}"
    return shown(value)
