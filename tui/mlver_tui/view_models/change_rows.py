"""A change tree as rows: folded and unfolded, only what changed or all, made only when they are drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress, islice
from typing import TypeAlias, overload

from msgspec import Struct

from mlver.model.change import Change, Kind
from mlver.progress import breathe
from mlver_tui.view_models.spans import Tone

RowKey: TypeAlias = int
"""Place in the order of the whole tree: labels may repeat among siblings, places do not."""

_NAMED_SAME = 4
"""Labels named in the line that counts what is the same."""

KIND_TONES = {
    Kind.SAME: Tone.DIM,
    Kind.CHANGED: Tone.BRIGHT,
    Kind.ADDED: Tone.ADDED,
    Kind.REMOVED: Tone.REMOVED,
    Kind.MOVED: Tone.BRIGHT,
    Kind.UNKNOWN: Tone.WARNING,
}


class Tally(Struct, frozen=True, kw_only=True):
    """Leaves below a node, by kind."""

    of: tuple[tuple[Kind, int], ...]
    noise: int

    def get(self, kind: Kind) -> int:
        """How many leaves of that kind."""
        return dict(self.of).get(kind, 0)

    @property
    def differing(self) -> int:
        """Leaves that are not the same, noise left out."""
        return sum(count for kind, count in self.of if kind is not Kind.SAME)


class ChangeRow(Struct, frozen=True, kw_only=True):
    """One line of the tree."""

    key: RowKey
    node: Change
    depth: int
    path: tuple[str, ...]
    """Labels from the root down, unsanitised."""
    is_open: bool | None
    """None: a leaf."""
    tally: Tally | None
    """Of a branch."""

    @property
    def name(self) -> str:
        """The path as people write it, unsanitised."""
        return joined(self.path)

    @property
    def is_folder(self) -> bool:
        """Whether it stands for a folder: below it are files of their own."""
        return is_folder(self.node)

    @property
    def is_change(self) -> bool:
        """Whether `n` stops here: a leaf that differs, or a folded branch that hides some."""
        return not self.is_open and self.node.is_change


class Shown(Struct, frozen=True, kw_only=True):
    """What of a tree is wanted."""

    everything: bool = False
    """Same leaves and noise too."""
    folded: frozenset[RowKey] = frozenset()
    is_flat: bool = False
    """Leaves only, under their dotted names."""


_NOISE, _BRANCH = "noise", ""
"""What a node counts as, beside the names of the kinds."""


class TreeOutline:
    """A tree as lists in its order. Made once: hiding, folding and finding need no second walk.

    A tree of fifty thousand leaves takes a tenth of a second, so it belongs into a worker's thread.
    """

    def __init__(self, tree: Change, *, keeps_top: bool = False) -> None:
        """The root is the tab's own name and no row; `keeps_top`: what stands right below it is shown if same, too."""
        self.tree = tree
        self.nodes: list[Change] = []
        self.parents: list[RowKey] = []
        self.names: list[str] = []
        """Dotted, unsanitised."""
        self._walk(tree)
        self.ends = list(range(1, len(self.nodes) + 1))
        """Where the branch below a node ends; right behind the node when it is a leaf."""
        self._differs = bytearray(node.is_change and not node.children for node in self.nodes)
        for place in range(len(self.nodes) - 1, -1, -1):
            if (parent := self.parents[place]) >= 0:
                self.ends[parent] = max(self.ends[parent], self.ends[place])
                self._differs[parent] |= self._differs[place]
        if keeps_top:
            for place, parent in enumerate(self.parents):
                self._differs[place] |= parent < 0
        self._counted = [_BRANCH if node.children else node.counted_as for node in self.nodes]
        self._tallies: dict[RowKey, Tally] = {}

    def _walk(self, tree: Change) -> None:
        """Without recursion: a tree can be as deep as a config."""
        waiting = [(child, -1, child.label) for child in reversed(tree.children)]
        while waiting:
            breathe()
            node, parent, name = waiting.pop()
            place = len(self.nodes)
            self.nodes.append(node)
            self.parents.append(parent)
            self.names.append(name)
            waiting += [(child, place, _named_below(name, child.label)) for child in reversed(node.children)]

    def is_wanted(self, place: RowKey, shown: Shown) -> bool:
        """Whether it is shown: it differs, or everything is."""
        return shown.everything or bool(self._differs[place])

    def places(self, shown: Shown) -> list[RowKey]:
        """The nodes that are rows, in order."""
        if shown.is_flat:
            leaves = (place for place, node in enumerate(self.nodes) if not node.children)
            return [place for place in leaves if shown.everything or self._differs[place]]
        differs, folded = self._differs, shown.folded
        if not folded:
            # Below what is not wanted nothing is, so a look at each is enough: it is what most trees open with.
            every = range(len(self.nodes))
            return list(every) if shown.everything else list(compress(every, differs))
        found, place = [], 0
        while place < len(self.nodes):
            is_wanted = shown.everything or differs[place]
            if is_wanted:
                found.append(place)
            place = place + 1 if is_wanted and place not in folded else self.ends[place]
        return found

    def tally(self, place: RowKey) -> Tally:
        """What is below a node."""
        if place not in self._tallies:
            self._tallies[place] = self._tally(place + 1, self.ends[place])
        return self._tallies[place]

    def _tally(self, start: int, end: int) -> Tally:
        counts = Counter(self._counted[start:end])
        return Tally(of=tuple((kind, counts[kind]) for kind in Kind if counts[kind]), noise=counts[_NOISE])

    @cached_property
    def whole(self) -> Tally:
        """What is in the whole tree."""
        return self._tally(0, len(self.nodes))

    @property
    def leaves(self) -> int:
        """How many there are."""
        return self.whole.noise + sum(count for _kind, count in self.whole.of)

    @cached_property
    def same(self) -> tuple[str, ...]:
        """The first dotted names of the leaves that are the same."""
        return self._first_names(Kind.SAME)

    @cached_property
    def noise(self) -> tuple[str, ...]:
        """The first dotted names that were ignored."""
        return self._first_names(_NOISE)

    def _first_names(self, counted: str) -> tuple[str, ...]:
        places = (place for place, one in enumerate(self._counted) if one == counted)
        return tuple(self.names[place] for place in islice(places, _NAMED_SAME))

    def above(self, place: RowKey) -> frozenset[RowKey]:
        """The branches a node stands in."""
        found = set()
        while (place := self.parents[place]) >= 0:
            found.add(place)
        return frozenset(found)

    @cached_property
    def branches(self) -> frozenset[RowKey]:
        """Every node that has others below it."""
        return frozenset(place for place, node in enumerate(self.nodes) if node.children)

    @cached_property
    def searched(self) -> list[str]:
        """What a search looks in, for each node."""
        return [name.casefold() for name in self.names]

    def row(self, place: RowKey, shown: Shown) -> ChangeRow:
        """The line of a node."""
        node = self.nodes[place]
        labels = [node.label]
        above = place
        while (above := self.parents[above]) >= 0:
            labels.append(self.nodes[above].label)
        tally = self.tally(place) if node.children else None
        return ChangeRow(
            key=place,
            node=node,
            depth=0 if shown.is_flat else len(labels) - 1,
            path=tuple(reversed(labels)),
            is_open=place not in shown.folded and bool(shown.everything or tally.differing) if tally else None,
            tally=tally,
        )


