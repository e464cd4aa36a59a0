"""Any file, byte by byte: what every other format falls back to."""

from __future__ import annotations

from mlver.comparing.bytes import compare_bytes
from mlver.comparing.wording import grouped
from mlver.formats.blob import Pair
from mlver.formats.format import Limits
from mlver.model.change import Change, Kind
from mlver.model.comparison import ByteComparison, ByteRange
from mlver.progress import ShouldStop


class BytesFormat:
    """Bytes at equal offsets: how many differ, in which ranges."""

    name = "bytes"

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - anything will do
        """Everything is bytes."""
        return True

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:
        """The ranges as children, their number and share in the note."""
        with pair.before.open() as before, pair.after.open() as after:
            found = compare_bytes(before, after, limits=limits.bytes, should_stop=should_stop)
        return bytes_change(pair.path, found, limits.shown_ranges)


def bytes_change(label: str, found: ByteComparison, shown_ranges: int) -> Change:
    """A byte comparison as a change."""
    shown = found.ranges[:shown_ranges]
    return Change(
        label=label,
        kind=_kind(found),
        children=tuple(_range_change(part) for part in shown),
        note=bytes_note(found, len(shown)),
        complete=found.complete,
    )


def bytes_note(found: ByteComparison, shown: int) -> str:
    """`4 ranges, 1.2 % of bytes`, the sizes when they differ, and what the limits left out."""
    parts = []
    if found.size_before != found.size_after:
        parts.append(f"{grouped(found.size_before)} → {grouped(found.size_after)} bytes")
    if found.range_count:
        parts.append(f"{grouped(found.range_count)} {'range' if found.range_count == 1 else 'ranges'}")
        parts.append(f"{_percent(found.differing, max(found.size_before, found.size_after))} of bytes")
    if shown < found.range_count:
        parts.append(f"the first {shown} are listed")
    if found.reason:
        parts.append(found.reason)
    return ", ".join(parts)


def _kind(found: ByteComparison) -> Kind:
    if found.is_same:
        return Kind.SAME
    return Kind.CHANGED if found.differing or found.complete else Kind.UNKNOWN


def _percent(part: int, whole: int) -> str:
    share = 100 * part / whole
    return "all" if part == whole else f"{share:.1f} %" if share >= 0.1 else "under 0.1 %"  # noqa: PLR2004 - one decimal


def _range_change(part: ByteRange) -> Change:
    length = part.end - part.start
    return Change(
        label=f"{part.start:#x}",
        kind=Kind.CHANGED,
        note=f"{grouped(length)} {'byte' if length == 1 else 'bytes'}",
    )
