"""Text: how many of its lines changed."""

from __future__ import annotations

from mlver.comparing.texts import is_binary, line_count, unified_diff
from mlver.comparing.wording import amount, grouped, signed
from mlver.errors import LimitReached
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood, TooMuch
from mlver.model.change import Change, Kind
from mlver.progress import ShouldStop


class TextFormat:
    """UTF-8 text."""

    name = "text"
    tells_bytes = False
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:  # noqa: ARG002 - only the content tells
        """Whether the head is UTF-8 without zero bytes; its last character may be cut."""
        return bool(head) and not is_binary(head) and _is_utf8_head(head)

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - quick
        """`118 of 120 lines`; the diff itself is made when it is asked for."""
        before, after = texts_of(pair, limits)
        return text_change(pair.path, before, after)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> None:
        """Its lines are all that is to be told."""


def texts_of(pair: Pair, limits: Limits) -> tuple[bytes, bytes]:
    """Both contents; NotUnderstood when one is longer than a text may be."""
    try:
        return pair.before.read(limits.text_bytes), pair.after.read(limits.text_bytes)
    except LimitReached as error:
        raise TooMuch(error.message) from error


def text_change(label: str, before: bytes, after: bytes) -> Change:
    """Two texts as a change, without the lines."""
    diff = unified_diff(before, after)
    if diff.is_binary:
        raise NotUnderstood("it holds zero bytes")
    if diff.is_same:
        return Change(label=label, kind=Kind.SAME)
    return Change(
        label=label,
        kind=Kind.CHANGED,
        note=_lines_note(before, after, diff.added, diff.removed) or ", ".join(diff.notes),
        details=diff.notes if diff.added or diff.removed else (),
    )


def _lines_note(before: bytes, after: bytes, added: int, removed: int) -> str:
    """`118 of 120 lines`, or `+400 −2 lines` where their number differs; empty when no line does."""
    if not added and not removed:
        return ""
    if added == removed and line_count(before) == line_count(after):
        return f"{grouped(added)} of {amount(line_count(after), 'line')}"
    lines = "line" if added + removed == 1 else "lines"
    return f"{' '.join(signed(count) for count in (added, -removed) if count)} {lines}"


def _is_utf8_head(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start >= len(head) - 3
    return True
