"""Where the artifacts of runs and models lie, as far as that is on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from mlver.errors import MlverError
from mlver.model.manifest import Artifact
from mlver.sources.mlflow.disk_folder import DiskFolder
from mlver.sources.mlflow.folder import Folder, file_fact, files_below, joined

MOST_LISTED = 2_000
"""Artifacts of one run; the rest is counted as cut off."""

_BESIDE = ("mlruns", "mlartifacts")
"""Where clients and servers put artifacts when nobody says otherwise, beside the database or the file store."""

_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,255}")
"""What MLflow allows ids to be: nothing that leads elsewhere."""

_WINDOWS = re.compile(r"/?[A-Za-z]:[\\/]")


class Root(Struct, frozen=True, kw_only=True):
    """A folder whose files are artifacts of a run."""

    folder: Folder
    path: str
    prefix: str = ""
    """In front of their paths: the name of a logged model, nothing for the run's own artifacts."""

    def inside(self, artifact: str) -> str | None:
        """The path in `folder` of an artifact of this root; None: it is not of this root."""
        if self.prefix:
            if not artifact.startswith(f"{self.prefix}/"):
                return None
            artifact = artifact.removeprefix(f"{self.prefix}/")
        return joined(self.path, artifact)


def free_prefix(name: str, model_id: str, taken: set[str]) -> str:
    """Below which the files of a logged model stand; a run may log several models of one name."""
    prefix = name if name not in taken else f"{name}.{model_id}"
    taken.add(name)
    return prefix


def found_root(uri: str, ending: tuple[str, ...], beside: Path, prefix: str = "") -> Root | None:
    """The root that a store names, where it is on this machine.

    Args:
        uri: As recorded: a path, `file:`, or what a server or a bucket has.
        ending: The last parts of every place MLflow makes for it: (experiment id, run id, `artifacts`).
        beside: The folder the store lies in; where it was moved, its artifacts were moved with it.
        prefix: See `Root`.
    """
    if not all(_NAME.fullmatch(part) for part in ending):
        return None
    for place in _places(uri, ending, beside):
        if _holds_files(place):
            return Root(folder=DiskFolder(place), path="", prefix=prefix)
    return None


def _holds_files(place: Path) -> bool:
    """Whether it is a folder that holds something; where one of the ids is a link, it is none of MLflow's."""
    try:
        return not (place.is_symlink() or place.parent.is_symlink()) and any(place.iterdir())
    except OSError:
        return False


def _places(uri: str, ending: tuple[str, ...], beside: Path) -> Iterator[Path]:
    named = local_path(uri)
    # Only a folder MLflow would make for this run: what a store names comes from whoever wrote the store.
    if named is not None and ".." not in named.parts and named.parts[-2:] == ending[-2:]:
        yield named if named.is_absolute() else beside / named
    for name in _BESIDE:
        yield beside.joinpath(name, *ending)


def local_path(uri: str) -> Path | None:
    """The path that a URI names on this machine; None: it is elsewhere."""
    if _WINDOWS.match(uri):
        return None
    parts = urlsplit(uri)
    if parts.scheme == "file":
        path = unquote(parts.path)
        return None if parts.netloc not in {"", "localhost"} or _WINDOWS.match(path) or "\0" in path else Path(path)
    return None if parts.scheme or not uri or "\0" in uri else Path(uri)


def listed(roots: tuple[Root, ...]) -> tuple[tuple[Artifact, ...], tuple[str, ...]]:
    """The artifacts of a run, by name and size, and a note when there are more than are listed."""
    found: list[Artifact] = []
    try:
        for root in roots:
            for path in files_below(root.folder, root.path):
                if len(found) >= MOST_LISTED:
                    return tuple(found), (f"artifacts: only the first {MOST_LISTED} are listed",)
                fact = file_fact(root.folder, joined(root.path, path), joined(root.prefix, path))
                found.append(Artifact(path=fact.path, sha256=None, size=fact.size, checksum=fact.checksum))
    except MlverError as error:
        return tuple(found), (f"artifacts: {error.message}",)
    return tuple(found), ()


def where(roots: tuple[Root, ...], artifact: str) -> Path | bytes | None:
    """Where an artifact lies, or its bytes; None: it is not here."""
    for root in roots:
        inner = root.inside(artifact)
        found = root.folder.where(inner) if inner else None
        if found is not None:
            return found
    return None
