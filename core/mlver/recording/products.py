"""What the steps made, as files of the run's tree."""

from __future__ import annotations

import posixpath
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlver.errors import RunFailed
from mlver.formats.registry import kind_of
from mlver.model.manifest import Artifact, FileFact
from mlver.progress import ShouldStop, never
from mlver.store.objects import ObjectStore
from mlver.store.pointers import attributes_text, pointer_text
from mlver.store.trees import NewFile

SMALL_TEXT_BYTES = 100_000
"""Text up to this size is a plain blob, so git shows and diffs it."""

_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Files as they go into the run's tree; the large ones are in the object store already."""

    files: Mapping[str, NewFile]
    large: tuple[str, ...]
    """Paths kept as pointers."""


def keep_files(folder: Path, facts: Iterable[FileFact], store: ObjectStore, *, should_stop: ShouldStop = never) -> Kept:
    """Put large files into the object store and make the tree's entries for all of them.

    Raises:
        RunFailed: a file is not any more what its step left.
    """
    files: dict[str, NewFile] = {}
    large: list[str] = []
    for fact in {fact.path: fact for fact in facts}.values():
        path = folder / fact.path
        mode = 0o100755 if path.stat().st_mode & stat.S_IXUSR else 0o100644
        content = _small_text(path, fact)
        if content is None:
            stored = store.add(path, expected=fact.sha256, should_stop=should_stop)
            large.append(fact.path)
            content, digest, size = pointer_text(stored.sha256, stored.size), stored.sha256, stored.size
            mode = 0o100644
        else:
            digest, size = store.digest_of(content), len(content)
        if digest != fact.sha256:
            raise RunFailed(f"{fact.path} changed after its step had ended ({fact.size} bytes then, {size} now)")
        files[fact.path] = NewFile(content=content, mode=mode)
    return Kept(files=files, large=tuple(large))


def attributes_for(large: Iterable[str], existing: Mapping[str, bytes]) -> dict[str, NewFile]:
    """A `.gitattributes` beside every pointer, so a checkout with Git LFS gives the files themselves.

    `existing` are the `.gitattributes` the snapshot already has, by path; their lines are kept.
    """
    names: dict[str, list[str]] = defaultdict(list)
    for path in large:
        names[posixpath.dirname(path)].append(posixpath.basename(path))
    files = {}
    for folder, entries in names.items():
        path = posixpath.join(folder, ".gitattributes")
        files[path] = NewFile(content=attributes_text(entries, existing.get(path, b"")))
    return files


def artifacts_of(folder: Path, outputs: Iterable[tuple[str, FileFact]]) -> tuple[Artifact, ...]:
    """The declared outputs as (step, file), with what each is by content."""
    last = {fact.path: (step, fact) for step, fact in outputs}
    return tuple(
        Artifact(path=path, sha256=fact.sha256, size=fact.size, kind=kind_of(path, _head(folder / path)), step=step)
        for path, (step, fact) in sorted(last.items())
    )


def _small_text(path: Path, fact: FileFact) -> bytes | None:
    if fact.size is None or fact.size > SMALL_TEXT_BYTES:
        return None
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return content


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)
