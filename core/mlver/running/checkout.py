"""Fills a fresh folder with the files of a recorded tree: never by git, never by a link into anything kept.

System git would run filters and hooks and fetch; here a file is exactly the recorded bytes. Git LFS pointers become
the files they stand for, from mlver's own store, else from the LFS store, else from the working tree when the file
there still has the recorded content.

A tree may be a stranger's. Links are made when all files are there, so no file is written through one; one that leads
out of the folder, be it by way of other links, is taken away again; and whatever is written later is written only
where its folder, links followed, lies inside.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from mlver.errors import MlverError, ObjectMissing, StorageFull
from mlver.model.manifest import FileFact
from mlver.progress import ShouldStop, never
from mlver.store.foreign_errors import writing_error
from mlver.store.objects import ObjectStore
from mlver.store.pointers import POINTER_BYTES, lfs_path, read_pointer
from mlver.store.repository import Repository, TreeFile

_LINK_LIMIT = 4096
_FILE_LIMIT = 1 << 31


class Missing(Struct, frozen=True, kw_only=True):
    """A file that could not be put in place."""

    path: str
    why: str


class Checkout(Struct, frozen=True):
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
        files: list[TreeFile] = []
        links: list[TreeFile] = []
        for file in self.repository.files(tree_or_commit):
            if wanted(file.path):
                (links if file.entry.is_link else files).append(file)
        missing: list[Missing] = []
        for file in (*files, *links):
            if should_stop():
                break
            with _noted(missing, file.path):
                self._write(folder, file)
        return (*missing, *_without_escapes(folder, [link.path for link in links]))

    def place(self, folder: Path, facts: Iterable[FileFact]) -> tuple[Missing, ...]:
        """Put files known only by digest in place, as `fill` does for pointers."""
        missing: list[Missing] = []
        for fact in facts:
            with _noted(missing, fact.path):
                self._place_large(_made_room(folder, fact.path), fact)
        return tuple(missing)

    def holds(self, tree_or_commit: str, fact: FileFact) -> bool:
        """Whether `fill`, or `place` for what the tree does not name, can put this file in place."""
        entry = self.repository.entry(tree_or_commit, fact.path)
        if entry is None:
            return self.has(fact)
        if entry.is_submodule:
            return False
        if entry.is_link:
            return not _leads_out(fact.path, self._points_at(entry.id))
        if self.repository.blob_size(entry.id) > POINTER_BYTES:
            return True
        pointer = read_pointer(self.repository.blob(entry.id, POINTER_BYTES))
        return pointer is None or self.has(FileFact(path=fact.path, sha256=pointer.sha256, size=pointer.size))

    def has(self, fact: FileFact) -> bool:
        """Whether the content is present here (a guess for the working tree's copy: by its size)."""
        if fact.sha256 is None:
            return False
        if self.store.has(fact.sha256) or self._lfs_path(fact.sha256).is_file():
            return True
        local = self.repository.folder / fact.path
        return not self.repository.is_bare and local.is_file() and local.stat().st_size == fact.size

    def _write(self, folder: Path, file: TreeFile) -> None:
        if file.entry.is_submodule:
            raise ObjectMissing(f"{file.path} is a submodule, whose files are not in this repository")
        target = _made_room(folder, file.path)
        if file.entry.is_link:
            self._link(target, file)
            return
        size = self.repository.blob_size(file.id)
        content = self.repository.blob(file.id, _FILE_LIMIT)
        pointer = read_pointer(content) if size <= POINTER_BYTES else None
        if pointer:
            self._place_large(target, FileFact(path=file.path, sha256=pointer.sha256, size=pointer.size))
        else:
            target.write_bytes(content)
        # The entry's mode is the file's, also where a pointer stands for it: the store keeps content only.
        target.chmod(0o755 if file.mode & 0o100 else 0o644)

    def _link(self, target: Path, file: TreeFile) -> None:
        points_at = self._points_at(file.id)
        if _leads_out(file.path, points_at):
            raise ObjectMissing(f"{file.path} is a link that leads out of the tree, to {points_at}")
        target.symlink_to(points_at)

    def _points_at(self, blob_id: str) -> str:
        return self.repository.blob(blob_id, _LINK_LIMIT).decode(errors="surrogateescape")

    def _place_large(self, target: Path, fact: FileFact) -> None:
        sha256 = fact.sha256 or ""
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
        return lfs_path(self.repository.common_dir, sha256)


def _is_safe(path: str) -> bool:
    """Whether the name stays below the folder and out of anything git or mlver would act upon."""
    parts = path.split("/")
    return not any(part in {"", ".", ".."} for part in parts) and parts[0].lower() != ".git" and "\0" not in path


def _leads_out(path: str, points_at: str) -> bool:
    """Whether a link leads out of the tree by its own words; other links on its way are not looked at."""
    landing = posixpath.normpath(posixpath.join(posixpath.dirname(path), points_at))
    return points_at.startswith("/") or landing == ".." or landing.startswith("../")


def _made_room(folder: Path, path: str) -> Path:
    """Where the file goes: its folder is made, and lies inside; nothing stands there that a write would go through."""
    if not _is_safe(path):
        raise ObjectMissing(f"{path}: its name leads out of the folder")
    target = folder / path
    if not _is_inside(target.parent, folder):
        raise ObjectMissing(f"{path} would be written out of the folder, through a link")
    if target.is_symlink():
        raise ObjectMissing(f"{path} is a link already")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False  # links that lead in a circle, or a name no system takes


def _without_escapes(folder: Path, links: Iterable[str]) -> tuple[Missing, ...]:
    """Remove the links that lead out of the folder by way of others; looked at when all of them are there."""
    escaping = [path for path in links if (folder / path).is_symlink() and not _is_inside(folder / path, folder)]
    for path in escaping:
        (folder / path).unlink()
    return tuple(Missing(path=path, why=f"{path} is a link that leads out of the tree") for path in escaping)


@contextmanager
def _noted(missing: list[Missing], path: str) -> Iterator[None]:
    """What goes wrong with one file is said of that file; only a full disk stops all."""
    try:
        yield
    except StorageFull:
        raise
    except MlverError as error:
        missing.append(Missing(path=path, why=error.message))
    except (OSError, ValueError) as error:
        problem = writing_error(error, path)
        if isinstance(problem, StorageFull):
            raise problem from error
        missing.append(Missing(path=path, why=problem.message))


def make_folders(folder: Path, paths: Iterable[str]) -> None:
    """Empty folders inside the folder, where nothing stands in their way: what does, the step that writes will tell."""
    for path in paths:
        with suppress(MlverError, OSError):
            _made_room(folder, f"{path}/file")


def link_own(folder: Path, top: Path, paths: Iterable[str]) -> None:
    """Symbolic links in the folder to the user's own files: inputs too large to copy, and environments of packages."""
    for path in paths:
        target = folder / path
        with suppress(FileExistsError, NotADirectoryError):  # the version has a file of its own there
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to((top / path).resolve())
