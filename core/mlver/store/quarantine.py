"""A place apart for the objects of a snapshot until they were looked at.

It is git's own way with a push: new objects go into a folder beside the database, which is only read from, and move in
when nothing speaks against them. So what was looked at is, byte for byte, what is recorded, filters applied.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from mlver.store.database import ObjectDatabase
from mlver.store.foreign_errors import writing_error
from mlver.store.loose_objects import make_folder
from mlver.store.repository import Repository

_PREFIX = "snapshot-"
_STALE_S = 24 * 3600


class Quarantine(Struct, frozen=True):
    """An index and an object folder of their own, in front of the repository's."""

    folder: Path
    database: Path

    @property
    def index(self) -> Path:
        """The index git is to use."""
        return self.folder / "index"

    @property
    def objects(self) -> Path:
        """Where git puts new objects."""
        return self.folder / "objects"

    @property
    def variables(self) -> dict[str, str]:
        """What makes git work here, and leave the user's index and the database alone."""
        return {
            "GIT_INDEX_FILE": str(self.index),
            "GIT_OBJECT_DIRECTORY": str(self.objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(self.database),
            "GIT_LITERAL_PATHSPECS": "1",
        }

    def release(self) -> None:
        """Move the objects into the database. Raises ReadOnly, StorageFull, StoreFailed."""
        # An index last: git takes a pack for whole as soon as it sees its index.
        files = sorted(
            (path for path in self.objects.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".idx"
        )
        try:
            for path in files:
                target = self.database / path.relative_to(self.objects)
                make_folder(target.parent)
                path.replace(target)
        except OSError as error:
            raise writing_error(error, "the snapshot") from error


@contextmanager
def quarantine(repository: Repository) -> Iterator[tuple[Quarantine, ObjectDatabase]]:
    """A quarantine, and a reader that sees it and the repository's objects; all gone at the end."""
    place = repository.common_dir / "mlver" / "quarantine"
    try:
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    except OSError as error:
        raise writing_error(error, "the snapshot") from error
    apart = Quarantine(folder, repository.common_dir / "objects")
    try:
        apart.objects.mkdir()
        reader = ObjectDatabase(apart.objects, apart.database)
        try:
            yield apart, reader
        finally:
            reader.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    for left in place.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)


def _quoted(path: Path) -> str:
    """The path in git's quotes: a bare one ends at a colon."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{text}"'
