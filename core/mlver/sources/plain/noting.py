"""What of a version could not be read, gathered while the rest is."""

from __future__ import annotations

from msgspec import Struct, field

from mlver.errors import MlverError

MOST_NOTES = 50
"""Sentences of one version; a hostile file can hold thousands of faults."""


class Notes(Struct):
    """Sentences for the version's notes."""

    broken: list[str] = field(default_factory=list)
    """Files that should say something and cannot be read."""
    others: list[str] = field(default_factory=list)
    """What was left out, or is somewhere else."""

    def failed(self, path: str, error: MlverError) -> None:
        """A file could not be read."""
        self.broken.append(error.message if path in error.message else f"{path}: {error.message}")

    @property
    def all(self) -> tuple[str, ...]:
        """Every sentence once, what is broken first, and no more than anybody reads."""
        texts = tuple(dict.fromkeys((*self.broken, *self.others)))
        return texts if len(texts) <= MOST_NOTES else (*texts[:MOST_NOTES], f"and {len(texts) - MOST_NOTES} more")

    @property
    def problem(self) -> str | None:
        """The first thing that is broken."""
        return self.broken[0] if self.broken else None
