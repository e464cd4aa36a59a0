"""Data that versions only refer to: too large to be kept, it lies in the working tree as long as nobody changes it."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from mlver.model.manifest import Artifact

MOST_HASHED = 4 << 30
"""Bytes of a file that is read whole to know whether it is what was recorded; a larger one counts as not here."""


def referenced_file(folder: Path, artifact: Artifact) -> Path | None:
    """The file at the artifact's path below `folder`, when its content is what was recorded; else None."""
    path = folder / artifact.path
    try:
        if path.is_symlink() or not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            return None
        size = path.stat().st_size
        if artifact.sha256 is None or size > MOST_HASHED or size != artifact.size:
            return None
        with path.open("rb") as file:
            return path if file_digest(file, "sha256").hexdigest() == artifact.sha256 else None
    except OSError:
        return None
