"""Which versions hold a file's content: what version is this file of?"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5, sha1, sha256
from pathlib import Path

from mlver.errors import BadArgument, MlverError
from mlver.model.manifest import Manifest
from mlver.model.version import VersionRow

_DIGEST = re.compile(r"(?:(?:sha256|md5|git):)?([0-9a-f]{8,64})")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A version that holds the content."""

    version: VersionRow
    path: str
    """Where it was in that version."""
    role: str
    """`output of train`, `input of evaluate`, `data set eval`."""
    digest: str
    """The sha256, or what a foreign version has instead, with its scheme in front: `md5:…`."""


def digests_of(path_or_digest: str) -> tuple[str, ...]:
    """The digests of a file by every rule versions are kept by, or the digest (its first 8 digits at least) itself.

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
        return (match[1],)
    raise BadArgument(
        f"{path_or_digest!r} is neither a file here nor a digest", hint="a digest has at least 8 hexadecimal digits"
    )


def which(
    rows: Iterable[VersionRow], digests: Sequence[str], *, read: Callable[[VersionRow], Manifest]
) -> tuple[Occurrence, ...]:
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
            if known.rpartition(":")[2].startswith(tuple(digests)) and (path, known) not in seen:
                seen.add((path, known))
                found.append(Occurrence(version=row, path=path, role=role, digest=known))
    return tuple(found)


def _files(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """Path, role and digest of every file a manifest names: what was made before what was read."""
    named = [(one.path, f"output of {one.step or 'the run'}", one.digest) for one in manifest.artifacts]
    named += [(one.path, f"data set {one.name}", one.digest) for one in manifest.data]
    for step in manifest.steps:
        named += [(file.path, f"output of {step.name}", file.digest) for file in step.outputs]
        named += [(file.path, f"input of {step.name}", file.digest) for file in step.inputs]
    return ((path, role, digest) for path, role, digest in named if digest)


def _hashed(path: Path) -> tuple[str, ...]:
    """sha256, as mlver and Git LFS name contents; md5, as DVC does; sha1 of a blob, as git does."""
    blob = sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    rules = (sha256(), md5(usedforsecurity=False), blob)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            for rule in rules:
                rule.update(piece)
    return tuple(rule.hexdigest() for rule in rules)
