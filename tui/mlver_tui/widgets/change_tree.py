"""A change tree with its cursor, its folds, and what stands under it."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Vertical

from mlver_tui.view_models.change_lines import left_out_lines
from mlver_tui.view_models.change_rows import ChangeRow, ChangeRows, RowKey, Shown, TreeOutline, places_found
from mlver_tui.view_models.found import Found, next_found
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line
from mlver_tui.widgets.line_view import LineView
from mlver_tui.widgets.rows import Rows
from mlver_tui.widgets.virtual_list import VirtualList


class DrawnTree(Struct, frozen=True, kw_only=True):
    """One of the trees that the pane can show, and how."""

    name: Hashable
    """Its folds and its cursor are remembered under this name."""
    outline: TreeOutline
    draw: Callable[[ChangeRows], RowDrawing]
    everything: bool = False
    is_flat: bool = False
    starts_folded: bool = False
    """Every branch is one line until somebody asks for what is below it."""
    counts_left_out: bool = True
    """Under it stands what is not shown."""


class RowDrawing(Struct, frozen=True):
    """How the rows of a tree look: a head, if it has one, and a line each."""

    line: Callable[[ChangeRow, int], Line]
    head: Callable[[int], Line] | None = None
    is_heading: Callable[[ChangeRow], bool] | None = None
    """Whether no cursor stops at a row; none: it stops at all."""


class _DrawnRows(Rows):
    """Rows that are made when they are drawn."""

    def __init__(self, rows: ChangeRows, drawing: RowDrawing) -> None:
        self.rows = rows
        self._drawing = drawing

    def __len__(self) -> int:
        return len(self.rows)

    def head(self, width: int) -> Line | None:
        return self._drawing.head(width) if self._drawing.head else None

    def key_at(self, index: int) -> RowKey:
        return self.rows.key_at(index)

    def index_of(self, key: Hashable) -> int | None:
        return self.rows.index_of(key) if isinstance(key, int) else None

    def is_heading(self, index: int) -> bool:
        return self._drawing.is_heading is not None and self._drawing.is_heading(self.rows[index])

    def line_at(self, index: int, width: int, *, is_marked: bool) -> Line:  # noqa: ARG002 - no row is marked here
        return self._drawing.line(self.rows[index], width)


class ChangeTree(Vertical):
    """One tree at a time; each keeps its folds and its cursor while another is shown."""

    def __init__(self, *, glyphs: Glyphs, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._shown: DrawnTree | None = None
        self._rows: ChangeRows | None = None
        self._folded: dict[Hashable, frozenset[RowKey]] = {}
        self._cursors: dict[Hashable, RowKey] = {}

    def compose(self) -> ComposeResult:
        yield VirtualList(glyphs=self._glyphs, id=f"{self.id}-rows")
        yield LineView(glyphs=self._glyphs, classes="left-out")
        yield LineView(glyphs=self._glyphs, classes="foot")

    # What it shows.

    @property
    def body(self) -> VirtualList:
        """The rows, to be focused and moved."""
        return self.query_one(VirtualList)

    @property
    def foot(self) -> LineView:
        """What stands under the rows about the one under the cursor."""
        return self.query_one(".foot", LineView)

    @property
    def row(self) -> ChangeRow | None:
        """The row under the cursor; None: there is none."""
        return self._rows[self.body.cursor] if self._rows else None

    def show(self, tree: DrawnTree, *, key: str) -> None:
        """Show a tree where it was left; `key` is the one that shows what is left out."""
        if self._shown is not None and self._shown.name == tree.name:
            self.remember_place()
        else:
            self.body.go_to_beginning()
        self._shown = tree
        self._rows = rows = ChangeRows(tree.outline, self._wanted(tree))
        self.body.show(_DrawnRows(rows, tree.draw(rows)), key=self._cursors.get(tree.name, -1))
        self._show_left_out(tree, rows, key)

    def _wanted(self, tree: DrawnTree) -> Shown:
        return Shown(everything=tree.everything, folded=self._folds(tree), is_flat=tree.is_flat)

    def _show_left_out(self, tree: DrawnTree, rows: ChangeRows, key: str) -> None:
        def made(width: int) -> list[Line]:
            return left_out_lines(rows, width, everything=tree.everything, glyphs=self._glyphs, key=key)

        left_out = self.query_one(".left-out", LineView)
        count = len(made(self.app.size.width)) if tree.counts_left_out else 0
        left_out.styles.height = count
        left_out.display = bool(count)
        left_out.show(made)

    def remember_place(self) -> None:
        """Asked when it is needed: the list's own word that its cursor moved comes later than the next key."""
        if self._shown is not None and self._rows:
            self._cursors[self._shown.name] = self._rows.key_at(self.body.cursor)

    def forget_place(self, name: Hashable) -> None:
        """That tree is shown from its first row."""
        self._cursors.pop(name, None)

    # Fold.

    def _folds(self, tree: DrawnTree) -> frozenset[RowKey]:
        return self._folded.get(tree.name, tree.outline.branches if tree.starts_folded else frozenset())

    def _fold_to(self, keys: frozenset[RowKey]) -> None:
        if (tree := self._shown) is None:
            return
        self.remember_place()
        self._folded[tree.name] = keys
        self._rows = rows = ChangeRows(tree.outline, self._wanted(tree))
        self.body.show(_DrawnRows(rows, tree.draw(rows)), key=self._seen(self._cursors.get(tree.name, -1)))

    def _seen(self, key: RowKey) -> RowKey:
        """The row itself, else the nearest branch above it that is not hidden."""
        outline, rows = self._shown and self._shown.outline, self._rows
        while outline and rows is not None and key >= 0 and rows.index_of(key) is None:
            key = outline.parents[key]
        return key

    def fold(self) -> None:
        """Fold the branch under the cursor, or go to the one it stands in."""
        row, tree = self.row, self._shown
        if row is None or tree is None:
            return
        if row.is_open:
            self._fold_to(self._folds(tree) | {row.key})
        elif self._rows and (above := self._rows.index_of(tree.outline.parents[row.key])) is not None:
            self.body.move_to(above)

    def unfold(self) -> None:
        """Unfold the branch under the cursor."""
        if self._shown and (row := self.row):
            self._fold_to(self._folds(self._shown) - {row.key})

    def fold_all(self) -> None:
        """Fold every branch."""
        if self._shown:
            self._fold_to(self._shown.outline.branches)

    def unfold_all(self) -> None:
        """Unfold every branch."""
        self._fold_to(frozenset())

    # Go.

    def go_to_change(self, step: int) -> bool:
        """To the next change, the one before with step -1; whether there is one on that side."""
        rows, cursor = self._rows, self.body.cursor
        if rows is None:
            return False
        ahead = range(cursor + 1, len(rows)) if step > 0 else range(cursor - 1, -1, -1)
        found = next((index for index in ahead if rows.is_change(index)), None)
        if found is not None:
            self.body.move_to(found)
        return found is not None

    def go_to_end_change(self, step: int) -> None:
        """To the first change of all, to the last one with step -1."""
        rows = self._rows or ()
        places = range(len(rows)) if step > 0 else range(len(rows) - 1, -1, -1)
        found = next((index for index in places if self._rows and self._rows.is_change(index)), None)
        if found is not None:
            self.body.move_to(found)

    def go_to_match(self, words: str, step: int, *, may_stay: bool = False) -> Found | None:
        """To the next row whose name has these words, around the ends, unfolding what hides it; None: there is none.

        `may_stay`: the one under the cursor counts, too.
        """
        if (tree := self._shown) is None:
            return None
        here = row.key if (row := self.row) else -1
        found = next_found(list(places_found(tree.outline, words, self._wanted(tree))), here, step, may_stay=may_stay)
        if found and found.place != here:
            self.go_to(found.place)
        return found

    def go_to(self, key: RowKey) -> None:
        """To a node, unfolding what hides it."""
        if (tree := self._shown) is None or self._rows is None:
            return
        if self._rows.index_of(key) is None:
            self._fold_to(self._folds(tree) - tree.outline.above(key))
        if (index := self._rows.index_of(key)) is not None:
            self.body.move_to(index)
