"""Two tables: columns that came and went, rows by key where they have one, cells that changed and by how much.

A key is a column that is called one and has no value twice, else the first columns that together have none twice; rows
of tables without a key are counted by their content. Cells are equal when their values are, null equals null, NaN
equals NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeAlias, cast

from msgspec import Struct
from msgspec.structs import replace

from mlver.comparing.movement_wording import share
from mlver.comparing.wording import amount, grouped
from mlver.model.change import Change, Kind, branch

if TYPE_CHECKING:
    import polars as pl

    Frame: TypeAlias = pl.DataFrame

Check: TypeAlias = Callable[[], None]

SHOWN_ROWS = 100
"""Rows of each kind that become nodes; counted they all are."""

STEPS = 3
"""How often `check` is called, beside once for each column."""
_KEY_NAMES = ("id", "key", "uuid", "row", "index", "row_id", "name", "path", "file", "image", "sample", "example")
_MOST_KEY_COLUMNS = 3
_OTHER = "__of_the_other_side"
_PLACE, _PLACE_AFTER = "__place", "__place_after"
_COUNT = "__count"
_SHOWN_CELLS = 6
_SIGNS = "+−~"


class TablesCompared(Struct, frozen=True):
    """What was found, as nodes for a tree."""

    columns: Change
    rows: Change
    cells: Change
    note: str
    details: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the tables hold the same, in the same order."""
        return all(node.kind is Kind.SAME for node in (self.columns, self.rows, self.cells))


def _go_on() -> None:
    """Nobody stops it."""


def compare_tables(before: Frame, after: Frame, check: Check = _go_on) -> TablesCompared:
    """What differs between two tables.

    `check` is called between columns; what it raises ends the work.
    """
    check()
    columns = _columns(before, after)
    tables = _renamed(before, after)
    before, after = tables.before, tables.after
    shared = [name for name in after.columns if name in before.columns]
    key = _key(tables, shared)
    if not shared:
        return _told(columns, _rows(before.height, after.height, 0, ()), branch("cells", ()), (before, after))
    if not key:
        rows = _by_content(before.select(shared), after.select(shared))
        return _told(columns, rows, branch("cells", ()), (before, after))
    check()
    return _by_key(columns, tables, key, check)


class _Tables(Struct, frozen=True):
    """Both, their columns under names that polars takes for nothing else, as it does `*` and `^x.*$`."""

    before: Frame
    after: Frame
    called: dict[str, str]
    """Name -> what the files call the column."""


def _renamed(before: Frame, after: Frame) -> _Tables:
    names = {called: f"c{place}" for place, called in enumerate(dict.fromkeys((*before.columns, *after.columns)))}
    sides = [side.clone() for side in (before, after)]
    for side in sides:
        side.columns = [names[called] for called in side.columns]
    return _Tables(sides[0], sides[1], {name: called for called, name in names.items()})


def _told(columns: Change, rows: Change, cells: Change, tables: tuple[Frame, Frame], key: str = "") -> TablesCompared:
    before, after = tables
    notes = []
    if columns.kind is not Kind.SAME:
        notes.append(amount(columns.count().total, "column"))
    if rows.note:
        notes.append(f"rows {rows.note}" if rows.note[0] in _SIGNS else rows.note)
    size = f"{grouped(before.height)} → {amount(after.height, 'row')}"
    size = amount(after.height, "row") if before.height == after.height else size
    by = f"rows by {key}" if key else "no key: rows by their content"
    return TablesCompared(columns, rows, cells, ", ".join(notes), (size, by))


def _columns(before: Frame, after: Frame) -> Change:
    nodes = []
    for name in dict.fromkeys((*after.columns, *before.columns)):
        ours, theirs = before.schema.get(name), after.schema.get(name)
        if ours is None or theirs is None:
            kind, note = (Kind.ADDED, "new") if ours is None else (Kind.REMOVED, "gone")
            nodes.append(Change(label=name, kind=kind, note=note))
        else:
            is_same = ours == theirs
            note = "" if is_same else f"{ours} → {theirs}"
            nodes.append(Change(label=name, kind=Kind.SAME if is_same else Kind.CHANGED, note=note))
    order = [name for name in before.columns if name in after.columns]
    if all(node.kind is Kind.SAME for node in nodes) and order != after.columns:
        nodes.append(Change(label="order", kind=Kind.CHANGED, note="columns stand in another order"))
    return branch("columns", tuple(nodes))


