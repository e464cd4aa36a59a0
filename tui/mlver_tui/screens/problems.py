"""What was left out while the versions were listed, each problem whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, wrapped_spans
from mlver_tui.widgets.line_view import LinePane, LineView

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp

_PAGE = 10
_SIGN_CELLS = 3


class ProblemsScreen(ModalScreen[None], inherit_bindings=False):
    """Sentences to be read, and left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c,enter", "dismiss(None)", show=False),
        Binding("down,j", "scroll_lines(1)", show=False),
        Binding("up,k", "scroll_lines(-1)", show=False),
        Binding("pagedown,ctrl+d", f"scroll_lines({_PAGE})", show=False),
        Binding("pageup,ctrl+u", f"scroll_lines(-{_PAGE})", show=False),
    ]

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__()
        self._problems = tuple(problems)

    def compose(self) -> ComposeResult:
        glyphs = cast("MlverApp", self.app).settings.glyphs
        with Vertical(id="dialog"):
            yield LineView(glyphs=glyphs, id="dialog-title", classes="bar")
            yield LinePane(glyphs=glyphs, id="problems")
            yield LineView(glyphs=glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        pane = self.query_one("#problems", LinePane)
        title = line(" ", bright("left out of the list"))
        self.query_one("#dialog-title", LineView).show(lambda width: [fitted(title, width)])
        pane.show(lambda width: problem_lines(self._problems, width, pane.glyphs))
        foot = line(" ", bright("up down"), dim(" scroll   "), bright("esc"), dim(" closes"))
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
        pane.focus()

    def action_scroll_lines(self, lines: int) -> None:
        self.query_one("#problems", LinePane).page(lines)


def problem_lines(problems: Sequence[str], width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Every problem under its sign, wrapped."""
    lines: list[Line] = []
    for problem in problems:
        for index, part in enumerate(
            wrapped_spans((Span(glyphs.data(problem)),), max(_SIGN_CELLS, width - _SIGN_CELLS - 1))
        ):
            sign = " " * _SIGN_CELLS if index else f" {glyphs.warning} "
            lines.append(fitted((Span(sign, Tone.WARNING), *part), width))
    return lines
