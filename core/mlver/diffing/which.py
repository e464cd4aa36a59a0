"""Which versions hold a file's content: what version is this file of?"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mlver.errors import BadArgument, MlverError
from mlver.model.manifest import Manifest
from mlver.model.version import VersionRow

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{8,64})")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A version that holds the content."""

    version: VersionRow
    path: str
    """Where it was in that version."""
    role: str
    """`output of train`, `input of evaluate`, `data set eval`."""
    sha256: str


def digest_of(path_or_digest: str) -> str:
    """The sha256 of a file, or the digest (or its beginning, at least 8 digits) itself.

    Raises BadArgument when it is neither.
    """
    path = Path(path_or_digest)
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return _hashed(path)
        is_there = True
    except FileNotFoundError:
        is_there = False
    except OSError as error:
        raise BadArgument(f"{path} cannot be read: {error.strerror}") from error
    if is_there:
        raise BadArgument(f"{path} is no regular file", hint="name one file, or a sha256")
    if match := _DIGEST.fullmatch(path_or_digest.lower()):
        return match[1]
    raise BadArgument(
        f"{path_or_digest!r} is neither a file here nor a digest", hint="a digest has at least 8 hexadecimal digits"
    )


def which(rows: Iterable[VersionRow], digest: str, *, read: Callable[[VersionRow], Manifest]) -> tuple[Occurrence, ...]:
    """Every place where a version holds that content, in the order of the rows; unreadable versions are passed over."""
    found: list[Occurrence] = []
    for row in rows:
        if row.is_broken:
            continue
        try:
            manifest = read(row)
        except MlverError:
            continue  # the list marks what cannot be read
        seen: set[tuple[str, str]] = set()
        for path, role, known in _files(manifest):
            if known.startswith(digest) and (path, known) not in seen:
                seen.add((path, known))
                found.append(Occurrence(version=row, path=path, role=role, sha256=known))
    return tuple(found)


def _files(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """Path, role and digest of every file a manifest names: what was made before what was read."""
    named = [(one.path, f"output of {one.step or 'the run'}", one.sha256) for one in manifest.artifacts]
    named += [(one.path, f"data set {one.name}", one.sha256) for one in manifest.data]
    for step in manifest.steps:
        named += [(file.path, f"output of {step.name}", file.sha256) for file in step.outputs]
        named += [(file.path, f"input of {step.name}", file.sha256) for file in step.inputs]
    return ((path, role, digest) for path, role, digest in named if digest)


def _hashed(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
