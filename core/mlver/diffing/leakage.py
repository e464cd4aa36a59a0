"""Rows of the train set that are also in the evaluation set of the same version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import product

from mlver.comparing.patience import RowsRead, Task, patiently
from mlver.comparing.row_digests import HASHED_ROWS
from mlver.comparing.table_profile import TableProfile
from mlver.comparing.wording import amount
from mlver.diffing.contents import Contents
from mlver.diffing.data import as_artifact
from mlver.diffing.folder_tables import table_of
from mlver.diffing.notebook import Notebook
from mlver.errors import MlverError
from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.table_scans import TableFiles
from mlver.formats.tables import understood
from mlver.model.change import MISSING, Change, Kind
from mlver.model.evaluation import EVALUATION_ROLES
from mlver.model.leakage import TRAINING_ROLES, Leakage, Overlap
from mlver.model.manifest import DataFacts, Manifest
from mlver.model.version import Version

UNCHANGED_BYTES = 64 << 20
"""Sets that are the same on both sides are looked at up to this size: it takes time, and nothing of it is new."""

_MOST_PAIRS = 8


def find_leakage(before: Version, after: Version, contents: Contents, notebook: Notebook) -> tuple[Leakage, ...]:
    """Every train set against every evaluation set by name; those of which nothing is known are left out."""
    left, right = _pairs(before.manifest), _pairs(after.manifest)
    found = []
    for names in list(dict.fromkeys((*right, *left)))[:_MOST_PAIRS]:
        ours, theirs = left.get(names), right.get(names)
        is_same = ours is not None and theirs is not None and _digests(ours) == _digests(theirs)
        if is_same and theirs and sum(one.size or 0 for one in theirs) > UNCHANGED_BYTES:
            notebook.note(
                f"{names[0]} in {names[1]}: not searched for equal rows: both are large and the same in A and B"
            )
            continue
        overlap_after = _overlap(after, theirs, contents, notebook)
        overlap_before = overlap_after if is_same else _overlap(before, ours, contents, notebook)
        if overlap_before or overlap_after:
            found.append(Leakage(train=names[0], evaluation=names[1], before=overlap_before, after=overlap_after))
    return tuple(found)


def leakage_nodes(leakage: tuple[Leakage, ...]) -> Iterator[Change]:
    """A node for each pair of sets: rows of the train set that are also in the other."""
    for one in leakage:
        sides = one.before, one.after
        if one.before and one.after:
            kind = Kind.SAME if one.before.train_rows == one.after.train_rows else Kind.CHANGED
        else:
            kind = Kind.UNKNOWN
        counts = [MISSING if side is None else side.train_rows for side in sides]
        told = [f"{name}: {_told(one, side)}" for name, side in zip("AB", sides, strict=True) if side]
        without = dict.fromkeys(key for side in sides if side for key in side.without)
        matched = "whole rows are held against each other" + (f", without {', '.join(without)}" if without else "")
        yield Change(
            label=f"{one.train} rows also in {one.evaluation}", kind=kind, before=counts[0], after=counts[1],
            note=_note(one), details=(*told, matched),
        )  # fmt: skip


def leakage_sentences(leakage: tuple[Leakage, ...]) -> Iterator[str]:
    """What a reader must see: nothing where no row is in both."""
    for one in leakage:
        for name, side in (("A", one.before), ("B", one.after)):
            if side and side.train_rows:
                yield f"{name}: {_told(one, side)}"


def _note(one: Leakage) -> str:
    counts = ["?" if side is None else str(side.train_rows) for side in (one.before, one.after)]
    return f"{counts[0]} in A and in B" if counts[0] == counts[1] else f"{counts[0]} in A, {counts[1]} in B"


def _told(one: Leakage, side: Overlap) -> str:
    return (
        f"{amount(side.train_rows, 'row')} of {one.train} {'is' if side.train_rows == 1 else 'are'} also in "
        f"{one.evaluation} ({side.eval_rows} of its {side.eval_size})"
    )


_Pair = tuple[DataFacts, DataFacts]


def _pairs(manifest: Manifest) -> dict[tuple[str, str], _Pair]:
    trained = [one for one in manifest.data if one.role in TRAINING_ROLES]
    measured = [one for one in manifest.data if one.role in EVALUATION_ROLES]
    return {(one.name, other.name): (one, other) for one, other in product(trained, measured)}


def _digests(pair: _Pair) -> tuple[str | None, ...]:
    return tuple(one.digest or f"unknown {id(one)}" for one in pair)


def _overlap(version: Version, pair: _Pair | None, contents: Contents, notebook: Notebook) -> Overlap | None:
    if pair is None:
        return None
    notebook.check()
    named = f"{pair[0].name} in {pair[1].name}"
    try:
        tables = [table_of(version, as_artifact(one), contents) for one in pair]
        if tables[0] is None or tables[1] is None:
            return None
        with understood():
            return _found(tables[0], tables[1], named, notebook)
    except NotUnderstood as refusal:
        notebook.is_complete &= not isinstance(refusal, TooMuch)
        notebook.note(f"{named}: not searched for equal rows: {refusal}")
    except MlverError as error:
        notebook.failed(named, error)
    return None


def _found(train: TableFiles, evaluation: TableFiles, named: str, notebook: Notebook) -> Overlap | None:
    def work(task: Task) -> Overlap | None:
        rows = RowsRead(task, f"searching {named}", _PASSES * (train.rows_about() + evaluation.rows_about()))
        sides = [TableProfile(side.scan(), rows.add, only_keys=True) for side in (train, evaluation)]
        return _counted(sides[0], sides[1])

    for side in (train, evaluation):
        side.try_out(notebook.should_stop)
    with suppress(_TooManyRows):
        return patiently(work, report=notebook.report, should_stop=notebook.should_stop)
    notebook.note(f"{named}: not searched for equal rows: more than {HASHED_ROWS} rows")
    return None


_PASSES = 2
"""Over each table: for its keys, and for the digests of its rows."""


class _TooManyRows(Exception):
    """Their digests would not be held."""


def _counted(train: TableProfile, evaluation: TableProfile) -> Overlap | None:
    """Rows in both, by digests of their shared columns; of the two only the digests are held."""
    if max(train.rows, evaluation.rows) > HASHED_ROWS:
        raise _TooManyRows
    keys = tuple(dict.fromkeys((*train.keys, *evaluation.keys)))
    shared = [name for name in evaluation.flat if name in train.flat and name not in keys]
    if not shared:
        return None
    # 1 in a CSV is a text and in a Parquet file a number: as texts they are the same.
    as_text = any(train.schema[name] != evaluation.schema[name] for name in shared)
    rows, others = (side.digests(shared, as_text=as_text).to_frame("row") for side in (train, evaluation))
    return Overlap(
        train_rows=rows.join(others, on="row", how="semi").height,
        eval_rows=others.join(rows, on="row", how="semi").height,
        eval_size=others.height,
        without=tuple(key for key in keys if key in train.flat and key in evaluation.flat),
    )
