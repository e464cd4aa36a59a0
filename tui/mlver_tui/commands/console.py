"""Prints lines: results to the output, everything else to the errors; colours and cutting only at a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

from mlver.progress import Progress, Report, silent
from mlver_tui.commands.settings import Settings
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, fitted, text_of

COLOURS = {
    Tone.DIM: "2",
    Tone.BRIGHT: "1",
    Tone.BETTER: "94",
    Tone.WORSE: "33",
    Tone.WARNING: "31",
    Tone.ADDED: "94",
    Tone.REMOVED: "33",
    Tone.SIDE_A: "32",
    Tone.SIDE_B: "35",
    Tone.SIDE_C: "33",
    Tone.SIDE_D: "94",
    Tone.SIDE_E: "36",
    Tone.SIDE_F: "31",
    Tone.SIDE_G: "37",
    Tone.SIDE_H: "90",
    Tone.KEYWORD: "35",
    Tone.LITERAL: "32",
    Tone.ACTIVE: "7",
    Tone.ACCENT: "36",
}
"""The sixteen colours that every terminal has, the hues of versions being those of their charts."""

_CLEAR_LINE = "\r\x1b[K"
_FIRST_PROGRESS_S, _NEXT_PROGRESS_S = 0.3, 0.1


class Console:
    """Where one call of the program writes."""

    def __init__(self, settings: Settings, *, wants_ascii: bool = False) -> None:
        self._settings = settings
        self.glyphs: Glyphs = ASCII if wants_ascii or settings.needs_ascii else UNICODE
        self.width: int | None = settings.width if settings.output_is_terminal else None
        """Cells of a line; None: not a terminal, and nothing is cut."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads the output as it comes."""
        return self._settings.output_is_terminal

    @property
    def errors_are_terminal(self) -> bool:
        """Whether a person reads the errors as they come."""
        return self._settings.errors_are_terminal

    @property
    def can_ask(self) -> bool:
        """Whether there is somebody to answer a question."""
        return self._settings.input_is_terminal and self._settings.errors_are_terminal

    @property
    def has_colours(self) -> bool:
        """Whether results are coloured."""
        return self.is_terminal and self._settings.has_colours

    @property
    def errors_have_colours(self) -> bool:
        """Whether what goes to the errors is coloured."""
        return self.errors_are_terminal and self._settings.has_colours

    def show(self, *lines: Line) -> None:
        """Write lines of the result."""
        for one in lines:
            kept = fitted(one, self.width) if self.width else one
            click.echo(self._drawn(kept, coloured=self.has_colours), color=True)

    def show_all(self, lines: Iterable[Line]) -> None:
        """Write many lines of the result, at once."""
        drawn = (
            self._drawn(fitted(one, self.width) if self.width else one, coloured=self.has_colours) for one in lines
        )
        text = "\n".join(drawn)
        if text:
            click.echo(text, color=True)

    def show_text(self, text: str) -> None:
        """Write a finished text: a JSON document, a table for another program."""
        click.echo(text, color=True, nl=not text.endswith("\n"))

    def show_bytes(self, content: bytes) -> None:
        """Write bytes as they are: for another program, never for a terminal."""
        click.echo(content, nl=False)

    def say(self, *lines: Line) -> None:
        """Write lines that are not the result."""
        for one in lines:
            click.echo(self._drawn(one, coloured=self.errors_have_colours), err=True, color=True)

    def say_data(self, text: str) -> None:
        """Write bytes of a step as they come; they were made safe before."""
        click.echo(text, err=True, nl=False, color=True)

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """How far long work is, on one line that goes away; only where a person sees it."""
        if not self.errors_are_terminal or self._settings.is_dumb:
            yield silent
            return
        shown = _ProgressLine(self)
        try:
            yield shown.report
        finally:
            shown.clear()

    def _drawn(self, spans: Line, *, coloured: bool) -> str:
        if not coloured:
            return self.glyphs.drawn(text_of(spans)).rstrip(" ")
        return "".join(self._coloured(span) for span in _without_end(spans))

    def _coloured(self, span: Span) -> str:
        text = self.glyphs.drawn(span.text)
        colour = COLOURS.get(span.tone)
        return f"\x1b[{colour}m{text}\x1b[0m" if colour and text.strip() else text


class _ProgressLine:
    """The line that says how far it is: not before it takes a while, not more often than eyes follow."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = monotonic() + _FIRST_PROGRESS_S
        self._is_shown = False

    def report(self, progress: Progress) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _NEXT_PROGRESS_S
        total = f" of {progress.total}" if progress.total is not None else ""
        counted = f"  {progress.done}{total}" if progress.done or total else ""
        self._console.say_data(f"{_CLEAR_LINE}{self._console.glyphs.data(progress.doing)}{counted}")
        self._is_shown = True

    def clear(self) -> None:
        if self._is_shown:
            self._console.say_data(_CLEAR_LINE)


_SPACES_AT_END = re.compile(r" +\Z")


def _without_end(spans: Line) -> Line:
    """The line without the spaces that fill it up: copied text should not have them."""
    kept = list(spans)
    while kept and kept[-1].tone is not Tone.ACTIVE:
        last = kept.pop()
        text = _SPACES_AT_END.sub("", last.text)
        if text:
            kept.append(Span(text, last.tone))
            break
    return tuple(kept)
