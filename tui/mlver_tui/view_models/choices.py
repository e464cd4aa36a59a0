"""What a dialog offers to choose from: a line each, under headings, narrowed by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, padded

_MOST_NAME = 32
_LEAST_NAME = 12


class Choice(Struct, frozen=True, kw_only=True):
    """One thing to choose. Its texts are showable."""

    key: str
    name: str
    said: str = ""
    """What is said of it, behind its name."""
    amount: str = ""
    """A number at the right edge."""
    section: str = ""
    """The heading it stands under."""
    is_on: bool = False
    """It is what is chosen now, or one of those."""

    def has(self, words: Sequence[str]) -> bool:
        """Whether all of the words, which are lower case, are in it."""
        text = f"{self.section} {self.name} {self.said}".casefold()
        return all(word in text for word in words)


def narrowed(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """Those that have all the words typed."""
    words = typed.casefold().split()
    return [choice for choice in choices if choice.has(words)]


def name_width(choices: Iterable[Choice]) -> int:
    """The cells for the names of these choices."""
    widest = max((cell_width(choice.name) for choice in choices), default=0)
    return max(_LEAST_NAME, min(widest, _MOST_NAME))


def choice_line(choice: Choice, names: int, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`   ● accuracy      best first            12`: a name longer than `names` cells takes what it needs."""
    mark = Span(f" {glyphs.mark} ", Tone.ACCENT) if choice.is_on else Span("   ")
    name = padded(choice.name, names)
    room = max(1, width - cell_width(choice.amount) - 2)
    start = fitted(line(" ", mark, bright(name) if choice.is_on else Span(name), "  ", dim(choice.said)), room)
    return fitted((*start, Span(" "), dim(choice.amount), Span(" ")), width)


def section_line(section: str, glyphs: Glyphs = UNICODE) -> Line:
    """The heading over choices of one kind."""
    return line(dim(f" {section} {glyphs.rule * 2}"))
