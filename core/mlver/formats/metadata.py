"""What a file of tensors says beside them: texts and numbers of its header."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mlver.comparing.wording import move_note
from mlver.model.change import MISSING, Change, Kind, Missing, branch
from mlver.model.data import Data


def with_metadata(
    change: Change, before: Mapping[str, Data], after: Mapping[str, Data], *, label: str = "metadata"
) -> Change:
    """The change of a file's tensors, with a node over what its header says where it says anything."""
    if not before and not after:
        return change
    node = branch(label, tuple(_leaf(key, before, after) for key in sorted(before.keys() | after.keys())))
    if node.kind is Kind.SAME:
        return replace(change, children=(*change.children, node))
    note = ", ".join(filter(None, (change.note, f"other {label}")))
    return replace(change, kind=Kind.CHANGED, children=(*change.children, node), note=note)


def _leaf(key: str, before: Mapping[str, Data], after: Mapping[str, Data]) -> Change:
    ours: Data | Missing = before.get(key, MISSING)
    theirs: Data | Missing = after.get(key, MISSING)
    if are_alike(ours, theirs):
        return Change(label=key, kind=Kind.SAME, before=ours, after=theirs)
    return Change(label=key, kind=kind_of_other(ours, theirs), before=ours, after=theirs, note=move_note(ours, theirs))


def kind_of_other(before: Data | Missing, after: Data | Missing) -> Kind:
    """What happened to a value that is not alike on both sides."""
    return Kind.ADDED if before is MISSING else Kind.REMOVED if after is MISSING else Kind.CHANGED


def are_alike(before: object, after: object) -> bool:
    """Whether two plain values are the same and of one type, also inside lists; -0.0 is not 0.0, NaN is NaN."""
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(are_alike, before, after))
    if isinstance(before, float) and isinstance(after, float):
        return before.hex() == after.hex()
    return (type(before), before) == (type(after), after)
