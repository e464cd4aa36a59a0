"""The local cache of a DVC project: contents by checksum, and the listings of folders."""

from __future__ import annotations

import configparser
import re
import stat
from pathlib import Path

from msgspec import Struct

from mlver.documents.reading import Budget, read_json
from mlver.errors import DocumentInvalid
from mlver.model.manifest import FileFact
from mlver.sources.dvc.parts import Origin, Part, joined
from mlver.sources.dvc.recognising import OWN_FOLDER
from mlver.sources.dvc.tracked import FOLDER
from mlver.sources.plain.noting import Notes

LISTING_BUDGET = Budget(max_bytes=64 << 20, max_depth=4, max_nodes=4_000_000)
"""Of one folder's listing: some 600,000 files."""

_LAYOUTS = {"md5": ("files", "md5"), "md5-dos2unix": ()}
"""Scheme -> folders below the cache: DVC 3 keeps its objects apart from those of older ones."""

_NAME = re.compile(r"[0-9a-f]{32}(?:\.dir)?")
_SETTINGS = ("config", "config.local")
_SETTINGS_LIMIT = 1 << 20


class Listing(Struct, frozen=True, kw_only=True):
    """The files of a folder that DVC tracks as one."""

    files: tuple[FileFact, ...]
    """Paths from the repository's top."""
    problems: tuple[str, ...] = ()
    """Entries that were left out, and why."""


class LocalCache(Struct, frozen=True):
    """What lies in the cache of one project; nothing is fetched, nothing is written."""

    folder: Path

    @classmethod
    def of_project(cls, top: Path) -> LocalCache:
        """The cache its settings name when that is a folder of this machine, else `.dvc/cache`."""
        own = top / OWN_FOLDER
        written = next(filter(None, (_cache_dir(own / name) for name in reversed(_SETTINGS))), "cache")
        return cls(own / written)

    def path_of(self, checksum: str | None) -> Path | None:
        """The file with that content, or of that folder's listing; None: it is not present here."""
        path = self.place_of(checksum)
        try:
            return path if path and stat.S_ISREG(path.lstat().st_mode) else None
        except OSError:
            return None

    def place_of(self, checksum: str | None) -> Path | None:
        """Where that content would lie, be it there or not; None: a cache has no place for such a checksum."""
        scheme, _, name = (checksum or "").partition(":")
        if scheme not in _LAYOUTS or not _NAME.fullmatch(name):
            return None
        return self.folder.joinpath(*_LAYOUTS[scheme], name[:2], name[2:])

    def listing(self, checksum: str | None, folder: str) -> Listing | None:
        """The files of a tracked folder that lies at `folder`; None: no folder, or its listing is not here.

        Raises DocumentInvalid for a listing that is none.
        """
        path = self.path_of(checksum)
        if path is None or checksum is None or not checksum.endswith(FOLDER):
            return None
        try:
            with path.open("rb") as file:
                content = file.read(LISTING_BUDGET.max_bytes + 1)
        except OSError:
            return None
        return read_listing(content, name=f"the listing of {folder}", folder=folder, scheme=checksum.partition(":")[0])


def read_listing(content: bytes, *, name: str, folder: str, scheme: str) -> Listing:
    """The files in a listing's JSON: `[{"md5": …, "relpath": …}, …]`. Raises DocumentInvalid."""
    document = read_json(content, name=name, budget=LISTING_BUDGET)
    if not isinstance(document.data, list):
        raise DocumentInvalid("is no list of files", name=name)
    notes = Notes()
    files = []
    for entry in document.data:
        relative, value = (entry.get("relpath"), entry.get("md5")) if isinstance(entry, dict) else (None, None)
        inner = joined("", relative) if isinstance(relative, str) and relative else None
        if inner is None or inner == "." or "://" in inner:
            Part(Origin(name, document, notes), None).note(f"{relative!r} leads out of the folder; left out")
        else:
            checksum = f"{scheme}:{value}" if isinstance(value, str) else None
            files.append(FileFact(path=f"{folder}/{inner}", sha256=None, checksum=checksum))
    return Listing(files=tuple(files), problems=notes.all)


def _cache_dir(settings: Path) -> str | None:
    """`cache.dir` of a settings file; None: not said, or no folder of this machine."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        if not stat.S_ISREG(settings.lstat().st_mode) or settings.stat().st_size > _SETTINGS_LIMIT:
            return None
        parser.read_string(settings.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return None
    value = parser.get("cache", "dir", fallback="").strip().strip("\"'")
    return value if value and "://" not in value and "\0" not in value else None
