"""Old products out of the way before their step, so an old file is never recorded as new, and back when it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

OVERTAKEN = "overtaken"


class Aside:
    """A folder under the git directory that holds the products of earlier runs while a run is under way.

    It survives a crash: the next run in the same working tree restores what a killed one left there. Links are held
    and put back as links, never followed.
    """

    def __init__(self, folder: Path, top: Path) -> None:
        """`folder` holds them; `top` is where they belong."""
        self._folder = folder
        self._top = top
        self.overtaken_paths: tuple[str, ...] = ()
        """What the last `restore` moved to `overtaken`."""

    @property
    def overtaken(self) -> Path:
        """Where `restore` moves what it may neither leave in place nor delete: of every path the latest."""
        return self._folder.with_name(OVERTAKEN)

    @property
    def holds_something(self) -> bool:
        """Whether a run is under way, or one was killed."""
        return self._folder.exists()

    def take(self, paths: Iterable[str]) -> None:
        """Move these files here; paths are relative to the top."""
        for path in paths:
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self._top / path, target)

    def restore(self, *, replace: bool = False) -> tuple[str, ...]:
        """Put back every file whose place is free, then forget the rest; gives what was put back.

        With `replace`, for a run that did not end well, everything comes back: what that run left half made in the
        place of a file goes to `overtaken`. Without, the new products stay, and the old files they took the place of
        are dropped; an old link goes to `overtaken`, for what it pointed at is no product.
        """
        self.overtaken_paths = ()
        restored = []
        for path in sorted(_held_in(self._folder)):
            in_the_way = self._in_the_way(path)
            if in_the_way is not None and replace:
                self._overtake(self._top / in_the_way, in_the_way)
            if in_the_way is None or replace:
                _move(self._folder / path, self._top / path)
                restored.append(path.as_posix())
            elif (self._folder / path).is_symlink():
                self._overtake(self._folder / path, path)
        self._forget()
        return tuple(restored)

    def _in_the_way(self, path: Path) -> Path | None:
        """What has taken the place of a held file: something of its name, or a file where its folder was."""
        for folder in reversed(path.parents):
            here = self._top / folder
            if os.path.lexists(here) and not here.is_dir():
                return folder
        return path if os.path.lexists(self._top / path) else None

    def _overtake(self, found: Path, path: Path) -> None:
        target = self.overtaken / path
        for older in (*(self.overtaken / folder for folder in reversed(path.parents)), target):
            _make_room(older, for_folder=older != target)
        _move(found, target)
        self.overtaken_paths += (path.as_posix(),)

    def _forget(self) -> None:
        """Drop what is still held: new products have taken its place."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _held_in(folder: Path) -> Iterator[Path]:
    """Everything that is no folder of its own right, links to folders included."""
    for parent, folders, names in os.walk(folder, followlinks=False):
        for name in (*names, *(one for one in folders if Path(parent, one).is_symlink())):
            yield Path(parent, name).relative_to(folder)


def _make_room(path: Path, *, for_folder: bool) -> None:
    if path.is_dir() and not path.is_symlink():
        if not for_folder:
            shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


def _move(found: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(found, target)
