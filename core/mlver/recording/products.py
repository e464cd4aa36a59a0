"""What the steps made, as files of the run's tree."""

from __future__ import annotations

import posixpath
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from mlver.errors import MlverError, RunFailed, StorageFull
from mlver.formats.registry import kind_of
from mlver.model.manifest import Artifact, FileFact
from mlver.store.objects import ObjectStore
from mlver.store.pointers import attributes_text, is_own_attributes, pointer_text
from mlver.store.repository import Repository
from mlver.store.snapshot import Inspect
from mlver.store.trees import EXECUTABLE_MODE, FILE_MODE, NewFile

SMALL_TEXT_BYTES = 100_000
"""Text up to this size is a plain blob, so git shows and diffs it."""

_HEAD_BYTES = 4096


class Kept(Struct, frozen=True, kw_only=True):
    """Files as they go into the run's tree; the large ones are in the object store already."""

    files: Mapping[str, NewFile]
    large: tuple[str, ...]
    """Paths kept as pointers."""
    problems: tuple[str, ...] = ()
    """What could not be kept, and why."""


def keep_files(folder: Path, facts: Iterable[FileFact], store: ObjectStore, inspect: Inspect) -> Kept:
    """Put large files into the object store and make the tree's entries for all of them.

    One that cannot be kept is a problem and stops no other. `inspect` sees every small text, and raises to keep it out.
    Raises StorageFull: then nothing more can be kept, and a version without half of its files is none.
    """
    files: dict[str, NewFile] = {}
    large: list[str] = []
    problems: list[str] = []
    for fact in {fact.path: fact for fact in facts}.values():
        try:
            files[fact.path], is_large = _kept(folder / fact.path, fact, store, inspect)
        except StorageFull:
            raise
        except MlverError as error:
            problems.append(error.message)
        except OSError as error:
            problems.append(f"{fact.path} was there after its step and cannot be read now: {error.strerror}")
        else:
            large += [fact.path] if is_large else []
    return Kept(files=files, large=tuple(large), problems=tuple(problems))


def _kept(path: Path, fact: FileFact, store: ObjectStore, inspect: Inspect) -> tuple[NewFile, bool]:
    """The tree's entry, and whether it is a pointer. Raises RunFailed when the file is not what it was."""
    mode = EXECUTABLE_MODE if path.stat().st_mode & stat.S_IXUSR else FILE_MODE
    content = _small_text(path, fact)
    if content is not None:
        inspect([(fact.path, content)])
        digest, size, is_large = store.digest_of(content), len(content), False
    else:
        stored = store.add(path, expected=fact.sha256)
        content, digest, size, is_large = pointer_text(stored.sha256, stored.size), stored.sha256, stored.size, True
    if digest != fact.sha256:
        raise RunFailed(f"{fact.path} changed after it was fingerprinted ({fact.size} bytes then, {size} now)")
    return NewFile(content=content, mode=mode), is_large


def own_attributes(repository: Repository, tree_id: str) -> frozenset[str]:
    """The `.gitattributes` in a tree that mlver alone wrote, beside pointers: no part of the user's code."""
    found = attributes_in(repository, tree_id)
    return frozenset(path for path, content in found.items() if is_own_attributes(content))


def attributes_in(repository: Repository, tree_id: str) -> dict[str, bytes]:
    """Every `.gitattributes` in a tree, by path."""
    return {
        file.path: repository.fetched_blob(file.id)
        for file in repository.files(tree_id)
        if posixpath.basename(file.path) == ".gitattributes" and not file.entry.is_link
    }


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
    last = {fact.path: (step, fact) for step, fact in outputs if (folder / fact.path).is_file()}
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
