"""Git LFS pointers: the small text that stands in a tree for a large file.

The format is Git LFS's own (specification v1): with `.gitattributes` beside it, `git checkout` under Git LFS gives
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

VERSION = "https://git-lfs.github.com/spec/v1"

_VERSIONS = {VERSION, "https://hawser.github.com/spec/v1"}
POINTER_BYTES = 1024
"""No pointer is longer."""
_LINE = re.compile(r"([a-z0-9.-]+) (.*)")
_OID = re.compile(r"sha256:([0-9a-f]{64})")
_SIZE = re.compile(r"[0-9]{1,18}")

MARKER = "# Written by mlver: the files named below are kept as Git LFS pointers."
"""First line of a `.gitattributes` that mlver alone has written."""

_ATTRIBUTES = "filter=lfs diff=lfs merge=lfs -text"


class Pointer(Struct, frozen=True, kw_only=True):
    """What a pointer says about the file it stands for."""

    sha256: str
    """64 hexadecimal digits."""
    size: int
    """Bytes."""


def read_pointer(content: bytes) -> Pointer | None:
    """The pointer these bytes are; None: they are some other file.

    Tolerant where no meaning is lost (unknown keys, line ends, the old address), strict about digest and size.
    """
    if len(content) > POINTER_BYTES or not content.startswith(b"version "):
        return None
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        return None
    matches = [_LINE.fullmatch(line) for line in lines]
    if None in matches:
        return None
    pairs = [(match[1], match[2]) for match in matches if match]
    values = dict(pairs)
    oid = _OID.fullmatch(values.get("oid", ""))
    size = _SIZE.fullmatch(values.get("size", ""))
    if len(values) < len(pairs) or values["version"] not in _VERSIONS or oid is None or size is None:
        return None
    return Pointer(sha256=oid[1], size=int(size[0]))


def pointer_text(sha256: str, size: int) -> bytes:
    """The canonical pointer."""
    return f"version {VERSION}\noid sha256:{sha256}\nsize {size}\n".encode()


def lfs_path(common_dir: Path, sha256: str) -> Path:
    """Where Git LFS keeps the file in a repository, if it has it."""
    return common_dir / "lfs" / "objects" / sha256[:2] / sha256[2:4] / sha256


def attributes_text(names: Iterable[str], existing: bytes = b"") -> bytes:
    """A `.gitattributes` that makes files of its own folder pointers; what `existing` says stays."""
    lines = existing.decode(errors="surrogateescape").splitlines()
    if MARKER not in lines:
        lines.append(MARKER)
    for name in sorted(names):
        line = f"{_pattern(name)} {_ATTRIBUTES}"
        if line not in lines:
            lines.append(line)
    return ("\n".join(lines) + "\n").encode(errors="surrogateescape")


def is_own_attributes(content: bytes) -> bool:
    """Whether mlver alone wrote this `.gitattributes`, so that it is no part of the user's code."""
    return content.startswith(MARKER.encode() + b"\n")


def _pattern(name: str) -> str:
    """The pattern for one file: anchored to this folder, no letter of it special."""
    literal = "/" + re.sub(r"([*?\[\]\\])", r"\\\1", name)
    if not re.search(r'[\s"\\\x00-\x1f\x7f]', literal):
        return literal
    quoted = literal.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda letter: f"\\{ord(letter[0]):03o}", quoted) + '"'
