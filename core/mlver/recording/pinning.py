"""The snapshot of a run, searched for secrets before an object of it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath

from mlver.capture.secrets import SecretHit, find_secrets
from mlver.errors import SecretFound
from mlver.model.manifest import FileFact
from mlver.recording.inputs import External
from mlver.recording.layout import Layout, covers
from mlver.recording.products import SMALL_TEXT_BYTES
from mlver.recording.request import RunRequest
from mlver.store.repository import Repository
from mlver.store.snapshot import Inspect, Snapshot, SnapshotRequest, take_snapshot


def pin(
    repository: Repository, request: RunRequest, layout: Layout, external: External, overrides: Mapping[str, bytes]
) -> Snapshot:
    """Take the snapshot: tracked files as on disk, untracked source, declared inputs that are small.

    Raises:
        SecretFound: files that no commit holds yet look like secrets; no object was written.
    """
    asked = SnapshotRequest(
        declared=_declared(repository.folder, layout, external),
        include=layout.project.code_include,
        overrides=overrides,
        is_left_out=layout.is_own_or_product,
        inspect=_with_commands(repository.folder, layout, inspector(request)),
    )
    return take_snapshot(repository, asked)


def _with_commands(top: Path, layout: Layout, inspect: Inspect) -> Inspect:
    """The project file is looked into even where a commit holds it: its commands are repeated in the manifest."""
    commands = (layout.project_path, (top / layout.project_path).read_bytes())

    def inspect_all(files: Iterable[tuple[str, bytes]]) -> None:
        inspect(chain([commands], files))

    return inspect_all


def inspector(request: RunRequest) -> Inspect:
    """What looks into new files before they are recorded: raises SecretFound, naming every file that has a hit."""

    def inspect(files: Iterable[tuple[str, bytes]]) -> None:
        hits = {
            path: found
            for path, content in files
            if not any(covers(allowed, path) for allowed in request.allow_secrets)
            and (found := find_secrets(content, name=path))
        }
        if hits:
            raise SecretFound("\n".join(_told(path, found) for path, found in hits.items()), hint=_way_out(list(hits)))

    return inspect


def _told(path: str, hits: Sequence[SecretHit]) -> str:
    more = f" and {len(hits) - 1} more in this file" if len(hits) > 1 else ""
    return f"{path}:{hits[0].line}: looks like {hits[0].what}{more}; it was not recorded"


def _way_out(paths: Sequence[str]) -> str:
    what = "take it out, or git-ignore the file" if len(paths) == 1 else "take them out, or git-ignore the files"
    options = " ".join(f"--allow-secret {path}" for path in paths)
    return f"{what}; to record {'it' if len(paths) == 1 else 'them'} all the same: {options}"


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
