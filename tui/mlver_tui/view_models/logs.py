"""The output of a step, made safe line by line; only its colours are kept."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from mlver_tui.view_models.text import sanitise

_SGR = re.compile(r"(\x1b\[[0-9;:]*m)")
"""Select graphic rendition: the one escape sequence that only colours."""

LONGEST_LINE = 2000


class LogLines:
    """Bytes in, whole lines out: an unfinished line waits for its end; colours stay as SGR sequences."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> list[str]:
        """The lines that became whole."""
        *whole, rest = (self._rest + self._decoder.decode(data)).split("\n")
        # A program that never ends its line must not fill the memory; what a carriage return overwrote is gone.
        self._rest = rest.rpartition("\r")[2][-LONGEST_LINE:] if len(rest) > LONGEST_LINE else rest
        return [shown_log_line(line) for line in whole]

    def finish(self) -> list[str]:
        """The line that never ended."""
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        return [shown_log_line(rest)] if rest else []


def shown_log_line(text: str) -> str:
    """One line: what a carriage return overwrote left out, everything but colours made visible."""
    kept = text.rstrip("\r").rpartition("\r")[2][:LONGEST_LINE].expandtabs(8)
    return "".join(part if _SGR.fullmatch(part) else sanitise(part) for part in _SGR.split(kept))
