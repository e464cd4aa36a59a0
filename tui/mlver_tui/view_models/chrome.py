"""The lines around the panes: footer, pane titles, error cards, progress."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from msgspec import Struct

from mlver.errors import MlverError
from mlver.progress import Progress
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.tabs import tab_line

MOST_HINTS = 7

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class Hint(Struct, frozen=True):
    """A key and what it does."""

    key: str
    label: str
    does: str = ""
    """The id of the action: a click does it."""


def footer_line(hints: Sequence[Hint], more: int, width: int, help_key: str = "?") -> Line:
    """Up to seven hints, those that fit, and in the last cells how many keys there are beside them."""
    shown = list(hints[:MOST_HINTS])
    left_out = more + len(hints) - len(shown)
    while True:
        end = line(bright(help_key, "help"), dim(f" +{left_out} " if left_out else " keys ", "help"))
        start: Line = (Span(" "),)
        for hint in shown:
            start += (bright(hint.key, hint.does), dim(f" {hint.label}", hint.does), Span("  "))
        if not shown or width_of(start) + width_of(end) <= width:
            return (*fitted(start, max(0, width - width_of(end))), *fitted(end, min(width, width_of(end))))
        shown.pop()
        left_out += 1


class PaneTitle(Struct, frozen=True, kw_only=True):
    """The line over a pane: its name and its tabs."""

    name: str
    labels: Sequence[str]
    active: int
    has_focus: bool = False
    """The keys move this pane: its rule has the cursor's sign and colour."""
    glyphs: Glyphs = UNICODE

    def line(self, width: int) -> Line:
        """`─ v1.4.0 ─ ‹Receipt›  Params 7  Metrics 5 ────────`; with the focus `▸ v1.4.0 ─ ...`."""
        rule, tone = self.glyphs.rule, Tone.ACCENT if self.has_focus else Tone.DIM
        first = self.glyphs.cursor if self.has_focus else rule
        start = line(Span(f"{first} ", tone))
        if self.name:
            start += (bright(self.name), Span(f" {rule} ", tone))
        tabs = tab_line(self.labels, self.active, max(1, width - width_of(start) - 2), self.glyphs)
        rest = max(0, width - width_of(start) - width_of(tabs) - 1)
        return fitted((*start, *tabs, Span(" "), Span(rule * rest, tone)), width)


def rule_line(name: str, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`─ optimiser.lr ─────────`."""
    start = line(dim(f"{glyphs.rule} "), bright(name), " ") if name else EMPTY
    return fitted((*start, dim(glyphs.rule * max(0, width - width_of(start)))), width)


def scroll_title(name: str, above: int, below: int, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`─ replay v1.4.0 ───────── 3 above, 7 more below: j k ─`: a rule that says what is out of sight."""
    parts = [f"{above} above"] if above else []
    parts += [f"{below} more below"] if below else []
    if not parts:
        return rule_line(name, width, glyphs)
    end = line(Span(f" {', '.join(parts)}: ", Tone.ACCENT), bright("j k"), dim(f" {glyphs.rule}"))
    return (*rule_line(name, max(1, width - width_of(end)), glyphs), *end)


def error_lines(doing: str, error: MlverError, width: int, glyphs: Glyphs = UNICODE, retry: str = "R") -> list[Line]:
    """A card in the pane that failed: what, why, what to do, the key to retry."""
    room = max(10, width - 4)
    lines = [EMPTY, line(Span(f" {glyphs.broken} ", Tone.WARNING), bright(f"cannot {doing}"))]
    lines += [line("   ", Span(part)) for part in wrap(glyphs.data(error.message), room)]
    lines += [line("   ", dim(part)) for part in wrap(glyphs.data(error.hint), room)]
    return [*lines, EMPTY, line("   ", bright(retry), dim(" tries again"))]


def recording_line(progress: Progress, glyphs: Glyphs = UNICODE) -> Line:
    """`▶ recording 5 of 16`: how far what is recorded beside the app is."""
    counted = f"recording {progress.done} of {progress.total}" if progress.total else glyphs.data(progress.doing)
    return line(Span(f" {glyphs.running} ", Tone.ACCENT), counted)


def problems_line(problems: Sequence[str], key: str, glyphs: Glyphs = UNICODE) -> Line:
    """`! 2 problems (@)`: how much was left out of the list, and the key that tells what; nothing where nothing was."""
    if not problems:
        return EMPTY
    counted = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    return line(Span(f" {glyphs.warning} {counted}", Tone.WARNING), dim(f" ({key})"))


def waiting_line(doing: str, glyphs: Glyphs = UNICODE) -> Line:
    """A still text for what takes a moment."""
    return line(" ", dim(f"{doing} {glyphs.ellipsis}"))


def too_small_text(width: int, height: int) -> str:
    """What a terminal that is too small shows."""
    return f"{width}x{height} is too small: mlver needs {LEAST_WIDTH}x{LEAST_HEIGHT}"
