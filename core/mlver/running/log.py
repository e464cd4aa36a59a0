"""What is kept of a run's log: its beginning and its end."""

from __future__ import annotations

HEAD_BYTES = 64 << 10
TAIL_BYTES = 192 << 10


class LogTail:
    """Keeps the first and the last bytes of a stream, and says how many it left out in between.

    Feed it masked output: what it keeps is recorded for good.
    """

    def __init__(self, head_bytes: int = HEAD_BYTES, tail_bytes: int = TAIL_BYTES) -> None:
        """How much of the beginning and of the end is kept at most."""
        self._head_bytes = head_bytes
        self._tail_bytes = tail_bytes
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0

    def add(self, data: bytes) -> None:
        """The next bytes."""
        room = self._head_bytes - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        # Cut now and then rather than every time: each cut moves the rest.
        if len(self._tail) > 2 * self._tail_bytes:
            self._drop(len(self._tail) - self._tail_bytes)

    def _drop(self, count: int) -> None:
        del self._tail[:count]
        self._left_out += count

    def content(self) -> bytes:
        """What is kept, with a line in place of what is not."""
        self._drop(max(0, len(self._tail) - self._tail_bytes))
        if not self._left_out:
            return bytes(self._head + self._tail)
        # Whole lines read better, and half a character at a cut would not be UTF-8.
        head_end = self._head.rfind(b"\n") + 1 or len(self._head)
        tail_start = self._tail.find(b"\n") + 1
        left_out = self._left_out + len(self._head) - head_end + tail_start
        head = bytes(self._head[:head_end])
        return b"%s[... %d bytes left out ...]\n%s" % (_ended(head), left_out, bytes(self._tail[tail_start:]))


def _ended(text: bytes) -> bytes:
    return text if not text or text.endswith(b"\n") else text + b"\n"
