"""The narrow waist of every comparison: formats make Change trees, displays show them, neither knows the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from mlver.model.data import Data, Place
from mlver.progress import breathe


class Kind(StrEnum):
    """What happened to a thing between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """A list item at another position, otherwise the same; or a file under another path."""
    UNKNOWN = "unknown"
    """One side is not known: neither same nor changed may be said."""


class Missing:
    """The type of MISSING."""

    def __repr__(self) -> str:
        return "not set"


MISSING = Missing()
"""The value of a side that has none; None is a value (YAML's null)."""


class Change(Struct, frozen=True, kw_only=True):
    """A node of the tree. A leaf has values; a branch has children and the kind its children make."""

    label: str
    """What the node is called among its siblings: a key, a file, a package."""
    kind: Kind
    before: Data | Missing = MISSING
    after: Data | Missing = MISSING
    place_before: Place | None = None
    """Where the value was written."""
    place_after: Place | None = None
    children: tuple[Change, ...] = ()
    note: str = ""
    """One short remark: `÷ 3.33`, `+400 rows`, `4 of 4 tensors`, `not an input`."""
    details: tuple[str, ...] = ()
    """What there is to say beyond the note, for where there is room: `2 ranges, 1.2 % of bytes`."""
    is_noise: bool = False
    """Matched by an `ignore` pattern: hidden unless asked for, always counted."""
    complete: bool = True
    """False: a limit was hit below this node, so `same` here would be a guess."""

    def leaves(self) -> Iterator[Change]:
        """Every node without children, in order; without recursion, so no depth is too much."""
        waiting = [self]
        while waiting:
            breathe()
            node = waiting.pop()
            if not node.children:
                yield node
            waiting.extend(reversed(node.children))

    def count(self) -> Counts:
        """How many leaves of each kind; noise and same leaves are counted apart."""
        return Counts(**Counter(leaf.counted_as for leaf in self.leaves()))

    @property
    def counted_as(self) -> str:
        """The field of Counts that this leaf belongs to."""
        return "noise" if self.is_noise and self.kind is not Kind.SAME else self.kind.value

    @property
    def is_change(self) -> bool:
        """Whether there is anything to show when only changes are shown."""
        return self.kind is not Kind.SAME and not self.is_noise


class Counts(Struct, frozen=True, kw_only=True):
    """Leaves below a node, by kind."""

    changed: int = 0
    added: int = 0
    removed: int = 0
    moved: int = 0
    unknown: int = 0
    same: int = 0
    noise: int = 0

    @property
    def total(self) -> int:
        """Leaves that differ (noise not counted; unknown counted, for it is not the same)."""
        return self.changed + self.added + self.removed + self.moved + self.unknown


def branch(label: str, children: tuple[Change, ...], *, note: str = "") -> Change:
    """A node over `children`: same when they all are, changed otherwise."""
    real = [child for child in children if not child.is_noise]
    kinds = {child.kind for child in real}
    if kinds <= {Kind.SAME}:
        kind = Kind.SAME
    elif kinds <= {Kind.SAME, Kind.UNKNOWN}:
        kind = Kind.UNKNOWN
    else:
        kind = Kind.CHANGED
    return Change(
        label=label, kind=kind, children=children, note=note, complete=all(child.complete for child in children)
    )
