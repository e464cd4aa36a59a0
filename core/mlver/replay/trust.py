"""Which versions this user trusts on this machine: those recorded here, and those the user said so of.

Names and addresses in a manifest prove nothing, for whoever writes the repository writes them. What is kept here lies
with the user and goes by the commit's id, which holds all that would run.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

from mlver.errors import ReadOnly

_COMMIT = re.compile(r"[0-9a-f]{40}")


class Trust(Struct, frozen=True):
    """The user's answers, one empty file per version."""

    folder: Path

    def has(self, commit_id: str) -> bool:
        """Whether the user recorded this version here, or agreed to run it."""
        return bool(_COMMIT.fullmatch(commit_id)) and self._path(commit_id).is_file()

    def remember(self, commit_id: str) -> None:
        """From now on this version runs without being asked about. Raises ReadOnly when that cannot be kept."""
        path = self._path(commit_id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError as error:
            raise ReadOnly(f"{path} cannot be written: {error.strerror}") from error

    def _path(self, commit_id: str) -> Path:
        return self.folder / commit_id[:2] / commit_id
