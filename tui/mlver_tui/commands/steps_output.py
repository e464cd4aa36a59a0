"""Prints a run or a replay while it is under way, on the errors: the result alone goes to the output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlver.project import OutputArrived, Phase, StepFinished, StepStarted
from mlver_tui.commands.live_output import LiveOutput
from mlver_tui.view_models.numbers import duration
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line

if TYPE_CHECKING:
    from mlver.project import RunEvent
    from mlver_tui.commands.console import Console

_NOTE = "note: "


class StepsOutput:
    """Turns events into lines; to be called from one thread."""

    def __init__(self, console: Console, *, is_quiet: bool = False) -> None:
        """`is_quiet`: notes only."""
        self._console = console
        self._is_quiet = is_quiet
        self._output = LiveOutput(
            console.glyphs, at_terminal=console.errors_are_terminal, has_colours=console.errors_have_colours
        )

    def show(self, event: RunEvent) -> None:
        """Print what happened."""
        match event:
            case Phase(text):
                self._phase(text)
            case _ if self._is_quiet:
                return
            case StepStarted(name, index, count):
                self._line(
                    line(
                        Span(f"{self._console.glyphs.running} ", Tone.ACCENT),
                        bright(self._data(name)),
                        dim(f"  step {index + 1} of {count}"),
                    )
                )
            case OutputArrived(data):
                self._console.say_data(self._output.feed(data))
            case StepFinished():
                self._line(self._finished(event))
            case _:
                return

    def finish(self) -> None:
        """End the line that a step left open."""
        self._console.say_data(self._output.finish())

    def _phase(self, text: str) -> None:
        # Where nobody watches, only what must be known is worth a line.
        if text.startswith(_NOTE):
            self._line(line(Span("! ", Tone.WARNING), self._data(text.removeprefix(_NOTE))))
        elif self._console.errors_are_terminal and not self._is_quiet:
            self._line(line(dim(f"{self._console.glyphs.dot} {self._data(text)}")))

    def _finished(self, event: StepFinished) -> Line:
        glyphs = self._console.glyphs
        took = dim(f"  {duration(event.wall_s)}")
        if event.exit == 0:
            return line(Span(f"{glyphs.tick} ", Tone.BETTER), self._data(event.name), took)
        ended = "not started" if event.exit is None else _exit_words(event.exit)
        return line(Span(f"{glyphs.broken} ", Tone.WORSE), self._data(event.name), Span(f"  {ended}", Tone.WORSE), took)

    def _line(self, text: Line) -> None:
        self.finish()
        self._console.say(text)

    def _data(self, text: str) -> str:
        return self._console.glyphs.data(text)


def _exit_words(code: int) -> str:
    return f"exit {code}" if code > 0 else f"ended by signal {-code}"
