"""Any file, byte by byte: what every other format falls back to."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.comparing.bytes import compare_bytes
from mlver.comparing.chunks import MOST_BYTES, Alignment, Region, align
from mlver.comparing.wording import amount, grouped
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits
from mlver.model.change import Change, Kind
from mlver.model.comparison import ByteComparison, ByteRange
from mlver.progress import ShouldStop


class BytesFormat:
    """Bytes: how many differ, in which ranges; of two sizes, what was put in and taken out."""

    name = "bytes"
    tells_bytes = False
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - anything will do
        """Everything is bytes."""
        return True

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """The ranges as children; the note says what became of the size, or which share of the bytes differs."""
        with pair.before.open() as before, pair.after.open() as after:
            found = compare_bytes(before, after, limits=limits.bytes, should_stop=should_stop)
            # Of one size, bytes stand where they stood; of two, what was put in moves all that follows.
            is_moved = found.complete and found.size_before != found.size_after
            alignment = align(before, after, should_stop) if is_moved else None
        if alignment is not None and alignment.added + alignment.removed < found.differing:
            return _aligned_change(pair.path, found, alignment, limits.shown_ranges)
        shown = found.ranges[: limits.shown_ranges]
        note, *details = [*_facts(found, len(shown)), ""]
        if is_moved and max(found.size_before, found.size_after) > MOST_BYTES:
            details.append(f"more than {MOST_BYTES >> 20} MiB: held against each other at equal offsets only")
        return Change(
            label=pair.path,
            kind=_kind(found),
            children=tuple(_range_change(part) for part in shown),
            note=note,
            details=tuple(filter(None, details)),
            complete=found.complete,
        )

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """How many they are."""
        with side.open() as file:
            return Change(label=path, kind=Kind.SAME, note=amount(file.size, "byte"))


def _aligned_change(path: str, found: ByteComparison, alignment: Alignment, shown: int) -> Change:
    """`59 → 71 bytes`, and what was put in and taken out as children."""
    share = _share(alignment.added + alignment.removed, found.size_before + found.size_after)
    parts = f"{amount(alignment.added, 'byte')} in, {grouped(alignment.removed)} out"
    details = [share, f"{parts}, {amount(len(alignment.regions), 'region')}"]
    if shown < len(alignment.regions):
        details.append(f"the first {shown} are listed")
    return Change(
        label=path,
        kind=Kind.CHANGED,
        children=tuple(_region_change(region) for region in alignment.regions[:shown]),
        note=f"{grouped(found.size_before)} → {amount(found.size_after, 'byte')}",
        details=tuple(details),
    )


def _region_change(region: Region) -> Change:
    if not region.before:
        kind, note = Kind.ADDED, f"{amount(len(region.after), 'byte')} put in"
    elif not region.after:
        kind, note = Kind.REMOVED, f"{amount(len(region.before), 'byte')} taken out"
    else:
        kind, note = Kind.CHANGED, f"{grouped(len(region.before))} → {amount(len(region.after), 'byte')}"
    return Change(label=f"{region.before.start:#x}", kind=kind, note=note)


def _facts(found: ByteComparison, shown: int) -> Iterator[str]:
    """`59 → 35 bytes`, `72.9 % of bytes`, `4 ranges`, and what the limits left out."""
    if found.size_before != found.size_after:
        yield f"{grouped(found.size_before)} → {amount(found.size_after, 'byte')}"
    if found.range_count:
        yield _share(found.differing, max(found.size_before, found.size_after))
        yield amount(found.range_count, "range")
    if shown < found.range_count:
        yield f"the first {shown} are listed"
    if found.reason:
        yield found.reason


def _kind(found: ByteComparison) -> Kind:
    if found.is_same:
        return Kind.SAME
    return Kind.CHANGED if found.differing or found.complete else Kind.UNKNOWN


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "all bytes"
    share = 100 * part / whole
    return f"{share:.1f} % of bytes" if share >= 0.1 else "under 0.1 % of bytes"  # noqa: PLR2004 - one decimal


def _range_change(part: ByteRange) -> Change:
    length = part.end - part.start
    return Change(
        label=f"{part.start:#x}",
        kind=Kind.CHANGED,
        note=amount(length, "byte"),
    )
