"""What a step writes, made safe to pass on as it comes: of all that a terminal obeys, only colours stay."""

from __future__ import annotations

import codecs
import re

from mlver_tui.view_models.glyphs import Glyphs

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_PART = re.compile(r"(\x1b\[[0-9;:]*m)|(\r?\n|\r)|(\t)|([^\x1b\r\n\t]+|\x1b)")
_UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-9;:]{0,40})?|\r)\Z")
"""What may be the beginning of a colour or of a line end, at the end of what came so far."""
_RESET = "\x1b[0m"


def without_colours(text: str) -> str:
    """The text without the sequences that colour it."""
    return _COLOUR.sub("", text)


class LiveOutput:
    """A stream of bytes, broken anywhere, as safe text."""

    def __init__(self, glyphs: Glyphs, *, at_terminal: bool, has_colours: bool) -> None:
        """At a terminal a carriage return is one, so that progress bars stay on their line; else it ends the line."""
        self._glyphs = glyphs
        self._at_terminal = at_terminal
        self._has_colours = has_colours
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._held = ""
        self._is_coloured = False
        self._is_mid_line = False

    def feed(self, data: bytes) -> str:
        """What may be shown of all that came so far."""
        text = self._held + self._decoder.decode(data)
        found = _UNFINISHED.search(text)
        self._held = found[0] if found else ""
        return self._safe(text[: len(text) - len(self._held)])

    def finish(self) -> str:
        """The rest, with the line ended and the colours put back."""
        text = self._safe(self._held + self._decoder.decode(b"", final=True))
        self._held = ""
        end = (_RESET if self._is_coloured else "") + ("\n" if self._is_mid_line else "")
        self._is_coloured = self._is_mid_line = False
        return text + end

    def _safe(self, text: str) -> str:
        return "".join(self._shown(match) for match in _PART.finditer(text))

    def _shown(self, part: re.Match[str]) -> str:
        colour, line_end, tab, plain = part.groups()
        if colour:
            self._is_coloured = self._has_colours
            return colour if self._has_colours else ""
        if line_end:
            stays = line_end == "\r" and self._at_terminal
            self._is_mid_line = stays
            return "\r" if stays else "\n"
        self._is_mid_line = True
        return "    " if tab else self._glyphs.data(plain)
