"""Which versions hold a file's content: what version is this file of?"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from mlver.diffing.contents import Contents
from mlver.diffing.hashing import file_digests
from mlver.errors import BadArgument, MlverError
from mlver.model.manifest import Artifact, FileFact
from mlver.model.version import Version, VersionRow

_DIGEST = re.compile(r"(?:(?:sha256|md5|md5-dos2unix|git):)?([0-9a-f]{8,64})")
_FOLDER = ".dir"
"""Ends the digest of a folder that is recorded as one."""


class Occurrence(Struct, frozen=True, kw_only=True):
    """A version that holds the content."""

    version: VersionRow
    path: str
    """Where it was in that version."""
    role: str
    """`output of train`, `input of evaluate`, `data set eval`."""
    digest: str
    """The sha256, or what a foreign version has instead, with its scheme in front: `md5:…`."""


class Search(Struct, frozen=True, kw_only=True):
    """Where a content was found, and where nobody could look."""

    occurrences: tuple[Occurrence, ...]
    """In the order of the list."""
    unread: tuple[str, ...]
    """Versions that cannot be read, and folders (`data/images of v1`) whose listing is not here."""


def digests_of(path_or_digest: str) -> tuple[str, ...]:
    """The digests of a file by every rule versions are kept by, or the digest (its first 8 digits at least) itself.

    Raises BadArgument when it is neither.
    """
    path = Path(path_or_digest)
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return file_digests(path)
        is_there = True
    except FileNotFoundError:
        is_there = False
    except OSError as error:
        raise BadArgument(f"{path} cannot be read: {error.strerror}") from error
    if is_there:
        raise BadArgument(f"{path} is no regular file", hint="name one file, or a sha256")
    if match := _DIGEST.fullmatch(path_or_digest.lower()):
        return (match[1],)
    raise BadArgument(
        f"{path_or_digest!r} is neither a file here nor a digest", hint="a digest has at least 8 hexadecimal digits"
    )


def which(
    rows: Iterable[VersionRow],
    digests: Sequence[str],
    *,
    read: Callable[[VersionRow], Version],
    contents: Contents,
) -> Search:
    """Every place where a version holds that content, in the order of the rows."""
    looking = _Looking(tuple(digests), contents)
    for row in rows:
        try:
            looking.look_into(read(row))
        except MlverError:
            looking.unread.append(row.name)
    return Search(occurrences=tuple(looking.found), unread=tuple(looking.unread))


class _Looking:
    """One search."""

    def __init__(self, digests: tuple[str, ...], contents: Contents) -> None:
        self.found: list[Occurrence] = []
        self.unread: list[str] = []
        self._digests = digests
        self._contents = contents
        self._below: dict[tuple[str, str, str], tuple[FileFact, ...] | None] = {}
        """(source, path, digest) of a folder -> the files in it that are meant; versions share most folders."""

    def look_into(self, version: Version) -> None:
        """Add what the version holds of the content."""
        seen: set[tuple[str, str]] = set()
        for role, named, is_kept in _named(version):
            own = FileFact(path=named.path, sha256=named.sha256, checksum=named.checksum)
            below = self._below_folder(version, named) if is_kept else ()
            for one in (*self._meant([own]), *below):
                digest = one.digest or ""
                if (one.path, digest) not in seen:
                    seen.add((one.path, digest))
                    self.found.append(Occurrence(version=version.row, path=one.path, role=role, digest=digest))

    def _below_folder(self, version: Version, named: Artifact) -> tuple[FileFact, ...]:
        """The files that are meant in a folder; none in what is a file."""
        if named.digest is not None and not named.digest.endswith(_FOLDER):
            return ()
        key = (version.row.source, named.path, named.digest or version.row.key)
        if key not in self._below:
            self._below[key] = self._looked_below(version, named)
        below = self._below[key]
        if below is None and (place := f"{named.path} of {version.row.name}") not in self.unread:
            self.unread.append(place)
        return below or ()

    def _looked_below(self, version: Version, folder: Artifact) -> tuple[FileFact, ...] | None:
        try:
            files = self._contents.members(version, folder)
        except MlverError:
            return None
        return None if files is None else tuple(self._meant(files))

    def _meant(self, files: Iterable[FileFact]) -> Iterator[FileFact]:
        return (one for one in files if (one.digest or "").rpartition(":")[2].startswith(self._digests))


def _named(version: Version) -> Iterator[tuple[str, Artifact, bool]]:
    """Role and identity of everything a version names: what was made before what was read.

    And whether the version keeps it: what steps read is somebody's output or data, or code.
    """
    manifest = version.manifest
    yield from ((f"output of {one.step or 'the run'}", one, True) for one in manifest.artifacts)
    for data in manifest.data:
        yield f"data set {data.name}", Artifact(path=data.path, sha256=data.sha256, checksum=data.checksum), True
    for step in manifest.steps:
        yield from ((f"output of {step.name}", _as_artifact(file), False) for file in step.outputs)
        yield from ((f"input of {step.name}", _as_artifact(file), False) for file in step.inputs)


def _as_artifact(file: FileFact) -> Artifact:
    return Artifact(path=file.path, sha256=file.sha256, checksum=file.checksum)
