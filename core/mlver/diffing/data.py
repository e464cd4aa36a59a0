"""Data of two versions: named data sets, and inputs that came from outside."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.comparing.digests import by_digest, kind_by_digest
from mlver.comparing.dimensions import external_data
from mlver.comparing.wording import amount, grouped, signed
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.manifest import Artifact, DataFacts, FileFact, Manifest

OTHER_CONTENT = "other content"
"""All that digests tell of a file whose size in rows says nothing."""


def compare_data_sets(before: Manifest, after: Manifest) -> Change:
    """Data sets by name, in the order of `after`; then the external inputs that are no data set, by path."""
    left, right = ({item.name: item for item in side.data} for side in (before, after))
    sets = [_data_set(name, left.get(name), right.get(name)) for name in dict.fromkeys((*right, *left))]
    ours, theirs = external_data(before), external_data(after)
    named = {item.path for item in (*before.data, *after.data)}
    paths = [path for path in dict.fromkeys((*theirs, *ours)) if path not in named]
    inputs = [_input(path, ours, theirs) for path in paths]
    return branch("data", (*sets, *inputs))


def as_artifact(data: DataFacts | FileFact) -> Artifact:
    """A data set, or an input, as an output: all are kept the same way."""
    files = data.files if isinstance(data, DataFacts) else None
    return Artifact(path=data.path, sha256=data.sha256, size=data.size, checksum=data.checksum, files=files)


def _data_set(name: str, before: DataFacts | None, after: DataFacts | None) -> Change:
    if before is None or after is None:
        side = before or after
        note = amount(side.rows, "row") if side and side.rows is not None else ""
        return by_digest(name, before.digest if before else MISSING, after.digest if after else MISSING, note)
    notes = [_rows_note(before.rows, after.rows)]
    if before.rows == after.rows and kind_by_digest(before.digest, after.digest) is Kind.CHANGED:
        notes.append(OTHER_CONTENT)
    if before.path != after.path:
        notes.append(f"{before.path} → {after.path}")
    return by_digest(name, before.digest, after.digest, ", ".join(filter(None, notes)))


def _rows_note(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return ""
    if before == after:
        return amount(after, "row")
    return f"{grouped(before)} → {amount(after, 'row')} ({signed(after - before)})"


def _input(path: str, before: dict[str, str | None], after: dict[str, str | None]) -> Change:
    leaf = by_digest(path, before.get(path, MISSING), after.get(path, MISSING))
    return replace(leaf, note=OTHER_CONTENT) if leaf.kind is Kind.CHANGED else leaf