def is_called_key(name: str) -> bool:
    """Whether a column is called what keys are called."""
    return name.lower() in _KEY_NAMES or name.lower().endswith("_id")


def _key(tables: _Tables, shared: Sequence[str]) -> list[str]:
    """The columns that name a row on both sides; none: there are no such."""
    before, after = tables.before, tables.after
    called = [name for name in shared if is_called_key(tables.called[name])]
    candidates = [[name] for name in called]
    plain = [name for name in shared if not (before[name].dtype.is_float() or after[name].dtype.is_float())]
    candidates += [
        plain[:count] for count in range(1, min(_MOST_KEY_COLUMNS, len(plain)) + 1) if plain[:1] == list(shared)[:1]
    ]
    for names in candidates:
        if all(before[name].dtype == after[name].dtype for name in names) and all(
            _names_rows(side, names) for side in (before, after)
        ):
            return names
    return []


def _names_rows(table: Frame, names: list[str]) -> bool:
    part = table.select(names)
    if part.null_count().sum_horizontal().item():
        return False
    is_one = len(names) == 1
    return bool((part.to_series().n_unique() if is_one else part.n_unique()) == table.height)


def _by_key(columns: Change, tables: _Tables, key: list[str], check: Check) -> TablesCompared:
    before, after, called = tables.before, tables.after, tables.called
    others = [name for name in after.columns if name in before.columns and name not in key]
    both = _paired(before, after, key, others)
    added = after.join(before, on=key, how="anti").head(SHOWN_ROWS) if both.height < after.height else after.head(0)
    removed = before.join(after, on=key, how="anti").head(SHOWN_ROWS) if both.height < before.height else before.head(0)
    check()
    held = [name for name in others if _can_be_held(both, name)]
    changed = both.filter(_differing(both, held)) if held else both.head(0)
    is_reordered = _PLACE in both.columns and not both[_PLACE].is_sorted()
    nodes = (
        *(Change(label=_named(row, key), kind=Kind.ADDED, note="new") for row in added.iter_rows(named=True)),
        *(Change(label=_named(row, key), kind=Kind.REMOVED, note="gone") for row in removed.iter_rows(named=True)),
        *(
            _row(row, key, {name: called[name] for name in held})
            for row in changed.head(SHOWN_ROWS).iter_rows(named=True)
        ),
    )
    rows = _rows(before.height - both.height, after.height - both.height, changed.height, nodes)
    if rows.kind is Kind.SAME and is_reordered:
        rows = Change(label="rows", kind=Kind.CHANGED, note="the same rows in another order")
    cells = []
    for name in held:
        check()
        cells.append(replace(_column_cells(both, changed, name), label=called[name]))
    by = " and ".join(called[name] for name in key)
    return _told(columns, rows, branch("cells", tuple(cells)), (before, after), by)


def _paired(before: Frame, after: Frame, key: list[str], others: list[str]) -> Frame:
    """The rows that both have, the cells of `before` under other names, and its rows' places where they may differ."""
    import polars as pl

    renamed = before.select([*key, *(pl.col(name).alias(name + _OTHER) for name in others)])
    if before.select(key).equals(after.select(key)):
        return pl.concat([after.select([*key, *others]), renamed.drop(key)], how="horizontal")
    # Keys alone are joined: a join of all columns copies both tables.
    places = (
        after.select(key)
        .with_row_index(_PLACE_AFTER)
        .join(before.select(key).with_row_index(_PLACE), on=key, how="inner", validate="1:1", maintain_order="left")
    )
    found = after.select([*key, *others])
    found = found if places.height == after.height else found[places[_PLACE_AFTER]]
    return pl.concat([found, renamed.drop(key)[places[_PLACE]], places.select(_PLACE)], how="horizontal")


def _differing(both: Frame, names: Sequence[str]) -> pl.Series:
    """Which rows differ in one of these columns.

    Column by column: polars takes several times the table's memory to say it of all of them at once.
    """
    return reduce(or_, (both[name].ne_missing(both[name + _OTHER]) for name in names))


def _can_be_held(both: Frame, name: str) -> bool:
    """Whether a column has one type on both sides; another type is told among the columns."""
    return bool(both[name].dtype == both[name + _OTHER].dtype)


