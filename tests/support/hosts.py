"""An app around one widget, with the explorer's colours."""

from __future__ import annotations

from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

import mlver_tui
from mlver_tui.themes import DARK


class Host(App[None]):
    """Shows one widget."""

    CSS_PATH = Path(mlver_tui.__file__).parent / "app.tcss"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.animation_level = "none"
        self.register_theme(DARK)
        self.theme = DARK.name
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def lines_of(pilot: Pilot[None]) -> list[str]:
    """What stands on the screen, line by line, right ends stripped."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]
