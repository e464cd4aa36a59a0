"""Old products out of the way before their step, so an old file is never recorded as new, and back when it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


class Aside:
    """A folder under the git directory that holds the products of earlier runs while a run is under way.

    It survives a crash: the next run in the same working tree restores what a killed one left there.
    """

    def __init__(self, folder: Path, top: Path) -> None:
        """`folder` holds them; `top` is where they belong."""
        self._folder = folder
        self._top = top

    def take(self, paths: Iterable[str]) -> None:
        """Move these files here; paths are relative to the top."""
        for path in paths:
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self._top / path, target)

    def restore(self) -> tuple[str, ...]:
        """Put back every file whose place is free, then forget the rest; gives what was put back."""
        restored = []
        for held in _files_in(self._folder):
            path = held.relative_to(self._folder)
            target = self._top / path
            if not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(held, target)
                restored.append(path.as_posix())
        self.forget()
        return tuple(restored)

    def forget(self) -> None:
        """Drop what is held: new products have taken its place."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _files_in(folder: Path) -> list[Path]:
    return sorted(Path(parent, name) for parent, _, names in os.walk(folder, followlinks=False) for name in names)
