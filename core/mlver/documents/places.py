"""Collects the spots of a document's values while a parser or scanner walks through its text."""

from __future__ import annotations

from mlver.documents.document import Spot


class Places:
    """Is told of keys, values and collections in the order of the text; `root` is the tree of spots."""

    def __init__(self) -> None:
        self.root = Spot(line=1)
        self._open: list[Spot] = []
        self._key: str | None = None
        self._key_line = 0

    @property
    def wants_key(self) -> bool:
        """Whether what comes next is a mapping's key."""
        return bool(self._open) and isinstance(self._open[-1].children, dict) and self._key is None

    def key(self, text: str, line: int) -> None:
        """The key of the next value."""
        self._key = text
        self._key_line = line

    def value(self, spot: Spot) -> None:
        """The next value; what has a key stands on the line of the key."""
        if not self._open:
            self.root = spot
            return
        siblings = self._open[-1].children
        if isinstance(siblings, dict) and self._key is not None:
            spot.line = self._key_line
            siblings[self._key] = spot
            self._key = None
        elif isinstance(siblings, list):
            siblings.append(spot)

    def start(self, spot: Spot) -> None:
        """A collection that the next values belong to."""
        self.value(spot)
        self._open.append(spot)

    def end(self, end: int) -> Spot:
        """The innermost open collection is complete."""
        spot = self._open.pop()
        spot.end = end
        return spot
