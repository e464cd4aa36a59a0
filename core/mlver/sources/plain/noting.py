"""What of a version could not be read, gathered while the rest is."""

from __future__ import annotations

from dataclasses import dataclass, field

from mlver.errors import MlverError


@dataclass(slots=True)
class Notes:
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
        """Every sentence once, what is broken first."""
        return tuple(dict.fromkeys((*self.broken, *self.others)))

    @property
    def problem(self) -> str | None:
        """The first thing that is broken."""
        return self.broken[0] if self.broken else None
