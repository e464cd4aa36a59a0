"""Fills a fresh folder with the files of a recorded tree: never by git, never by a link into anything kept.

System git would run filters and hooks and fetch; here a file is exactly the recorded bytes. Git LFS pointers become
the files they stand for, from mlver's own store, else from the LFS store, else from the working tree when the file
there still has the recorded content.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mlver.errors import MlverError, ObjectMissing
from mlver.model.manifest import FileFact
from mlver.progress import ShouldStop, never
from mlver.store.objects import ObjectStore
from mlver.store.pointers import read_pointer
from mlver.store.repository import Repository, TreeFile

_POINTER_LIMIT = 1024
_FILE_LIMIT = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A file that could not be put in place."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the files come from."""

    repository: Repository
    store: ObjectStore

    def fill(
        self,
        folder: Path,
        tree_or_commit: str,
        *,
        wanted: Callable[[str], bool],
        should_stop: ShouldStop = never,
    ) -> tuple[Missing, ...]:
        """Write every wanted file of the tree below the folder; gives those that are not present here."""
        missing = []
        for file in self.repository.files(tree_or_commit):
            if should_stop():
                break
            if wanted(file.path) and not _is_safe(file.path):
                missing.append(Missing(path=file.path, why="its name leads out of the folder"))
            elif wanted(file.path):
                try:
                    self._write(folder / file.path, file)
                except MlverError as error:
                    missing.append(Missing(path=file.path, why=error.message))
        return tuple(missing)

    def place(self, folder: Path, facts: Iterable[FileFact]) -> tuple[Missing, ...]:
        """Put files known only by digest in place, as `fill` does for pointers."""
        missing = []
        for fact in facts:
            try:
                self._place_large(folder / fact.path, fact)
            except MlverError as error:
                missing.append(Missing(path=fact.path, why=error.message))
        return tuple(missing)

    def holds(self, tree_or_commit: str, fact: FileFact) -> bool:
        """Whether `fill`, or `place` for what the tree does not name, can put this file in place."""
        entry = self.repository.entry(tree_or_commit, fact.path)
        if entry is None:
            return self.has(fact)
        if self.repository.blob_size(entry.id) > _POINTER_LIMIT:
            return True
        pointer = read_pointer(self.repository.blob(entry.id, _POINTER_LIMIT))
        return pointer is None or self.has(FileFact(path=fact.path, sha256=pointer.sha256, size=pointer.size))

    def has(self, fact: FileFact) -> bool:
        """Whether the content is present here (a guess for the working tree's copy: by its size)."""
        if fact.sha256 is None:
            return False
        if self.store.has(fact.sha256) or self._lfs_path(fact.sha256).is_file():
            return True
        local = self.repository.folder / fact.path
        return not self.repository.is_bare and local.is_file() and local.stat().st_size == fact.size

    def _write(self, target: Path, file: TreeFile) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        entry = file.entry
        if entry.is_submodule:
            raise ObjectMissing(f"{file.path} is a submodule, whose files are not in this repository")
        if entry.is_link:
            self._link(target, file)
            return
        size = self.repository.blob_size(file.id)
        content = self.repository.blob(file.id, _FILE_LIMIT)
        pointer = read_pointer(content) if size <= _POINTER_LIMIT else None
        if pointer:
            self._place_large(target, FileFact(path=file.path, sha256=pointer.sha256, size=pointer.size))
        else:
            target.write_bytes(content)
        target.chmod(0o755 if entry.mode & 0o100 else 0o644)

    def _link(self, target: Path, file: TreeFile) -> None:
        points_at = self.repository.blob(file.id, _POINTER_LIMIT * 4).decode(errors="surrogateescape")
        landing = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), points_at))
        if points_at.startswith("/") or landing.startswith(".."):
            raise ObjectMissing(f"{file.path} is a link that leads out of the tree, to {points_at}")
        target.symlink_to(points_at)

    def _place_large(self, target: Path, fact: FileFact) -> None:
        sha256 = fact.sha256 or ""
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.store.has(sha256):
            self.store.place(sha256, target)
            return
        for candidate in (self._lfs_path(sha256), self.repository.folder / fact.path):
            if candidate.is_file() and candidate.stat().st_size == fact.size:
                self.store.copy_checked(candidate, target, sha256)
                return
        raise ObjectMissing(
            f"{fact.path} (sha256 {sha256[:12]}, {fact.size} bytes) is not present here",
            hint="bring the file back to its place in the working tree, or fetch it",
        )

    def _lfs_path(self, sha256: str) -> Path:
        return self.repository.common_dir / "lfs" / "objects" / sha256[:2] / sha256[2:4] / sha256


def _is_safe(path: str) -> bool:
    """Whether the name stays below the folder and out of anything git or mlver would act upon."""
    parts = path.split("/")
    return not any(part in {"", ".", ".."} for part in parts) and parts[0].lower() != ".git" and "\0" not in path


def link_large(folder: Path, top: Path, paths: Iterable[str]) -> None:
    """Symbolic links in the folder to the user's own files: for inputs too large to copy into a workspace."""
    for path in paths:
        target = folder / path
        if not os.path.lexists(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to((top / path).resolve())
