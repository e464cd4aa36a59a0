"""Configs held against each other: every leaf, with its type, and where it was written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from mlver.comparing.alignment import Aligner
from mlver.comparing.ordering import in_document_order
from mlver.comparing.places import NOWHERE, Places
from mlver.comparing.wording import move_note
from mlver.model.change import MISSING, Change, Kind, Missing
from mlver.model.data import Data, Path, Place, same_leaf
from mlver.model.noise import NoisePatterns
from mlver.progress import breathe

Side: TypeAlias = Data | Missing

KEPT_SAME_LEAVES = 20_000
"""How many same leaves a tree that is to be shown whole holds one by one."""


def compare_data(  # noqa: PLR0913 - two sides, each with its places, and three plain choices
    before: Side,
    after: Side,
    *,
    label: str,
    places_before: Places = NOWHERE,
    places_after: Places = NOWHERE,
    ignore: tuple[str, ...] = (),
    same_leaves: int = 0,
) -> Change:
    """The tree of what differs between two values.

    Leaves are compared with their types (model.data.same_leaf). Children stand in the order of `after`, what was
    removed stays where it stood. Mappings go by key; list items by identity key, else by content (alignment.py); an
    item's label is `[name=dense]` or `[3]`, its position after, or before when it is gone.

    An equal mapping or list is one node, kind same, that holds the value itself; up to `same_leaves` same leaves are
    kept one by one instead. `ignore` are noise patterns such as `**.run_name`. Works without recursion, so no depth
    of nesting is too much.
    """
    walk = _Walk(places_before, places_after, NoisePatterns(ignore), same_leaves)
    return walk.compare(label, before, after)


_Step: TypeAlias = tuple[str, str | int, str | int, Side, Side, str]
"""Label, key or position before and after, both values, how it moved (`2 → 0`) or nothing."""


class _Frame:
    """A mapping or list that is being walked."""

    __slots__ = ("after", "before", "differs", "label", "moved", "note", "out", "parent", "parts", "steps")

    def __init__(self, step: _Step, parent: _Frame | None) -> None:
        self.label = step[0]
        self.parts = (step[1], step[2])
        self.before = step[3]
        self.after = step[4]
        self.moved = step[5]
        self.parent = parent
        self.steps: Iterator[_Step] = iter(())
        self.out: list[Change | _Step] = []
        """Finished children; a step stands for a leaf that is the same, built only when it is needed."""
        self.differs = isinstance(self.before, Missing) or isinstance(self.after, Missing)
        self.note = ""

    def path(self, side: int) -> Path:
        """Where in the document of that side (0 before, 1 after) this frame's value stands.

        The outermost frame stands outside the document; its one child is the document.
        """
        parts: list[str | int] = []
        frame: _Frame | None = self
        while frame is not None and frame.parent is not None and frame.parent.parent is not None:
            parts.append(frame.parts[side])
            frame = frame.parent
        return tuple(reversed(parts))


class _Walk:
    """One comparison under way."""

    def __init__(self, places_before: Places, places_after: Places, noise: NoisePatterns, same_leaves: int) -> None:
        self._places = (places_before, places_after)
        self._has_places = bool(places_before.sources or places_after.sources)
        self._noise = noise
        self._same_left = same_leaves
        self._aligner = Aligner()

    def compare(self, label: str, before: Side, after: Side) -> Change:
        top: _Step = (label, "", "", before, after, "")
        outer = _Frame(top, None)
        outer.steps = iter((top,))
        outer.differs = True
        stack = [outer]
        while True:
            inner = self._advance(stack[-1])
            if inner is not None:
                stack.append(inner)
                continue
            finished = stack.pop()
            if not stack:
                first = finished.out[0]
                return first if isinstance(first, Change) else self._same_leaf(first, finished)
            change = self._close(finished)
            stack[-1].out.append(change)
            stack[-1].differs |= finished.differs or bool(finished.moved)

    def _advance(self, frame: _Frame) -> _Frame | None:
        """Compare leaves until a pair of containers turns up (its frame) or all is done (None)."""
        out = frame.out
        for step in frame.steps:
            before, after = step[3], step[4]
            kind = type(after)
            if kind is type(before):
                if kind is dict or kind is list:
                    # Where same leaves are wanted one by one, or a move is to be told, the quick look is not enough.
                    if self._same_left or step[5] or not _is_plainly_same(before, after):
                        return self._opened(step, frame)
                    out.append(step)
                    continue
                # As model.data.same_leaf says, without its call: this line runs for every leaf of a changed mapping.
                if before == after if kind is not float else repr(before) == repr(after):
                    out.append(step if not step[5] else self._leaf(step, frame))
                    frame.differs |= bool(step[5])
                    continue
            elif _is_one_sided(before, after):
                return self._opened(step, frame)
            out.append(self._leaf(step, frame))
            frame.differs = True
        return None

    def _opened(self, step: _Step, parent: _Frame) -> _Frame:
        frame = _Frame(step, parent)
        before, after = frame.before, frame.after
        if isinstance(before, dict) or isinstance(after, dict):
            frame.steps = _mapping_steps(before, after)
        else:
            frame.steps = self._list_steps(frame)
        return frame

    def _list_steps(self, frame: _Frame) -> Iterator[_Step]:
        before = frame.before if isinstance(frame.before, list) else []
        after = frame.after if isinstance(frame.after, list) else []
        alignment = self._aligner.align(before, after)
        frame.note = alignment.note
        for item in alignment.items:
            moved = f"{item.before} → {item.after}" if item.is_moved else ""
            yield (
                item.label,
                item.part_before,
                item.part_after,
                MISSING if item.before is None else before[item.before],
                MISSING if item.after is None else after[item.after],
                moved,
            )

    def _close(self, frame: _Frame) -> Change:
        step: _Step = (frame.label, frame.parts[0], frame.parts[1], frame.before, frame.after, frame.moved)
        parent = frame.parent or frame
        if not frame.out or not (frame.differs or self._keeps(frame)):
            return self._leaf(step, parent) if frame.moved or frame.differs else self._same_leaf(step, parent)
        children = tuple(child if isinstance(child, Change) else self._same_leaf(child, frame) for child in frame.out)
        note = ", ".join(filter(None, (frame.moved and f"moved {frame.moved}", frame.note)))
        place_before, place_after = self._both_places(step, parent)
        one_sided = isinstance(frame.before, Missing) or isinstance(frame.after, Missing)
        return Change(
            label=frame.label,
            kind=_branch_kind(frame, children),
            place_before=place_before,
            place_after=place_after,
            children=children,
            note=note,
            is_noise=one_sided and all(child.is_noise for child in children),
        )

    def _keeps(self, frame: _Frame) -> bool:
        """Whether an equal frame's leaves are kept one by one; a moved one stays whole, it is one change."""
        fresh = sum(not isinstance(child, Change) for child in frame.out)
        if frame.moved or fresh > self._same_left or (not self._same_left):
            return False
        self._same_left -= fresh
        return True

    def _leaf(self, step: _Step, frame: _Frame) -> Change:
        breathe()
        label, _, _, before, after, moved = step
        place_before, place_after = self._both_places(step, frame)
        return Change(
            label=label,
            kind=_leaf_kind(before, after, moved),
            before=before,
            after=after,
            place_before=place_before,
            place_after=place_after,
            note=moved or move_note(before, after),
            is_noise=bool(self._noise) and self._is_noise(step, frame),
        )

    def _same_leaf(self, step: _Step, frame: _Frame) -> Change:
        place_before, place_after = self._both_places(step, frame)
        return Change(
            label=step[0],
            kind=Kind.SAME,
            before=step[3],
            after=step[4],
            place_before=place_before,
            place_after=place_after,
        )

    def _both_places(self, step: _Step, frame: _Frame) -> tuple[Place | None, Place | None]:
        if not self._has_places:
            return None, None
        before = None if isinstance(step[3], Missing) else self._places[0].at(_path(step, frame, 0))
        after = None if isinstance(step[4], Missing) else self._places[1].at(_path(step, frame, 1))
        return before, after

    def _is_noise(self, step: _Step, frame: _Frame) -> bool:
        side = 0 if isinstance(step[4], Missing) else 1
        return self._noise.match([str(part) for part in _path(step, frame, side)])


