"""The signs of every screen, in Unicode and in ASCII, and data made showable with them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from mlver.model.change import Kind
from mlver.model.metric import Judgement
from mlver.model.version import Agreement
from mlver_tui.view_models.text import ELLIPSIS, ascii_only, sanitise

_PLAIN_SIGNS = str.maketrans(
    {"→": "->", "−": "-", "×": "x", "÷": "/", "·": ".", "…": "~", "“": "'", "”": "'", "≥": ">="}
)
"""What remarks of the core are written with, for terminals that cannot show it."""


class Glyphs(Struct, frozen=True, kw_only=True):
    """One set of signs."""

    is_ascii: bool = False
    minus: str = "−"
    thousands: str = "\u2009"
    ellipsis: str = "…"
    arrow: str = "→"
    delta: str = "Δ"
    times: str = "×"
    divided: str = "÷"
    dot: str = "·"
    star: str = "★"
    cursor: str = "▸"
    mark: str = "●"
    opened: str = "▾"
    closed: str = "▸"
    rule: str = "─"
    nested: str = "↳"
    """Before what was started inside the one above it."""
    bar_line: str = "│"
    at_most: str = "≤"
    stage: str = "◆"
    """A version that is deployed, in a trend."""
    point: str = "•"
    """A version in a scatter."""
    tick_line: str = "┤"
    corners: str = "╭╮╰╯"
    """Of a drawn line: top left, top right, bottom left, bottom right."""
    meetings: str = "├┤┼┬"
    """Where lanes meet: another comes from the right, from the left, from both sides; one begins between two."""
    bar: str = "█"
    active_left: str = "‹"
    active_right: str = "›"
    more_tabs: str = "»"
    tick: str = "✓"
    warning: str = "!"
    broken: str = "✗"
    incomplete: str = "…"
    running: str = "▶"
    never: str = "?"
    """No replay yet."""
    agreement: Mapping[Agreement, str] = field(
        default_factory=lambda: {
            Agreement.IDENTICAL: "≡",
            Agreement.CONTENT: "=",
            Agreement.WITHIN_TOLERANCE: "≈",
            Agreement.DIFFERENT: "≠",
            Agreement.FAILED: "✗",
            Agreement.NOT_COMPARABLE: "–",
        }
    )
    judgement: Mapping[Judgement, str] = field(
        default_factory=lambda: {
            Judgement.BETTER: "▲",
            Judgement.WORSE: "▼",
            Judgement.SAME: "=",
            Judgement.NO_GOAL: "·",
            Judgement.UNKNOWN: "?",
        }
    )
    kind: Mapping[Kind, str] = field(
        default_factory=lambda: {
            Kind.SAME: "=",
            Kind.CHANGED: "~",
            Kind.ADDED: "+",
            Kind.REMOVED: "−",
            Kind.MOVED: ">",
            Kind.UNKNOWN: "?",
        }
    )

    def data(self, text: str) -> str:
        """Text that came from a repository, safe to show with these signs."""
        shown = sanitise(text)
        return ascii_only(shown) if self.is_ascii else shown

    def remark(self, text: str) -> str:
        """A sentence of the core: its own signs become those of this set, what it quotes is made showable."""
        return self.data(text.translate(_PLAIN_SIGNS) if self.is_ascii else text)

    def drawn(self, text: str) -> str:
        """A finished piece of a line for the terminal: the sign of cut-off text is one this set has."""
        return text.replace(ELLIPSIS, self.ellipsis) if self.is_ascii else text


UNICODE = Glyphs()

ASCII = Glyphs(
    is_ascii=True,
    minus="-",
    thousands=" ",
    ellipsis="~",
    arrow="->",
    delta="d",
    times="x",
    divided="/",
    dot=".",
    star="*",
    cursor=">",
    mark="*",
    opened="v",
    closed=">",
    rule="-",
    nested="`",
    bar_line="|",
    at_most="<=",
    stage="@",
    point=".",
    tick_line="+",
    corners="..''",
    meetings="++++",
    bar="#",
    active_left="<",
    active_right=">",
    more_tabs=">>",
    tick="ok",
    broken="X",
    incomplete="~",
    running=">",
    agreement={
        Agreement.IDENTICAL: "I",
        Agreement.CONTENT: "C",
        Agreement.WITHIN_TOLERANCE: "T",
        Agreement.DIFFERENT: "D",
        Agreement.FAILED: "X",
        Agreement.NOT_COMPARABLE: "-",
    },
    judgement={
        Judgement.BETTER: "^",
        Judgement.WORSE: "v",
        Judgement.SAME: "=",
        Judgement.NO_GOAL: ".",
        Judgement.UNKNOWN: "?",
    },
    kind={
        Kind.SAME: "=",
        Kind.CHANGED: "~",
        Kind.ADDED: "+",
        Kind.REMOVED: "-",
        Kind.MOVED: ">",
        Kind.UNKNOWN: "?",
    },
)
"""For terminals and locales that cannot show the others."""