def _rows(removed: int, added: int, changed: int, nodes: tuple[Change, ...]) -> Change:
    said = [f"+{grouped(added)}" if added else "", f"−{grouped(removed)}" if removed else ""]
    said.append(f"~{grouped(changed)}" if changed else "")
    note = " ".join(filter(None, said))
    kind = Kind.CHANGED if note else Kind.SAME
    details = (f"the first {SHOWN_ROWS} of each kind are listed",) if max(removed, added, changed) > SHOWN_ROWS else ()
    return Change(label="rows", kind=kind, children=nodes, note=note, details=details)


def _named(row: dict[str, object], key: list[str]) -> str:
    return " ".join(str(row[name]) for name in key)


def _row(row: dict[str, object], key: list[str], called: Mapping[str, str]) -> Change:
    changed = [name for name in called if _differs(row[name + _OTHER], row[name])]
    said = [" ".join((called[name], str(row[name + _OTHER]), "→", str(row[name]))) for name in changed[:_SHOWN_CELLS]]
    more = len(changed) - len(said)
    note = ", ".join((*said, f"+{more} more") if more > 0 else said)
    return Change(label=_named(row, key), kind=Kind.CHANGED, note=note)


def _differs(before: object, after: object) -> bool:
    return before != after and not (before != before and after != after)  # noqa: PLR0124 - NaN


def _column_cells(both: Frame, changed: Frame, name: str) -> Change:
    """`3 of 1 437 cells, max |d| 0.3, mean 0.52 → 0.55`."""
    import polars as pl

    moved = changed.filter(~pl.col(name).eq_missing(pl.col(name + _OTHER)))
    if not moved.height:
        return Change(label=name, kind=Kind.SAME)
    notes = [f"{share(moved.height, both.height)} cells"]
    ours, theirs = (_numbers(both[column]) for column in (name + _OTHER, name))
    if ours is not None and theirs is not None:
        largest = cast("float | None", (theirs - ours).abs().max())
        if largest is not None:  # else no row has a number on both sides
            notes.append(f"max |d| {largest:.3g}")
        notes.append(f"mean {cast('float', ours.mean()):.4g} → {cast('float', theirs.mean()):.4g}")
    return Change(label=name, kind=Kind.CHANGED, note=", ".join(notes))


def _numbers(column: pl.Series) -> pl.Series | None:
    """A column as numbers; texts where all of them are; None: they are none."""
    import polars as pl

    if column.dtype == pl.String:
        made = column.cast(pl.Float64, strict=False)
        return made if made.null_count() == column.null_count() and made.len() > made.null_count() else None
    is_number = column.dtype.is_numeric() and column.len() > column.null_count()
    return column.cast(pl.Float64) if is_number else None


def _by_content(before: Frame, after: Frame) -> Change:
    """Rows without a key: how many of each content came and went."""
    import polars as pl

    names = after.columns
    if before.schema != after.schema:
        before, after = (side.select(pl.all().cast(pl.String)) for side in (before.select(names), after))
    before, after = _without_equal_places(before.select(names), after)
    if not before.height and not after.height:
        return Change(label="rows", kind=Kind.SAME)
    counts = [side.group_by(names).len(_COUNT) for side in (before, after)]
    held = counts[1].join(
        counts[0], on=names, how="full", suffix=_OTHER, nulls_equal=True, coalesce=True, maintain_order="left_right"
    )
    delta = held.select(
        pl.col(_COUNT).fill_null(0).cast(pl.Int64) - pl.col(_COUNT + _OTHER).fill_null(0).cast(pl.Int64)
    ).to_series()
    added, removed = int(delta.clip(0).sum()), int(-delta.clip(None, 0).sum())
    if added or removed:
        return _rows(removed, added, 0, ())
    return Change(label="rows", kind=Kind.CHANGED, note="the same rows in another order")


def _without_equal_places(before: Frame, after: Frame) -> tuple[Frame, Frame]:
    """Both without the rows that are the same at the same place: of most tables few are left to be counted."""
    import polars as pl

    shared = min(before.height, after.height)
    ours = before.head(shared).select(pl.all().name.suffix(_OTHER))
    both = pl.concat([after.head(shared), ours], how="horizontal")
    differs = _differing(both, after.columns)
    return (
        pl.concat([before.head(shared).filter(differs), before.slice(shared)]),
        pl.concat([after.head(shared).filter(differs), after.slice(shared)]),
    )
