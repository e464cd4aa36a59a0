"""Other models of the same repository: what their steps make is rewritten by their runs, and no code of this one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from mlver.errors import MlverError
from mlver.manifests.reading_project import read_project_file
from mlver.model.names import PROJECT_FILE
from mlver.recording.inputs import External
from mlver.recording.layout import Layout, covers
from mlver.store.repository import Repository
from mlver.store.snapshot import Snapshot

_PROJECT_LIMIT = 1 << 20


class Neighbours(Struct, frozen=True, kw_only=True):
    """The other models."""

    products: tuple[str, ...] = ()
    """What their steps make, as patterns from the top."""
    named_here: tuple[str, ...] = ()
    """Files that this model's own project file names: they count for it, whoever makes them."""
    warnings: tuple[str, ...] = ()

    def make(self, path: str) -> bool:
        """Whether a step of theirs makes this file, or all of this folder."""
        if any(covers(path, named) for named in self.named_here):
            return False
        return any(covers(pattern, path) for pattern in self.products)


def neighbours_of(repository: Repository, snapshot: Snapshot, layout: Layout, external: External) -> Neighbours:
    """Those whose project files the snapshot holds. One that cannot be read makes nothing, and a warning says so."""
    products: list[str] = []
    warnings: list[str] = []
    for path, blob_id in _project_files(snapshot, layout):
        try:
            content = repository.fetched_blob(blob_id, _PROJECT_LIMIT)
            other = Layout(read_project_file(content, name=path, folder=posixpath.dirname(path) or "."))
        except MlverError as error:
            warnings.append(f"what the model of {path} makes counts as code here: {error.message}")
        else:
            # A model that claims the folder this one lies in would leave it no code at all.
            products += [pattern for pattern in other.products if not covers(pattern, layout.project_path)]
    named = (*external.digests, *layout.settings_files, layout.schema_path, layout.lock_path)
    return Neighbours(
        products=tuple(products), named_here=tuple(path for path in named if path), warnings=tuple(warnings)
    )


def _project_files(snapshot: Snapshot, layout: Layout) -> Iterator[tuple[str, str]]:
    for file in snapshot.files:
        is_project = posixpath.basename(file.path) == PROJECT_FILE and file.path != layout.project_path
        if is_project and not file.is_link:
            yield file.path, file.id
