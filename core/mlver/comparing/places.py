"""Where the values of one side were written."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mlver.model.data import Path, Place


class Source(Struct, frozen=True, kw_only=True):
    """One file that values came from."""

    file: str
    lines: Mapping[Path, int]
    """Path in that file -> line, from 1; may be lazy."""


class Places(Struct, frozen=True, kw_only=True):
    """The files behind one tree of values.

    Several files can feed one tree: params are merged from all params files. A path belongs to the first file that
    has a line for it; a path that no file has a line for has no place.
    """

    sources: tuple[Source, ...] = ()

    def at(self, path: Path) -> Place | None:
        """The place of the value at `path`."""
        for source in self.sources:
            line = source.lines.get(path)
            if line is not None:
                return Place(source.file, line)
        return None


NOWHERE = Places()
