"""What of a listing is shown: one model, some words, an order; and what `d` would compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from mlver.model.version import Listing, VersionRow
from mlver_tui.kept_state import KeptState
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.ordering import ordered
from mlver_tui.view_models.spans import EMPTY, Line, Span, bright, dim, join, line, spread, width_of
from mlver_tui.view_models.text import cell_width
from mlver_tui.view_models.version_columns import USUAL, is_column, with_order
from mlver_tui.view_models.version_fields import NAME, NEWEST, Values, called, params_of
from mlver_tui.view_models.version_rows import shown_name


class Browsing(Struct, frozen=True, kw_only=True):
    """What the user chose to see."""

    model: str | None = None
    """None: every model."""
    words: str = ""
    """The filter as typed."""
    order: str = NEWEST
    """What the list is sorted by, as `version_fields` names it."""
    is_reversed: bool = False
    columns: tuple[str, ...] = USUAL
    """Those on the right of WHY."""

    @property
    def is_grouped(self) -> bool:
        """Each model stands under a heading."""
        return self.model is None

    def shown_columns(self, rows: Iterable[VersionRow]) -> tuple[str, ...]:
        """The columns, with what the list of these rows is sorted by."""
        return with_order(self.columns, self.order, rows)

    @property
    def params(self) -> frozenset[str]:
        """The params that are sorted by or shown."""
        return params_of((self.order, *self.columns))

    def groups_of(self, passing: Iterable[VersionRow], values: Values | None = None) -> dict[str, list[VersionRow]]:
        """The rows to show of those that pass the filter, per model in their order; the largest model first."""
        groups: dict[str, list[VersionRow]] = {}
        for row in passing:
            if self.model is None or row.model == self.model:
                groups.setdefault(row.model, []).append(row)
        return {
            model: ordered(rows, self.order, is_reversed=self.is_reversed, values=values)
            for model, rows in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        }


def models_of(listing: Listing) -> dict[str, int]:
    """How many versions each model has, the largest first."""
    counts: dict[str, int] = dict(listing.counts or {})
    for row in () if counts else listing.rows:
        counts[row.model] = counts.get(row.model, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def count_shown(browsing: Browsing, listing: Listing, rows: int) -> int:
    """How many versions the list has; `rows` of them are here when only the newest were read yet."""
    if listing.counts is None or browsing.words:
        return rows
    return sum(count for model, count in models_of(listing).items() if browsing.model in {None, model})


class Pair(Struct, frozen=True, kw_only=True):
    """What would be compared."""

    before: VersionRow
    after: VersionRow
    why: str = ""
    """`1 marked: v1.1.0`."""


class Several(Struct, frozen=True, kw_only=True):
    """What would stand side by side."""

    rows: tuple[VersionRow, ...]
    """The base first, the others from the oldest on."""
    why: str
    """`3 marked`."""


Wanted: TypeAlias = Pair | Several


class Picked(Struct, frozen=True, kw_only=True):
    """What the user has pointed at."""

    cursor: VersionRow | None
    marked: tuple[VersionRow, ...] = ()
    base: VersionRow | None = None


def pair_of(picked: Picked, find: Callable[[str], VersionRow | None]) -> Wanted | str:
    """What `d` compares, or why it cannot: the marks, one mark, the base or the parent with the cursor."""
    if len(picked.marked) > _PAIR:
        return _several(picked)
    pair = _marked_pair(picked) or _pair_with_cursor(picked, find)
    if isinstance(pair, str):
        return pair
    broken = [row for row in (pair.before, pair.after) if row.is_broken]
    return f"{shown_name(broken[0])} cannot be read" if broken else pair


def _several(picked: Picked) -> Several | str:
    """The marked ones, the base among them even when it is not marked; a broken one is a column of question marks."""
    base = [picked.base] if picked.base else []
    marked = sorted(picked.marked, key=lambda row: row.created or 0)
    rows = tuple({row.key: row for row in (*base, *marked)}.values())
    from mlver.model.matrix import MOST_VERSIONS  # when it is asked for: the first rows do not wait for matrices

    if len(rows) > MOST_VERSIONS:
        return f"{len(rows)} versions: at most {MOST_VERSIONS} stand side by side; clear some marks"
    return Several(rows=rows, why=f"{len(marked)} marked")


def _marked_pair(picked: Picked) -> Pair | None:
    if len(picked.marked) < _PAIR:
        return None
    before, after = sorted(picked.marked, key=lambda row: row.created or 0)
    return Pair(before=before, after=after, why="2 marked")


def _pair_with_cursor(picked: Picked, find: Callable[[str], VersionRow | None]) -> Pair | str:
    cursor = picked.cursor
    if cursor is None:
        return "no version here"
    mark = picked.marked[0] if picked.marked else None
    if mark and mark.key != cursor.key:
        before, after = sorted((mark, cursor), key=lambda row: row.created or 0)
        return Pair(before=before, after=after, why="1 marked")
    if picked.base and picked.base.key != cursor.key:
        return Pair(before=picked.base, after=cursor, why="base A")
    if picked.marked or picked.base:
        what = "marked version" if picked.marked else "base A"
        return f"this is the {what}: move to another to compare with it"
    parent = find(cursor.parent) if cursor.parent else None
    if parent is None:
        return "no parent here: mark a version to compare with"
    return Pair(before=parent, after=cursor, why="against its parent")


_PAIR = 2


def pair_line(pair: Wanted | str, glyphs: Glyphs = UNICODE, key: str = "d") -> Line:
    """The status line: what `key` would do now."""
    if isinstance(pair, str):
        return line(" ", dim(glyphs.data(pair)))
    if isinstance(pair, Several):
        base = bright(shown_name(pair.rows[0], glyphs))
        return line(f" {pair.why} {glyphs.dot} {key} shows {len(pair.rows)} side by side, against ", base)
    before, after = shown_name(pair.before, glyphs), shown_name(pair.after, glyphs)
    return line(f" {pair.why} {glyphs.dot} {key} compares ", bright(before), f" {glyphs.arrow} ", bright(after))


class Title(Struct, frozen=True, kw_only=True):
    """The top line of the version list."""

    models: dict[str, int]
    model: str | None
    place: str
    """`~/proj/digits`."""
    branch: str | None
    shown: int
    total: int
    browsing: Browsing
    glyphs: Glyphs = UNICODE

    def line(self, width: int) -> Line:
        """Models on the left, place and counts on the right, the order and the filter where they fit."""
        left = self._models()
        if width_of(left) > width * _MODELS_SHARE:
            left = self._counted_models()
        return spread(left, line(dim(self._right(width - width_of(left) - 2) + " ")), width)

    def _models(self) -> Line:
        parts = [
            (bright if name == self.model or self.model is None else dim)(f"{self.glyphs.data(name)} {count}")
            for name, count in self.models.items()
        ]
        return (Span(" "), *join([(part,) for part in parts], f" {self.glyphs.dot} "))

    def _counted_models(self) -> Line:
        """The one that is shown, and how many there are besides: experiments of a store can be hundreds."""
        if self.model is None:
            return line(" ", bright(f"all {len(self.models)} models"))
        shown = bright(f"{self.glyphs.data(self.model)} {self.models.get(self.model, 0)}")
        return line(" ", shown, dim(f" {self.glyphs.dot} +{len(self.models) - 1} models"))

    def _right(self, room: int) -> str:
        """As much as fits; the count last to go, before it what narrows or orders the list."""
        glyphs, browsing = self.glyphs, self.browsing
        count = f"{self.shown}/{self.total} versions"
        order = f"sort: {glyphs.data(called(browsing.order))}{' reversed' if browsing.is_reversed else ''}"
        words = f"filter: {glyphs.data(browsing.words)}" if browsing.words else ""
        is_usual = browsing.order == NEWEST and not browsing.is_reversed
        place, branch = glyphs.data(self.place), glyphs.data(self.branch or "")
        for parts in (
            (place, branch, order if not is_usual or room >= _ROOM_FOR_ORDER else "", words, count),
            (place, "" if is_usual else order, words, count),
            ("" if is_usual else order, words, count),
            (words, count),
        ):
            text = "  ".join(filter(None, parts))
            if cell_width(text) <= room:
                return text
        return count


def kept_of(browsing: Browsing, *, marks: Iterable[object], base: str | None, tab: int) -> KeptState:
    """What the next session starts with."""
    return KeptState(
        marks=tuple(map(str, marks)),
        base=base,
        order=browsing.order,
        is_reversed=browsing.is_reversed,
        columns=None if browsing.columns == USUAL else browsing.columns,
        tab=tab,
    )


def browsing_kept(state: KeptState) -> Browsing:
    """How the list was ordered in the last session, and its columns."""
    order = state.order if state.order in {NEWEST, NAME} or is_column(state.order) else NEWEST
    columns = USUAL if state.columns is None else tuple(filter(is_column, state.columns))
    return Browsing(order=order, is_reversed=state.is_reversed, columns=columns)


_ROOM_FOR_ORDER = 70
_MODELS_SHARE = 0.6
"""Of the top line; more models than that are counted."""


def nothing_lines(listing: Listing, words: str, place: str, glyphs: Glyphs = UNICODE) -> list[Line]:
    """What stands in the place of a list without rows: nothing matches, nothing was recorded, or it is being read."""
    if words:
        return [
            EMPTY, line(" no version passes ", bright(glyphs.data(words)), dim("   esc clears the filter")),
        ]  # fmt: skip
    if not listing.is_current:
        return [EMPTY, line(dim(f" reading versions {glyphs.ellipsis}"))]
    return [
        EMPTY,
        line(bright(f" No versions yet in {glyphs.data(place)}")),
        EMPTY,
        line(dim(" looked for in tags and branches: DVC files, configs, metrics; beside them")),
        line(dim(" mlflow.db and mlruns/ (docs/histories.md)")),
        EMPTY,
        line(dim(" record the first one:     "), "mlver init", dim("   writes mlver.yaml: name your steps in it")),
        line(dim("                           "), "mlver run ", dim("   runs them and records the version")),
        line(dim(" or look around in a demo: "), "mlver-tui --demo"),
    ]


def heading_said(model: str, rows: Sequence[VersionRow], glyphs: Glyphs = UNICODE) -> Line:
    """What stands over the versions of one model: its name, how many are shown, the metric that is theirs."""
    primaries = {row.primary for row in rows if row.primary}
    metric = f" {glyphs.dot} {glyphs.data(primaries.pop())}" if len(primaries) == 1 else ""
    return line(dim(f" {glyphs.rule} {glyphs.data(model)} {len(rows)}{metric} "))


def range_line(count: int, key: str, leave: str) -> Line:
    """The status line while a range is being made."""
    return line(bright(f" {amount(count, 'version')} in the range   "), dim(f"{key} marks them, {leave} leaves it"))


def marks_said(count: int) -> str:
    """`1 mark`, `12 marks`."""
    return amount(count, "mark")
