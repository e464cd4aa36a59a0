"""What of a run's code was not committed: its snapshot held against the commit it stood on."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.comparing.digests import by_digest
from mlver.comparing.texts import line_counts
from mlver.comparing.wording import MINUS
from mlver.diffing.code import COUNTED_BYTES, COUNTED_FILES, code_of
from mlver.diffing.contents import Contents
from mlver.diffing.notebook import Notebook
from mlver.errors import Interrupted, MlverError
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.version import Version


def uncommitted_code(label: str, version: Version, contents: Contents, notebook: Notebook) -> Change | None:
    """The files of code and params that differ, as leaves under `label`; None: nothing does, or it is not known."""
    manifest = version.manifest
    if not (manifest.code.dirty and manifest.code.commit):
        return None
    try:
        snapshot, committed = contents.files(version), contents.committed(version)
    except MlverError as error:
        notebook.failed(label, error)
        return None
    with_params = replace(manifest, params_from={})
    before, after = code_of(committed, with_params), code_of(snapshot, with_params)
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    leaves = (by_digest(path, before.get(path, MISSING), after.get(path, MISSING)) for path in paths)
    counted = [
        replace(leaf, note=_counts(leaf, version, contents)) if place < COUNTED_FILES else leaf
        for place, leaf in enumerate(leaves)
    ]
    return branch(label, tuple(counted)) if counted else None


def _counts(leaf: Change, version: Version, contents: Contents) -> str:
    """`+3 −1`, `binary`; empty where a side cannot be read: that it differs was said already."""
    try:
        before = b"" if leaf.kind is Kind.ADDED else contents.read_committed(version, leaf.label, COUNTED_BYTES)
        after = b"" if leaf.kind is Kind.REMOVED else contents.read(version, leaf.label, COUNTED_BYTES)
    except Interrupted:
        raise
    except MlverError:
        return ""
    counts = line_counts(before, after)
    return f"+{counts[0]} {MINUS}{counts[1]}" if counts else "binary"
