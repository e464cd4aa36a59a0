"""The top line of a wide screen: there is room to say all that the list depends on."""

from __future__ import annotations

from mlver.model.version import VersionRow
from mlver_tui.view_models.browsing import Title
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, join, line, spread
from mlver_tui.view_models.text import cut
from mlver_tui.view_models.version_fields import called
from mlver_tui.view_models.version_rows import shown_name

_GAP = "   "
_LONGEST_WORDS = 40


def wide_title_line(title: Title, width: int, *, refs: int, base: VersionRow | None) -> Line:
    """`mlver   ~/proj/digits   main   refs 15      filter: none   sort: newest   Δ against: parent   12/15`."""
    glyphs, browsing = title.glyphs, title.browsing
    left = [line(bright("mlver")), line(glyphs.data(title.place)), line(glyphs.data(title.branch or ""))]
    left.append(line(dim(f"refs {refs}")) if refs else ())
    words = cut(glyphs.data(browsing.words), _LONGEST_WORDS)
    order = f"{glyphs.data(called(browsing.order))}{' reversed' if browsing.is_reversed else ''}"
    against = line(Span("A ", Tone.SIDE_A), bright(shown_name(base, glyphs))) if base else line("parent")
    right = [
        line(dim("filter: "), bright(words) if words else dim("none")),
        line(dim("sort: "), order),
        line(dim(f"{glyphs.delta} against: "), *against),
        line(bright(f"{title.shown}/{title.total}")),
    ]
    return spread((Span(" "), *join(left, _GAP)), (*join(right, _GAP), Span(" ")), width)