class ChangeRows(Sequence[ChangeRow]):
    """The rows of a tree; each is made when it is looked at."""

    def __init__(self, outline: TreeOutline, shown: Shown) -> None:
        self.outline, self.shown = outline, shown
        self._places = outline.places(shown)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> ChangeRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[ChangeRow]: ...
    def __getitem__(self, index: int | slice) -> ChangeRow | list[ChangeRow]:
        if isinstance(index, slice):
            return [self.outline.row(place, self.shown) for place in self._places[index]]
        return self.outline.row(self._places[index], self.shown)

    def key_at(self, index: int) -> RowKey:
        """The key of a row, without making it."""
        return self._places[index]

    def index_of(self, key: RowKey) -> int | None:
        """Where the node is a row; None: it is hidden."""
        index = bisect_left(self._places, key)
        return index if index < len(self._places) and self._places[index] == key else None

    def is_change(self, index: int) -> bool:
        """Whether `n` stops there, without making the row."""
        place = self._places[index]
        node = self.outline.nodes[place]
        return node.is_change and (not node.children or place in self.shown.folded)


_AT_FIRST = Shown()


def change_rows(tree: Change, shown: Shown = _AT_FIRST) -> ChangeRows:
    """The rows of a tree that is looked at once."""
    return ChangeRows(TreeOutline(tree), shown)


def is_folder(node: Change) -> bool:
    """Whether what is below a file's node are files of their own."""
    return any(child.label.startswith(f"{node.label}/") for child in node.children)


def joined(path: Sequence[str]) -> str:
    """Labels from the root down as people write them: `optimiser.lr`, `layers[0].size`."""
    text = ""
    for label in path:
        text = _named_below(text, label) if text else label
    return text


def _named_below(name: str, label: str) -> str:
    """A list item stands without a dot; a file of a folder has the folder's name already."""
    if label.startswith(f"{name}/"):
        return label
    return f"{name}{label}" if label.startswith("[") else f"{name}.{label}"


def places_found(outline: TreeOutline, words: str, shown: Shown) -> Iterator[RowKey]:
    """The nodes whose dotted name has these words, those in folded branches too, in order."""
    wanted = words.casefold()
    for place, name in enumerate(outline.searched):
        if wanted in name and outline.is_wanted(place, shown) and not (shown.is_flat and outline.nodes[place].children):
            yield place
