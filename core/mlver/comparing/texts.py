"""Texts held against each other, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.comparing.matching import equal_items
from mlver.model.text_diff import DiffLine, LineKind, TextDiff

PLAINER = "plainer diff: too much changed to align it line by line"

_BINARY_HEAD = 8000
"""A zero byte among the first ones makes a file binary, as git has it."""


class TextLimits(Struct, frozen=True, kw_only=True):
    """How much is compared and shown."""

    max_bytes: int = 8 << 20
    """Of either side; a longer text is not compared line by line."""
    max_lines: int = 20_000
    """Of the diff."""
    context: int = 3
    """Same lines shown around a change."""


USUAL = TextLimits()

WHOLE = TextLimits(max_lines=300_000, context=1 << 30)
"""Every line of both texts: for whoever shows and hides same lines without asking again."""


def unified_diff(before: bytes, after: bytes, *, limits: TextLimits = USUAL) -> TextDiff:
    r"""The lines that differ with some context, gaps in between; counts are exact even where lines are left out.

    Lines are compared as bytes, so no encoding hides a difference; bytes that are not UTF-8 are shown as `\\xNN`.
    """
    if before == after:
        return TextDiff(is_same=True)
    if is_binary(before) or is_binary(after):
        return TextDiff(is_binary=True)
    if max(len(before), len(after)) > limits.max_bytes:
        return TextDiff(complete=False, notes=(f"longer than {limits.max_bytes} bytes: not compared line by line",))
    if _with_plain_ends(before) == _with_plain_ends(after):
        return TextDiff(notes=(f"only the line ends differ: {_line_ends(before)} → {_line_ends(after)}",))
    pieces, was_cut = _pieces(before, after)
    lines = _shown(pieces, limits.context)
    notes = (*_remarks(before, after), *((PLAINER,) if was_cut else ()))
    if len(lines) > limits.max_lines:
        notes = (*notes, f"only the first {limits.max_lines} lines are shown")
    return TextDiff(
        lines=tuple(lines[: limits.max_lines]),
        added=sum(len(piece.after) for piece in pieces if not piece.is_same),
        removed=sum(len(piece.before) for piece in pieces if not piece.is_same),
        notes=notes,
        complete=len(lines) <= limits.max_lines,
    )


def line_counts(before: bytes, after: bytes) -> tuple[int, int] | None:
    """How many lines were added and removed; None when a side is binary or too long."""
    if is_binary(before) or is_binary(after) or max(len(before), len(after)) > USUAL.max_bytes:
        return None
    pieces, _ = _pieces(before, after)
    differing = [piece for piece in pieces if not piece.is_same]
    return sum(len(piece.after) for piece in differing), sum(len(piece.before) for piece in differing)


def line_count(content: bytes) -> int:
    """Lines of a text; a last line without a newline counts."""
    return len(_lines(content))


def is_binary(content: bytes) -> bool:
    """Whether the content is no text."""
    return b"\0" in content[:_BINARY_HEAD]


class _Piece(Struct, frozen=True):
    """Neighbouring lines that are the same, or that stand for each other."""

    before: list[bytes]
    after: list[bytes]
    start_before: int
    start_after: int
    is_same: bool


def _pieces(before: bytes, after: bytes) -> tuple[list[_Piece], bool]:
    left, right = _lines(before), _lines(after)
    numbers: dict[bytes, int] = {}
    tokens_left = [numbers.setdefault(line, len(numbers)) for line in left]
    tokens_right = [numbers.setdefault(line, len(numbers)) for line in right]
    matches, _, was_cut = equal_items(tokens_left, tokens_right)
    pieces: list[_Piece] = []
    i = j = 0
    for i_end, j_end, length in _runs(matches, len(left), len(right)):
        if i < i_end or j < j_end:
            pieces.append(_Piece(left[i:i_end], right[j:j_end], i, j, is_same=False))
        i, j = i_end + length, j_end + length
        if length:
            pieces.append(_Piece(left[i_end:i], right[j_end:j], i_end, j_end, is_same=True))
    return pieces, was_cut


def _runs(matches: dict[int, int], end_before: int, end_after: int) -> Iterator[tuple[int, int, int]]:
    """Start before, start after and length of every run of same lines; the end as an empty one."""
    start: tuple[int, int] | None = None
    length = 0
    for j in sorted(matches):
        i = matches[j]
        if start is not None and (i, j) == (start[0] + length, start[1] + length):
            length += 1
            continue
        if start is not None:
            yield (*start, length)
        start, length = (i, j), 1
    if start is not None:
        yield (*start, length)
    yield end_before, end_after, 0


def _shown(pieces: list[_Piece], context: int) -> list[DiffLine]:
    lines: list[DiffLine] = []
    for number, piece in enumerate(pieces):
        if piece.is_same:
            head = context if number else 0
            tail = context if number < len(pieces) - 1 else 0
            lines.extend(_same_lines(piece, head, tail))
            continue
        lines.extend(
            DiffLine(LineKind.REMOVED, _text(line), piece.start_before + n, None)
            for n, line in enumerate(piece.before, 1)
        )
        lines.extend(
            DiffLine(LineKind.ADDED, _text(line), None, piece.start_after + n) for n, line in enumerate(piece.after, 1)
        )
    return lines


def _same_lines(piece: _Piece, head: int, tail: int) -> Iterator[DiffLine]:
    count = len(piece.before)
    hidden = range(head, count - tail) if count > head + tail else range(0)
    for n, line in enumerate(piece.before):
        if n not in hidden:
            yield DiffLine(LineKind.SAME, _text(line), piece.start_before + n + 1, piece.start_after + n + 1)
        elif n == hidden.start:
            yield DiffLine(LineKind.GAP, f"{len(hidden)} same")


def _lines(content: bytes) -> list[bytes]:
    r"""Lines with their newline: only `\\n` ends one, so a form feed inside a line stays inside."""
    lines = content.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _text(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode(errors="backslashreplace")


def _with_plain_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _line_ends(content: bytes) -> str:
    windows = content.count(b"\r\n")
    if not windows:
        return "LF"
    return "CRLF" if windows == content.count(b"\n") else "CRLF and LF"


def _remarks(before: bytes, after: bytes) -> Iterator[str]:
    if _line_ends(before) != _line_ends(after):
        yield f"line ends differ too: {_line_ends(before)} → {_line_ends(after)}"
    for side, content in (("before", before), ("after", after)):
        if content and not content.endswith(b"\n"):
            yield f"no newline at the end {side}"
    if not (_is_utf8(before) and _is_utf8(after)):
        yield "not UTF-8: odd bytes are shown as \\xNN"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
