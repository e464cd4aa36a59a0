"""Takes secrets out of what commands write, before anything of it is shown or kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from mlver.capture.secret_patterns import LONGEST_BYTES, SHAPES, is_secret_name

MASK = b"***"

SHORTEST_VALUE = 8
"""A shorter value of a secret variable is not looked for: `true` and `1234` stand everywhere."""

WORD_BYTES = 4096
"""No token gets longer before it is recognised; a longer word is let go."""

_USER_PART = re.compile(rb"(?<=://)[^\s/@'\"<>]{1,2304}@")
"""A URL loses its user part even without a password: a token may stand there alone."""

_KEY_BEGINNING = re.compile(
    rb"-----BEGIN (?:[A-Z0-9 ]{0,60}-{0,4}|[A-Z0-9 ]{0,50}PRIVATE KEY(?: BLOCK)?-----(?s:.{0,340}))\Z"
)
"""The first lines of a key, before there is enough of it to be recognised."""

_ANCHORS = tuple(sorted({b"://", *(anchor for shape in SHAPES for anchor in shape.anchors)}))
_BEGINNINGS = frozenset(anchor[:length] for anchor in _ANCHORS for length in range(1, len(anchor)))
_LONGEST_BEGINNING = max(map(len, _BEGINNINGS))


def secret_values(environment: Mapping[str, str]) -> tuple[bytes, ...]:
    """The values of variables whose names speak of secrets, in the spellings they are printed in, longest first."""
    found = set()
    for name, value in environment.items():
        if is_secret_name(name):
            # A key of many lines is printed line by line, maybe indented; a password may stand in a URL.
            for part in {value, *value.splitlines()}:
                found |= {part.strip(), quote(part.strip(), safe="")}
    spelled = {value.encode("utf-8", "surrogateescape") for value in found}
    return tuple(sorted((value for value in spelled if len(value) >= SHORTEST_VALUE), key=lambda v: (-len(v), v)))


class Mask:
    """Masks a stream: bytes in, bytes out, whatever the pieces they come in.

    Held back is only what may be the beginning of a secret, so a live log stays live: in ordinary output at most a few
    bytes, until the next ones come.
    """

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        """`values` are taken out wherever they occur, whole; `secret_values` finds them."""
        self._values = tuple(value for value in values if value)
        self._before = b""
        """The last byte let go: whether a token begins depends on what stands before it."""
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """What may be shown of all that came so far, masked."""
        content = self._before + self._held + data
        spans = self._spans(content)
        return self._let_go(content, spans, max(self._open_from(content, spans), len(self._before)))

    def finish(self) -> bytes:
        """The rest, masked."""
        content = self._before + self._held
        return self._let_go(content, self._spans(content), len(content))

    def _let_go(self, content: bytes, spans: list[tuple[int, int]], cut: int) -> bytes:
        shown = _masked(content[:cut], spans, len(self._before))
        self._before, self._held = content[max(cut - 1, 0) : cut], content[cut:]
        return shown

    def _spans(self, content: bytes) -> list[tuple[int, int]]:
        """Where secrets are, in order, overlaps joined."""
        found = sorted((*self._value_spans(content), *_shape_spans(content)))
        joined: list[tuple[int, int]] = []
        for start, end in found:
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined

    def _value_spans(self, content: bytes) -> Iterator[tuple[int, int]]:
        for value in self._values:
            start = content.find(value)
            while start >= 0:
                yield start, start + len(value)
                start = content.find(value, start + 1)

    def _open_from(self, content: bytes, spans: list[tuple[int, int]]) -> int:
        """Where what cannot be judged yet begins."""
        opened = min(_open_shape(content), *(_open_value(content, value) for value in self._values), len(content))
        for start, end in reversed(spans):
            # A secret that reaches the end may go on, and one that the cut would split stays whole.
            if end == len(content) or start < opened < end:
                opened = min(opened, start)
        return opened


def mask_text(text: str, values: Iterable[bytes] = ()) -> str:
    """A whole text, masked: a command, a URL, a message."""
    mask = Mask(values)
    content = text.encode("utf-8", "surrogateescape")
    return (mask.feed(content) + mask.finish()).decode("utf-8", "surrogateescape")


def _masked(content: bytes, spans: list[tuple[int, int]], position: int) -> bytes:
    parts = []
    for start, end in spans:
        if position < end and start < len(content):
            parts += [content[position:start], MASK]
            position = end
    return b"".join((*parts, content[position:]))


def _shape_spans(content: bytes) -> Iterator[tuple[int, int]]:
    for shape in SHAPES:
        yield from shape.spans(content)
    if b"://" in content:
        for match in _USER_PART.finditer(content):
            yield match.start(), match.end() - 1


def _open_shape(content: bytes) -> int:
    """Where a token or key begins that may not have ended; the length when there is none."""
    begun = _KEY_BEGINNING.search(content, max(0, len(content) - 460))
    if begun:
        return begun.start()
    word = _last_word(content)
    starts = [start for anchor in _ANCHORS if (start := content.find(anchor, word)) >= 0]
    if starts:
        return max(min(starts), len(content) - WORD_BYTES)
    for length in range(min(_LONGEST_BEGINNING, len(content)), 0, -1):
        if content[-length:] in _BEGINNINGS:
            return len(content) - length
    return len(content)


def _last_word(content: bytes) -> int:
    """Where the last run without white space begins."""
    tail = content[-LONGEST_BYTES:]
    return len(content) - len(tail) + max(tail.rfind(space) for space in (b" ", b"\n", b"\t", b"\r")) + 1


def _open_value(content: bytes, value: bytes) -> int:
    """Where a beginning of `value` begins that reaches the end; the length when there is none."""
    size = len(content)
    probe = value[:SHORTEST_VALUE]
    start = content.find(probe, max(0, size - len(value) + 1))
    while start >= 0:
        if value.startswith(content[start:]):
            return start
        start = content.find(probe, start + 1)
    for length in range(min(len(probe) - 1, size), 0, -1):
        if content.endswith(probe[:length]):
            return size - length
    return size
