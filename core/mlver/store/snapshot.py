"""Pins the working tree: what is on disk becomes a git tree, and the user's index and files stay as they are.

System git does it, on an index of its own, because recording is the user's own act and their attributes and filters
must apply. New objects are looked at before they enter the repository (quarantine.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from msgspec import Struct, field

from mlver.errors import LimitReached, ObjectMissing, RunRefused
from mlver.model.project_file import SOURCE_LIMIT_BYTES, SOURCE_PATTERNS
from mlver.progress import ShouldStop, never
from mlver.store.database import ObjectDatabase
from mlver.store.foreign_errors import writing_error
from mlver.store.parsing import LINK_MODE, SUBMODULE_MODE
from mlver.store.quarantine import Quarantine, quarantine
from mlver.store.refs import Head
from mlver.store.repository import Repository
from mlver.store.trees import FILE_MODE, NewFile, tree_with
from mlver.store.untracked import Untracked, find_untracked
from mlver.store.working_index import Change, WorkingIndex

INSPECTED_BYTES = 16 << 20
"""A larger new file is not looked into; a warning says so."""


Inspect: TypeAlias = Callable[[Iterable[tuple[str, bytes]]], None]
"""Is shown paths and contents before they are recorded; raises to refuse them."""


def _let_pass(files: Iterable[tuple[str, bytes]]) -> None:
    for _ in files:
        pass


def _none(_path: str) -> bool:
    return False


class SnapshotRequest(Struct, frozen=True, kw_only=True):
    """What is to be pinned. All paths are from the top of the working tree, with `/`."""

    declared: tuple[str, ...] = ()
    """Files to be pinned even when untracked or ignored; each must be there."""
    include: tuple[str, ...] = SOURCE_PATTERNS
    """Untracked files whose name matches one of these are source and are pinned."""
    size_limit: int = SOURCE_LIMIT_BYTES
    """Untracked source over so many bytes is left out, and listed."""
    overrides: Mapping[str, bytes] = field(default_factory=dict)
    """Contents that replace those on disk: params changed for this run alone."""
    is_left_out: Callable[[str], bool] = _none
    """Paths that belong to no snapshot: what the steps themselves make."""
    inspect: Inspect = _let_pass
    """Called once with all new files as they would be recorded, before they are."""


class SnapshotFile(Struct, frozen=True, kw_only=True):
    """A file of the snapshot."""

    path: str
    mode: int
    id: str
    is_new: bool
    """The commit the working tree stands on does not hold this content at this path."""

    @property
    def is_link(self) -> bool:
        """A symbolic link; its content is where it points."""
        return self.mode == LINK_MODE


class Snapshot(Struct, frozen=True, kw_only=True):
    """The pinned working tree."""

    tree: str
    files: tuple[SnapshotFile, ...]
    left_out: tuple[str, ...]
    """Untracked and not pinned; whole folders end with `/`."""
    changed: tuple[str, ...]
    """Where the code differs from the commit: tracked files that were changed, and untracked source that is pinned.

    Neither overrides, nor declared untracked files, nor what is left out count.
    """
    head: Head
    remote: str | None
    """URL without its user part."""
    warnings: tuple[str, ...] = ()

    @property
    def is_dirty(self) -> bool:
        """The code differs from the commit."""
        return bool(self.changed)


def take_snapshot(repository: Repository, request: SnapshotRequest, *, should_stop: ShouldStop = never) -> Snapshot:
    """Pin the working tree.

    Raises:
        RunRefused: there is no working tree, a merge is unfinished, a declared file is not there.
        StoreFailed: git could not do it; ReadOnly and StorageFull among them.
        What `request.inspect` raises; no object was written then.
    """
    if repository.is_bare:
        raise RunRefused("a bare repository has no working tree to record", hint="clone it and record there")
    head = repository.refs().head
    with quarantine(repository) as (apart, reader):
        _copy_index(repository, apart)
        index = WorkingIndex(repository.git, apart.variables, should_stop)
        index.prepare(request.is_left_out)
        index.add_tracked()
        untracked = find_untracked(index, repository.folder, request)
        index.add([*untracked.source, *_declared(repository, request.declared)])
        tree = index.write_tree()
        changes = index.changes_from(head.commit)
        warnings = [*untracked.warnings, *index.dirty_submodules(), *_inspected(repository, request, changes, reader)]
        apart.release()
    new = {change.path for change in changes if not change.is_deletion}
    if request.overrides:
        tree = _overridden(repository, tree, request.overrides)
    return Snapshot(
        tree=tree,
        files=tuple(
            SnapshotFile(
                path=file.path,
                mode=file.mode,
                id=file.id,
                is_new=file.path in new or file.path in request.overrides,
            )
            for file in repository.files(tree)
        ),
        left_out=untracked.left_out,
        changed=_changed(changes, request, untracked),
        head=head,
        remote=repository.remote_url,
        warnings=tuple(warnings),
    )


def _copy_index(repository: Repository, apart: Quarantine) -> None:
    """Start from what git knows of the files already, so that only the changed ones are read."""
    try:
        with suppress(FileNotFoundError):
            # With its time: git reads files again that changed in the moment the index was written.
            shutil.copy2(repository.git_dir / "index", apart.index)
    except OSError as error:
        raise writing_error(error, "the snapshot's index") from error


def _declared(repository: Repository, paths: Iterable[str]) -> list[str]:
    present = []
    for path in paths:
        target = repository.folder / path
        if not target.is_file() and not target.is_symlink():
            raise RunRefused(f"{path} is declared and is not there", hint="make it, or correct mlver.yaml")
        present.append(path)
    return present


def _inspected(
    repository: Repository, request: SnapshotRequest, changes: Iterable[Change], reader: ObjectDatabase
) -> list[str]:
    """Show the new contents to the inspector; gives what was too large to be looked into."""
    warnings: list[str] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for change in changes:
            if change.is_deletion or change.mode == SUBMODULE_MODE or change.path in request.overrides:
                continue
            try:
                _, content = reader.read(change.id, INSPECTED_BYTES)
            except LimitReached:
                warnings.append(f"{change.path} is too large to be searched for secrets")
            except ObjectMissing:
                if not repository.is_partial:
                    raise
                # Left at the remote, so nothing that is recorded here for the first time.
            else:
                yield change.path, content
        yield from request.overrides.items()

    request.inspect(files())
    return warnings


def _overridden(repository: Repository, tree: str, overrides: Mapping[str, bytes]) -> str:
    files = {}
    for path, content in overrides.items():
        entry = repository.entry(tree, path)
        mode = entry.mode if entry and entry.mode != LINK_MODE else FILE_MODE
        files[path] = NewFile(content=content, mode=mode)
    return tree_with(repository, tree, files)


def _changed(changes: Iterable[Change], request: SnapshotRequest, untracked: Untracked) -> tuple[str, ...]:
    declared = set(request.declared) - set(untracked.source)
    return tuple(
        change.path
        for change in changes
        if not request.is_left_out(change.path) and not (change.is_addition and change.path in declared)
    )
