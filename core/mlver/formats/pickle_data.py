"""What pickles hold, as plain data that can be held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from itertools import chain, islice

from msgspec.structs import replace

from mlver.comparing.wording import amount
from mlver.formats.metadata import are_alike, kind_of_other
from mlver.formats.pickle_opcodes import LongText
from mlver.formats.pickle_reading import Pickled, Value, shown
from mlver.formats.pickle_values import DEEPEST, Found
from mlver.formats.tensor import TensorPair
from mlver.formats.tensor_digests import digest_of_bytes
from mlver.formats.window import Window
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.data import Data
from mlver.progress import never

GLOBALS = "names that loading would import"

_SHOWN = 1000
"""Leaves that differ beyond these are counted in the last one."""


def with_plain_data(change: Change, before: tuple[Found, Pickled], after: tuple[Found, Pickled]) -> Change:
    """The change of a file's tensors, with what else its pickles hold where that differs."""
    others = [plain_change("other values", before[0].rest, after[0].rest), globals_change(before[1], after[1])]
    others = [node for node in others if node.kind is not Kind.SAME]
    if not (before[0].is_whole and after[0].is_whole):
        said = f"values lie deeper than {DEEPEST} steps: these were not compared"
        change = replace(change, details=(*change.details, said), complete=False)
    if not others:
        return change
    notes = [change.note, *(f"{amount(len(node.children), 'change')} in {node.label}" for node in others)]
    return replace(change, kind=Kind.CHANGED, children=(*change.children, *others), note=", ".join(filter(None, notes)))


def plain_data_told(told: Change, found: Found, pickled: Pickled) -> Change:
    """What is told of a file's tensors, with what else its pickles hold."""
    leaves = [
        Change(label=way, kind=Kind.SAME, after=_plain(value)) for way, value in islice(found.rest.items(), _SHOWN)
    ]
    if len(found.rest) > _SHOWN:
        leaves.append(Change(label=f"{len(found.rest) - _SHOWN} more", kind=Kind.SAME))
    names = (Change(label=name, kind=Kind.SAME) for name in sorted({str(name) for name in pickled.names}))
    others = (branch("other values", tuple(leaves)), branch(GLOBALS, tuple(names)))
    children = (*told.children, *(node for node in others if node.children))
    if found.is_whole:
        return replace(told, children=children)
    said = f"values lie deeper than {DEEPEST} steps: these are not told"
    return replace(told, children=children, details=(*told.details, said), complete=False)


def plain_change(label: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> Change:
    """A leaf for every way that is in either, equal ones left out."""
    leaves: list[Change] = []
    more = 0
    for way in chain(after, (way for way in before if way not in after)):
        ours = _plain(before[way]) if way in before else MISSING
        theirs = _plain(after[way]) if way in after else MISSING
        if are_alike(ours, theirs):
            continue
        if len(leaves) < _SHOWN:
            leaves.append(Change(label=way, kind=kind_of_other(ours, theirs), before=ours, after=theirs))
        else:
            more += 1
    if more:
        leaves.append(Change(label=f"{more} more", kind=Kind.CHANGED))
    return branch(label, tuple(leaves))


def globals_change(before: Pickled, after: Pickled) -> Change:
    """The names that loading would import, and which of them are new or gone."""
    ours, theirs = ({str(name) for name in side.names} for side in (before, after))
    leaves = tuple(
        Change(label=name, kind=Kind.ADDED if name in theirs else Kind.REMOVED) for name in sorted(ours ^ theirs)
    )
    return branch(GLOBALS, leaves)


def _digest(content: Window) -> str:
    return digest_of_bytes(content, 0, content.size, TensorPair(never))[:_DIGITS]


_DIGITS = 32
"""Of a digest: with fewer, two contents with the same ones could be made on purpose."""


def _plain(value: Value) -> Data:
    """As a leaf of a comparison; NaN as a word, so that it equals itself."""
    if value is None or isinstance(value, (bool, str)) or (isinstance(value, int) and abs(value) < 1 << 64):
        return value
    if isinstance(value, float) and value == value:  # noqa: PLR0124 - NaN is the only value unlike itself
        return value
    if isinstance(value, bytes):
        return f"{len(value)} bytes, sha256 {sha256(value).hexdigest()[:_DIGITS]}"
    if isinstance(value, Window):
        return f"{value.size} bytes, sha256 {_digest(value)}"
    if isinstance(value, LongText):
        return f"text of {value.size} bytes, sha256 {_digest(value.content)}"
    return shown(value)
