"""A question before something that cannot be undone; the focus is on the harmless answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from mlver_tui.view_models.spans import Line, bright, dim, fitted, line
from mlver_tui.widgets.choice_bar import ChoiceBar
from mlver_tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp


class ConfirmScreen(ModalScreen[bool], inherit_bindings=False):
    """Gives True only when the answer was chosen with the arrow keys, or a click, and enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", show=False),
        Binding("ctrl+c", "dismiss(False)", show=False),
    ]

    def __init__(self, question: str, said: list[Line], *, yes: str, no: str) -> None:
        """`question` and the answers are ours; `said` may hold sanitised data."""
        super().__init__()
        self._question = question
        self._said = said
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        glyphs = cast("MlverApp", self.app).settings.glyphs
        with Vertical(id="dialog"):
            yield LineView(glyphs=glyphs, id="question")
            yield ChoiceBar((self._no, self._yes), glyphs=glyphs)
            yield LineView(glyphs=glyphs, id="dialog-foot", classes="bar")

    def on_mount(self) -> None:
        lines = [line(" ", bright(self._question)), *((dim(" "), *said) for said in self._said)]
        self.query_one("#question", LineView).show(lambda width: [fitted(one, width) for one in lines])
        self.query_one("#dialog").styles.height = len(lines) + 5
        foot = line(" ", dim("left right choose   enter does it   esc goes back"))
        self.query_one("#dialog-foot", LineView).show(lambda width: [fitted(foot, width)])
        self.query_one(ChoiceBar).focus()

    @on(ChoiceBar.Chosen)
    def _chosen(self, event: ChoiceBar.Chosen) -> None:
        self.dismiss(event.choice == self._yes)
