"""The pane about one version: a title with tabs, and what the tab says."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Vertical

from mlver.model.ledger import Ledger
from mlver_tui.messages import CoreFailed
from mlver_tui.view_models.chrome import PaneTitle, error_lines
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_counts, detail_lines
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.ledger_lines import events_for
from mlver_tui.view_models.tabs import tab_label
from mlver_tui.view_models.version_rows import shown_name
from mlver_tui.widgets.line_view import LinePane, LineView

_LIST_WIDTH, _LEAST_WIDTH, _USUAL_WIDTH, _MOST_WIDTH = 80, 36, 48, 60
_LINES = 8
"""Under the list: what the receipt needs in two columns."""


def lines_below(height: int) -> int:
    """The lines of the pane under the list on a screen so high: its title, and what the receipt needs."""
    return 1 + min(_LINES, max(3, (height - 6) // 2))


class VersionDetail(Vertical):
    """Shows a version on one of its tabs, or why it cannot."""

    def __init__(self, *, glyphs: Glyphs, tab: int = 0, retry: str = "R") -> None:
        """`tab` is the index of the one shown first (out of range: the first); `retry` the key that reads again."""
        super().__init__(id="detail")
        self._glyphs = glyphs
        self._retry = retry
        self._tab = list(DetailTab)[tab if tab < len(DetailTab) else 0]
        self._detail: Detail | None = None
        self._failure: CoreFailed | None = None
        self._ledger = Ledger()

    def compose(self) -> ComposeResult:
        yield LineView(glyphs=self._glyphs, id="detail-title", classes="bar")
        yield LinePane(glyphs=self._glyphs, id="detail-body")

    @property
    def body(self) -> LinePane:
        """What can be scrolled and focused."""
        return self.query_one("#detail-body", LinePane)

    @property
    def key(self) -> str | None:
        """The key of the version shown."""
        return self._detail.row.key if self._detail else None

    def take_share(self, width: int, height: int, *, beside: bool) -> None:
        """Take a part of the screen: beside the list, or under it."""
        if beside:
            # Metrics and files fit into the usual width; from there on it is the list whose reasons would be cut.
            wanted = max(_USUAL_WIDTH, min(width // 3, _MOST_WIDTH))
            self.styles.width = max(_LEAST_WIDTH, min(width - _LIST_WIDTH, wanted))
            self.styles.height = "1fr"
        else:
            self.styles.width = "1fr"
            self.styles.height = lines_below(height)

    @property
    def tab_index(self) -> int:
        """Which tab is shown."""
        return list(DetailTab).index(self._tab)

    def go_to_tab(self, index: int) -> None:
        """Show another tab; one that does not exist changes nothing."""
        if 0 <= index < len(DetailTab):
            self._tab = list(DetailTab)[index]
            self._show(keep_place=False)

    def take_ledger(self, ledger: Ledger) -> None:
        """From now on show this history of releases and stages."""
        self._ledger = ledger
        self._show(keep_place=True)

    def on_descendant_focus(self) -> None:
        self._show(keep_place=True)

    def on_descendant_blur(self) -> None:
        self._show(keep_place=True)

    def show(self, detail: Detail | None, failure: CoreFailed | None = None) -> None:
        """Show a version, or why it could not be read. The same version again keeps its place."""
        keep_place = detail is not None and detail.row.key == self.key
        self._detail, self._failure = detail, failure
        self._show(keep_place=keep_place)

    def _show(self, *, keep_place: bool) -> None:
        detail, failure, glyphs, tab = self._detail, self._failure, self._glyphs, self._tab
        title, body = self.query_one("#detail-title", LineView), self.body
        if detail is None:
            title.clear()
            body.clear()
            return
        detail = replace(detail, events=events_for(detail.row, self._ledger))
        labels = [tab_label(each.value, count) for each, count in detail_counts(detail).items()]
        said = PaneTitle(
            name=shown_name(detail.row, glyphs),
            labels=labels,
            active=self.tab_index,
            has_focus=body.has_focus,
            glyphs=glyphs,
        )
        title.show(lambda width: [said.line(width)])
        if failure:
            card = partial(error_lines, failure.doing, failure.error, glyphs=glyphs, retry=self._retry)
            body.show(card, keep_place=keep_place)
        else:
            body.show(
                # Asked when the lines are made: the pane is made larger and smaller without another `show`.
                lambda width: detail_lines(
                    detail, tab, width, is_whole=self.screen.has_class("zoomed"), pane=body.size.width
                ),
                keep_place=keep_place,
            )