def _path(step: _Step, frame: _Frame, side: int) -> Path:
    return () if frame.parent is None else (*frame.path(side), step[2] if side else step[1])


def _mapping_steps(before: Side, after: Side) -> Iterator[_Step]:
    left = before if isinstance(before, dict) else {}
    right = after if isinstance(after, dict) else {}
    if left.keys() == right.keys():
        return ((key, key, key, left[key], value, "") for key, value in right.items())
    order = in_document_order(left, list(right))
    return ((key, key, key, left.get(key, MISSING), right.get(key, MISSING), "") for key in order)


def _is_plainly_same(before: Side, after: Side) -> bool:
    """Whether two containers hold the same scalars; False where it takes more than this look to tell.

    Only whole-container operations, which run at C speed: most of a config is equal, and this is where time goes.
    """
    left, right = _values(before), _values(after)
    types = [*map(type, right)]
    if dict in types or list in types or [*map(type, left)] != types:
        return False
    return before == after and (float not in types or 0.0 not in right)  # 0.0 == -0.0


def _values(container: Side) -> Collection[Data]:
    return container.values() if isinstance(container, dict) else container if isinstance(container, list) else ()


def _is_one_sided(before: Side, after: Side) -> bool:
    """Whether a whole mapping or list stands on one side and nothing on the other."""
    there = after if isinstance(before, Missing) else before if isinstance(after, Missing) else None
    return isinstance(there, (dict, list))


def _leaf_kind(before: Side, after: Side, moved: str) -> Kind:
    if isinstance(before, Missing):
        return Kind.ADDED
    if isinstance(after, Missing):
        return Kind.REMOVED
    # An item may be matched with another value at another position: then it is changed, wherever it stands.
    if not moved or isinstance(before, (dict, list)) or isinstance(after, (dict, list)):
        return Kind.MOVED if moved else Kind.CHANGED
    return Kind.MOVED if same_leaf(before, after) else Kind.CHANGED


def _branch_kind(frame: _Frame, children: tuple[Change, ...]) -> Kind:
    if isinstance(frame.before, Missing):
        return Kind.ADDED
    if isinstance(frame.after, Missing):
        return Kind.REMOVED
    if frame.moved:
        return Kind.CHANGED
    return Kind.CHANGED if any(child.kind is not Kind.SAME and not child.is_noise for child in children) else Kind.SAME
