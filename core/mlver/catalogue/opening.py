"""What a folder that is opened stands for: a git repository, an MLflow store, or both."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from mlver.errors import NotARepository
from mlver.sources.mlflow.finding import store_places
from mlver.store.discovery import Place, find_place


class Opened(Struct, frozen=True, kw_only=True):
    """Where versions are looked for."""

    place: Place | None
    """The repository; None: there is none around."""
    folder: Path
    """At, in and beside it stores are looked for."""
    is_store: bool
    """The folder itself is a store, or in no repository: git's own versions are not asked for."""

    def index_files(self, cache: Path) -> tuple[Path, ...]:
        """Where the index may be kept, the best place first. Nothing is ever written into a store."""
        whole = self.folder if self.is_store or self.place is None else self.place.common_dir
        name = str(whole.resolve()).replace("/", "%")[-200:]
        cached = cache / "index" / f"{name}.sqlite"
        if self.is_store or self.place is None:
            return (cached,)
        return (self.place.common_dir / "mlver" / "index.sqlite", cached)


def find_opened(folder: Path) -> Opened:
    """What the folder, or the file of a database, stands for. Raises NotARepository, RepositoryDamaged."""
    folder = folder.absolute()
    stores = list(store_places(folder))
    is_store = any(place == folder for place, _ in stores)
    if folder.is_file() and not is_store:
        raise NotARepository(f"{folder} is neither a folder nor an MLflow database", hint="name the folder it lies in")
    try:
        place = find_place(folder if folder.is_dir() else folder.parent)
    except NotARepository:
        if not stores:
            raise
        return Opened(place=None, folder=folder, is_store=True)
    return Opened(place=place, folder=folder if is_store else place.folder, is_store=is_store)
