"""Two tables of data as changes: columns and their types, missing values, duplicates, labels, drift."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from mlver.comparing.drift import CategoryDrift, Level, NumberDrift, category_drift, number_drift
from mlver.comparing.table_profile import MOST_CATEGORIES, MOST_COLUMNS, ColumnProfile, TableProfile
from mlver.comparing.table_survey import MOMENT, NUMBER, TEXT
from mlver.comparing.wording import amount, grouped, shortened, signed
from mlver.model.change import Change, Kind, branch

if TYPE_CHECKING:
    import polars as pl

    from mlver.comparing.drift import Numbers

SHOWN_LABELS = 100

_Drift: TypeAlias = NumberDrift | CategoryDrift
Check: TypeAlias = Callable[[], None]


def _go_on() -> None:
    """Nobody stops it."""


def compare_profiles(
    before: TableProfile, after: TableProfile, named: str | None = None, check: Check = _go_on
) -> tuple[Change, ...]:
    """What moved between two tables, as nodes; drift is told of every column that both have.

    Args:
        before: the reference.
        after: the other.
        named: the column that is learned, as the project names it; without it that is guessed by its name.
        check: called between columns; what it raises ends the work.
    """
    target = named or (after.target if after.target in before.flat else None)
    for side in (before, after):
        if target in side.flat:
            side.count_labels(target)
    nodes = [_columns(before, after), _missing(before, after), _dates(before, after), _duplicates(before, after)]
    shared = [name for name in after.flat if name in before.schema and name not in {*before.keys, *after.keys}]
    if target:
        nodes.append(_labels(target, before, after, "named in mlver.yaml" if named else "guessed by its name"))
    if before.rows and after.rows and shared:
        nodes.append(_drift(before, after, [name for name in shared if name != target], check))
    return tuple(nodes)


def _columns(before: TableProfile, after: TableProfile) -> Change:
    nodes = []
    for name in dict.fromkeys((*after.names, *before.names)):
        ours, theirs = before.columns.get(name), after.columns.get(name)
        if ours is None or theirs is None:
            kind, note = (Kind.ADDED, "new") if ours is None else (Kind.REMOVED, "gone")
            nodes.append(Change(label=name, kind=kind, note=note))
        elif ours.type == theirs.type:
            nodes.append(Change(label=name, kind=Kind.SAME, note=ours.type))
        else:
            nodes.append(Change(label=name, kind=Kind.CHANGED, note=f"{ours.type} → {theirs.type}"))
    width = (
        amount(after.width, "column")
        if before.width == after.width
        else f"{grouped(before.width)} → {amount(after.width, 'column')} ({signed(after.width - before.width)})"
    )
    cut = f", the first {grouped(MOST_COLUMNS)} are looked at" if max(before.width, after.width) > MOST_COLUMNS else ""
    return branch("columns", tuple(nodes), note=width + cut)


def _missing(before: TableProfile, after: TableProfile) -> Change:
    nodes = []
    for name in after.names:
        if name not in before.columns:
            continue
        ours, theirs = before.columns[name].missing, after.columns[name].missing
        if ours or theirs:
            shares = f"{_share(ours, before.rows)} → {_share(theirs, after.rows)} of rows"
            nodes.append(_counted(name, ours, theirs, shares))
    return branch(
        "missing", tuple(nodes), note=f"in {amount(len(nodes), 'column')}" if nodes else "no cell is empty in either"
    )


def _dates(before: TableProfile, after: TableProfile) -> Change:
    """From when to when the columns of dates go; a branch without children where there are none."""
    nodes = []
    for name in after.names:
        spans = [side.columns[name].span if name in side.columns else None for side in (before, after)]
        if any(spans):
            told = ["no date" if span is None else f"{span[0]} to {span[1]}" for span in spans]
            kind = Kind.SAME if told[0] == told[1] else Kind.CHANGED
            nodes.append(Change(label=name, kind=kind, before=told[0], after=told[1], note="first to last"))
    return branch("dates", tuple(nodes), note=f"in {amount(len(nodes), 'column')}" if nodes else "")


def _duplicates(before: TableProfile, after: TableProfile) -> Change:
    ours, theirs = before.duplicates, after.duplicates
    if ours is None or theirs is None:
        why = "not counted: too many rows, or columns of lists"
        return Change(label="duplicates", kind=Kind.UNKNOWN, note=why)
    keys = dict.fromkeys((*before.keys, *after.keys))
    note = f"rows equal to an earlier one, without {', '.join(keys)}" if keys else "rows equal to an earlier one"
    return _counted("duplicates", ours, theirs, note)


def _labels(target: str, before: TableProfile, after: TableProfile, why: str) -> Change:
    """How often each label occurs; which column holds them, and who says so, is said."""
    named = f"column {shortened(target)}, {why}"
    without = [name for name, side in (("A", before), ("B", after)) if target not in side.flat]
    if without:
        absent = f"not in {' and '.join(without)}, or no column of single values there"
        return Change(label="labels", kind=Kind.UNKNOWN, note=f"{named}: {absent}")
    ours, theirs = (side.counts_of(target) for side in (before, after))
    if ours is None or theirs is None:
        return _drift_node(target, _number(before, after, target), label="labels", aside=named)
    nodes = tuple(
        _counted(
            "missing" if name is None else name,
            ours.get(name, 0),
            theirs.get(name, 0),
            f"{_share(ours.get(name, 0), before.rows)} → {_share(theirs.get(name, 0), after.rows)}",
        )
        for name in sorted({**theirs, **ours}, key=lambda one: (one is None, one or ""))[:SHOWN_LABELS]
    )
    drift = category_drift(ours, theirs)
    told = f"{_drift_note(drift)}, {named}" if drift else named
    return branch("labels", nodes, note=told)


def _drift(before: TableProfile, after: TableProfile, names: Sequence[str], check: Check) -> Change:
    forms = {name: form for name in names if (form := _form(before.columns[name], after.columns[name]))}
    samples = [side.sample(forms) for side in (before, after)]
    found: dict[str, _Drift | None] = {}
    for name in names:
        check()
        form = forms.get(name)
        if form in {NUMBER, MOMENT}:
            ours, theirs = (_finite(side[name]) for side in samples)
            found[name] = number_drift(ours, theirs, len(names))
        elif form == TEXT:
            counts = [_categories(side[name]) for side in samples]
            found[name] = category_drift(counts[0], counts[1], len(names)) if counts[0] and counts[1] else None
    told = [name for name, drift in found.items() if drift is not None]
    told.sort(key=lambda name: _strength(found[name]), reverse=True)
    moved = sum(_level(found[name]) is not Level.NONE for name in told)
    notes = [f"{grouped(moved)} of {amount(len(told), 'column')} moved"]
    if len(told) < len(names):
        notes.append(f"{grouped(len(names) - len(told))} not compared")
    for word, side in (("A", before), ("B", after)):
        if side.sampled_rows < side.rows:
            notes.append(f"of about {grouped(side.sampled_rows)} rows drawn from {word}'s {grouped(side.rows)}")
    return branch("drift", tuple(_drift_node(name, found[name]) for name in told), note=", ".join(notes))


def _form(before: ColumnProfile, after: ColumnProfile) -> str | None:
    """As what a column is held against itself; None: as nothing."""
    if before.is_number and after.is_number:
        return NUMBER
    if before.span and after.span:
        return MOMENT
    return TEXT if {before.type, after.type} <= _CATEGORIES else None


_CATEGORIES = {"text", "true/false", "integer", "number", "date", "date and time", "empty"}
"""Types whose values may be counted one by one, where not both sides are numbers."""


def _finite(column: pl.Series) -> Numbers:
    import numpy as np

    values: Numbers = column.drop_nulls().to_numpy()
    return values[np.isfinite(values)]


def _categories(column: pl.Series) -> Mapping[str | None, int] | None:
    """Rows by value; None: there are too many values to be categories."""
    counts = column.value_counts()
    return dict(counts.iter_rows()) if counts.height <= MOST_CATEGORIES else None


def _number(before: TableProfile, after: TableProfile, name: str) -> NumberDrift | None:
    if not (before.columns[name].is_number and after.columns[name].is_number):
        return None
    ours, theirs = (_finite(side.sample({name: NUMBER})[name]) for side in (before, after))
    return number_drift(ours, theirs)


def _drift_node(name: str, drift: _Drift | None, *, label: str | None = None, aside: str = "") -> Change:
    is_moved = drift is not None and _level(drift) is not Level.NONE
    note = ", ".join(filter(None, (_drift_note(drift) if drift else "too many values to be categories", aside)))
    kind = Kind.UNKNOWN if drift is None else Kind.CHANGED if is_moved else Kind.SAME
    return Change(label=label or name, kind=kind, note=note)


def _drift_note(drift: _Drift) -> str:
    """`PSI 0.31, KS 0.18: large`; `TV 0.12: small, cat 12 % → 24 %`."""
    if isinstance(drift, NumberDrift):
        return f"PSI {drift.psi:.3f}, KS {drift.ks:.3f}: {_said(drift.level)}"
    name = "missing" if drift.most is None else shortened(drift.most)
    most = f", {name} {drift.share_before:.1%} → {drift.share_after:.1%}".replace("%", " %") if drift.distance else ""
    return f"TV {drift.distance:.3f}: {_said(drift.level)}{most}"


def _said(level: Level) -> str:
    return "no drift" if level is Level.NONE else f"{level} drift"


def _level(drift: _Drift | None) -> Level:
    return drift.level if drift else Level.NONE


def _strength(drift: _Drift | None) -> tuple[int, float]:
    """What is told first: what moved, then by how far."""
    if drift is None:
        return 0, 0.0
    size = max(drift.psi, drift.ks) if isinstance(drift, NumberDrift) else drift.distance
    return list(Level).index(drift.level), size


def _counted(label: str, before: int, after: int, note: str) -> Change:
    return Change(
        label=label, kind=Kind.SAME if before == after else Kind.CHANGED, before=before, after=after, note=note
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "0 %"
