"""Params of two versions, each value with the file and line it was written in."""

from __future__ import annotations

from mlver.comparing.configs import KEPT_SAME_LEAVES, compare_data
from mlver.comparing.places import Places, Source
from mlver.diffing.contents import Contents
from mlver.diffing.notebook import Notebook
from mlver.documents.reading import is_readable, read_document
from mlver.errors import MlverError
from mlver.model.change import Change
from mlver.model.version import Version

MOST_BYTES = 16 << 20
"""Of a params file that is read for its lines."""


def compare_params(before: Version, after: Version, contents: Contents, notebook: Notebook) -> Change:
    """The params as recorded; the files are read only to say where a value stands."""
    left, right = dict(before.manifest.params), dict(after.manifest.params)
    return compare_data(
        left,
        right,
        label="params",
        places_before=_places(before, contents, notebook),
        places_after=_places(after, contents, notebook),
        ignore=after.manifest.ignore,
        same_leaves=KEPT_SAME_LEAVES,
    )


def _places(version: Version, contents: Contents, notebook: Notebook) -> Places:
    return Places(
        sources=tuple(
            source
            for file in version.manifest.params_from
            if (source := _source(version, file, contents, notebook)) is not None
        )
    )


def _source(version: Version, file: str, contents: Contents, notebook: Notebook) -> Source | None:
    notebook.check()
    if not is_readable(file):
        return None  # constants of a Python module: their values are known, and their lines are not looked for
    try:
        document = read_document(contents.read(version, file, MOST_BYTES), name=file)
    except MlverError as error:
        # The values are those of the manifest: only their lines are not known, so nothing is incomplete.
        notebook.note(f"lines of {file} in {version.row.name or version.row.key} are not known: {error.message}")
        return None
    return Source(file=file, lines=document.lines)
