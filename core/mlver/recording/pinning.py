"""The snapshot of a run, searched for secrets before an object of it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from mlver.capture.secrets import find_secrets
from mlver.errors import SecretFound
from mlver.model.manifest import FileFact
from mlver.recording.inputs import External
from mlver.recording.layout import Layout, covers
from mlver.recording.products import SMALL_TEXT_BYTES
from mlver.recording.request import RunRequest
from mlver.store.repository import Repository
from mlver.store.snapshot import Snapshot, SnapshotRequest, take_snapshot


def pin(
    repository: Repository, request: RunRequest, layout: Layout, external: External, overrides: Mapping[str, bytes]
) -> Snapshot:
    """Take the snapshot: tracked files as on disk, untracked source, declared inputs that are small.

    Raises:
        SecretFound: a file that no commit holds yet looks like a secret; no object was written.
    """
    asked = SnapshotRequest(
        declared=_declared(repository.folder, layout, external),
        include=layout.project.code_include,
        overrides=overrides,
        is_left_out=layout.is_own_or_product,
        inspect=inspector(request),
    )
    return take_snapshot(repository, asked)


def inspector(request: RunRequest) -> Callable[[str, bytes], None]:
    """What looks into every new file before it is recorded: raises SecretFound, naming file and line."""

    def inspect(path: str, content: bytes) -> None:
        if any(covers(allowed, path) for allowed in request.allow_secrets):
            return
        hits = find_secrets(content, name=path)
        if hits:
            more = f" and {len(hits) - 1} more in this file" if len(hits) > 1 else ""
            raise SecretFound(
                f"{path}:{hits[0].line}: looks like {hits[0].what}{more}; it was not recorded",
                hint=f"take it out, or git-ignore the file; to record it all the same: --allow-secret {path}",
            )

    return inspect


def _declared(top: Path, layout: Layout, external: External) -> tuple[str, ...]:
    """What is pinned even when git does not track it: project file, params, lock, schema, small inputs."""
    small = [file.path for file in external.files if _is_small(layout, file)]
    also = [path for path in (layout.lock_path, layout.schema_path) if path]
    named = dict.fromkeys((layout.project_path, *layout.settings_files, *also, *small))
    return tuple(path for path in named if not _is_behind_link(top, path))


def _is_small(layout: Layout, file: FileFact) -> bool:
    return layout.is_source(file.path) or (file.size or 0) <= SMALL_TEXT_BYTES


def _is_behind_link(top: Path, path: str) -> bool:
    """Whether a folder on the way is a link, which git does not look behind; the content is kept another way."""
    return any((top / parent).is_symlink() for parent in PurePosixPath(path).parents)
