"""Any file, byte by byte: what every other format falls back to."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.comparing.bytes import compare_bytes
from mlver.comparing.wording import amount, grouped
from mlver.formats.blob import Pair
from mlver.formats.format import Limits
from mlver.model.change import Change, Kind
from mlver.model.comparison import ByteComparison, ByteRange
from mlver.progress import ShouldStop


class BytesFormat:
    """Bytes at equal offsets: how many differ, in which ranges."""

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
        shown = found.ranges[: limits.shown_ranges]
        note, *details = [*_facts(found, len(shown)), ""]
        return Change(
            label=pair.path,
            kind=_kind(found),
            children=tuple(_range_change(part) for part in shown),
            note=note,
            details=tuple(filter(None, details)),
            complete=found.complete,
        )


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
