"""Folders of data that are one table in parts: CSV, Parquet or JSON lines with the same columns in every file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeAlias

from msgspec.structs import replace

from mlver.comparing.wording import amount
from mlver.diffing.contents import Contents
from mlver.diffing.data import as_artifact
from mlver.diffing.files import NOT_PRESENT
from mlver.diffing.table_drift import Looking, columns_drifted, compare_with_drift, table_changes
from mlver.errors import Interrupted, LimitReached, MlverError
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import NotUnderstood, TooMuch
from mlver.formats.table_scans import TABLE_SUFFIXES, TableFiles
from mlver.model.change import Change, Kind, branch
from mlver.model.manifest import Artifact, FileFact
from mlver.model.version import Version

MOST_PARTS = 2_000
HELD_BYTES = 1 << 30
"""Of parts that git gives as a whole, all together."""
LOOKED_INTO = 20
"""Files of a folder that is not one table."""

_BESIDE = ("_", ".")
"""Names of files that lie beside the parts begin so: `_SUCCESS`, `.part-0.crc`."""

Parts: TypeAlias = Sequence[tuple[str, Blob]]


def files_below(version: Version, folder: Artifact, contents: Contents) -> tuple[FileFact, ...] | None:
    """The files of a folder, each with its digest; None: it is none, or that is not known here.

    Recorded runs have no listing of a folder: its files are those that steps read and made. Raises StoreFailed.
    """
    listed = contents.members(version, folder)
    if listed is not None:
        return listed
    found = {
        file.path: file
        for step in version.manifest.steps
        for file in (*step.inputs, *step.outputs)
        if file.path.startswith(f"{folder.path}/")
    }
    return tuple(found.values()) or None


def table_of(version: Version, data: Artifact, contents: Contents) -> TableFiles | None:
    """A file, or a folder of parts, as one table; None: not present here, or no table.

    Raises LimitReached for a folder of too many parts, and the MlverErrors of reading.
    """
    files = files_below(version, data, contents)
    if files is None:
        found = contents.open_artifact(version, data)
        return None if found is None else TableFiles.of([(data.path, Blob(found))])
    with suppress(_PartAbsent):
        return TableFiles.of(_opened(version, files, contents))
    return None


class _PartAbsent(Exception):
    """A part of a table is not present here."""


def _opened(version: Version, files: Sequence[FileFact], contents: Contents) -> Parts:
    """The files that may be parts of a table; none where one is none by its name. Raises _PartAbsent."""
    named = [file for file in files if not file.path.rpartition("/")[2].startswith(_BESIDE)]
    if not all(file.path.lower().endswith(TABLE_SUFFIXES) for file in named):
        return []
    if len(named) > MOST_PARTS:
        raise LimitReached(f"a folder of more than {MOST_PARTS} files")
    parts = []
    held = 0
    for file in sorted(named, key=lambda one: one.path):
        content = contents.open_artifact(version, as_artifact(file))
        if content is None:
            raise _PartAbsent(file.path)
        held += len(content) if isinstance(content, bytes) else 0
        if held > HELD_BYTES:
            raise LimitReached(f"a folder of more than {HELD_BYTES >> 20} MiB that git holds")
        parts.append((file.path, Blob(content)))
    return parts


_Sides: TypeAlias = tuple[tuple[Version, Artifact], tuple[Version, Artifact]]


def folder_looked_into(node: Change, sides: _Sides, contents: Contents, looking: Looking) -> Change:
    """The node of a folder, whose children are its files, with what moved inside.

    The same node where it is no table, and where its files are not here. Raises the MlverErrors of reading.
    """
    try:
        ours, theirs = (_parts_of(version, folder, contents) for version, folder in sides)
    except _PartAbsent as absent:
        return replace(node, details=(*node.details, f"{NOT_PRESENT}: {absent}"))
    if ours is None or theirs is None or ours.kind is not theirs.kind:
        return node
    try:
        told = table_changes(node.label, ours, theirs, looking)
    except NotUnderstood as refusal:
        return _file_by_file(node, ours, theirs, looking, refusal)
    files = branch("files", node.children, note=node.note)
    counts = " and ".join(f"{amount(len(side.parts), 'file')} of {name}" for name, side in (("A", ours), ("B", theirs)))
    return replace(
        node,
        children=(*told, files) if node.children else told,
        note=", ".join(filter(None, (node.note, columns_drifted(told)))),
        details=(*node.details, f"read as one table: the {counts}"),
    )


def _parts_of(version: Version, folder: Artifact, contents: Contents) -> TableFiles | None:
    return TableFiles.of(_opened(version, files_below(version, folder, contents) or (), contents))


def _file_by_file(node: Change, before: TableFiles, after: TableFiles, looking: Looking, why: NotUnderstood) -> Change:
    ours, theirs = dict(before.parts), dict(after.parts)
    children = []
    left = LOOKED_INTO
    for leaf in node.children:
        if left and leaf.kind is Kind.CHANGED and leaf.label in ours and leaf.label in theirs:
            left -= 1
            children.append(_looked_into(leaf, ours[leaf.label], theirs[leaf.label], looking))
        else:
            children.append(leaf)
    details = [f"not read as one table: {why}"]
    details += [] if left else [f"the first {LOOKED_INTO} files that differ are looked into"]
    is_whole = all(leaf.complete for leaf in children) and not isinstance(why, TooMuch)
    return replace(node, children=tuple(children), details=(*node.details, *details), complete=is_whole)


def _looked_into(leaf: Change, before: Blob, after: Blob, looking: Looking) -> Change:
    try:
        pair = Pair(path=leaf.label, before=before, after=after, report=looking.report)
        inside, drifted = compare_with_drift(pair, looking)
    except Interrupted:
        raise
    except MlverError as error:
        return replace(leaf, note=f"cannot be read: {error.message}")
    note = ", ".join(filter(None, (inside.note, drifted)))
    return replace(leaf, children=inside.children, note=note, details=inside.details, complete=inside.complete)
