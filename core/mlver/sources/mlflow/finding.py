"""Finds the MLflow stores at, in and beside a folder."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from os.path import relpath
from pathlib import Path

META = "meta.yaml"
"""What makes a folder of a file store an experiment or a run."""

FILE_STORE = "mlruns"
DATABASE = "mlflow.db"

_LOOKED_AT = 200
"""Folders of a file store that are looked at for one that is an experiment."""

_SQLITE = b"SQLite format 3\0"


def store_places(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each store once, with the label people write it by: the folder itself, else in it, else beside it."""
    folder = folder.absolute()
    if is_database(folder) or is_file_store(folder):
        yield folder, folder.name
        return
    seen = set()
    for place in (folder / FILE_STORE, folder / DATABASE, folder.parent / FILE_STORE, folder.parent / DATABASE):
        if (is_file_store(place) if place.name == FILE_STORE else is_database(place)) and place.resolve() not in seen:
            seen.add(place.resolve())
            yield place, relpath(place, folder)


def is_file_store(place: Path) -> bool:
    """Whether a folder holds experiments; a database's artifacts lie in folders that look alike."""
    try:
        return any((inner / META).is_file() for inner in islice(place.iterdir(), _LOOKED_AT))
    except OSError:
        return False


def is_database(place: Path) -> bool:
    """Whether a file is a SQLite database by its first bytes."""
    try:
        if not place.is_file():
            return False
        with place.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False
