"""What stands in a pane while its content is being made: nothing, then a still text, then how far it is."""

from __future__ import annotations

from mlver.progress import Progress
from mlver_tui.view_models.chrome import waiting_line
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import EMPTY, Line, bright, dim, line

QUIET_S, SECOND = 0.15, 1.0
"""Until the first nothing is said, from the second on how far it is."""


def waiting_lines(
    doing: str, waited_s: float, progress: Progress | None, stop_key: str, glyphs: Glyphs = UNICODE
) -> list[Line]:
    """The lines after so many seconds."""
    if waited_s < QUIET_S:
        return []
    if waited_s < SECOND:
        return [EMPTY, waiting_line(doing, glyphs)]
    said = glyphs.remark(progress.doing) if progress else doing
    percent = f"  {100 * progress.done // progress.total} %" if progress and progress.total else ""
    return [
        EMPTY,
        line(" ", dim(f"{said} {glyphs.ellipsis}"), percent),
        EMPTY,
        line(" ", bright(stop_key), dim(" stops it")),
    ]


def stopped_lines(doing: str, retry_key: str) -> list[Line]:
    """What stands there when the user stopped it."""
    return [EMPTY, line(f" {doing}: stopped"), line(" ", bright(retry_key), dim(" tries again"))]
