"""What a comparison notes down besides its trees: sentences a reader must see, and whether a limit was hit."""

from __future__ import annotations

from msgspec import Struct, field

from mlver.errors import Interrupted, LimitReached, MlverError
from mlver.progress import Report, ShouldStop, silent


class Notebook(Struct):
    """Filled while one comparison runs."""

    should_stop: ShouldStop
    notes: list[str] = field(default_factory=list)
    is_complete: bool = True
    report: Report = silent

    def note(self, sentence: str) -> None:
        """A sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def failed(self, what: str, error: MlverError) -> None:
        """A part that could not be read; a limit makes the comparison incomplete. The user's stop goes on up."""
        if isinstance(error, Interrupted):
            raise error
        self.is_complete &= not isinstance(error, LimitReached)
        self.note(f"{what}: {error.message}")

    def check(self) -> None:
        """Raises Interrupted when the work should end."""
        if self.should_stop():
            raise Interrupted("the comparison was stopped")
