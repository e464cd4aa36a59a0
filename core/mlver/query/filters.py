"""Filters asked of a project: what one needs beside the rows is fetched when it needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from msgspec.structs import replace

from mlver.errors import FieldUnknown, MlverError
from mlver.model.data import Data, value_at
from mlver.model.filtering import Around, Completion, Narrowed
from mlver.model.note import Notebook
from mlver.model.version import Version, VersionRow
from mlver.progress import ShouldStop, never
from mlver.query.searched import SearchedTexts

_QUICKLY_SEARCHED, _QUICKLY_COMPARED = 20_000, 2_000
"""Rows that a key can wait for: the JSON of metrics must be read first (tests/benchmarks/filter_speed.py)."""


class NoteSource(Protocol):
    """Where notes are read."""

    @property
    def is_at_hand(self) -> bool:
        """Whether they were read already."""

    def last(self) -> Notebook:
        """The notes as they were read last; read now where they never were."""


class Filters:
    """The filter language, with a project's params, versions and notes behind it."""

    def __init__(
        self,
        params_of: Callable[[Iterable[VersionRow]], Mapping[str, Mapping[str, Data]]],
        version: Callable[[VersionRow], Version],
        notes: NoteSource | None = None,
    ) -> None:
        """Use `Project.filters`."""
        self._params_of = params_of
        self._version = version
        self._notes = notes
        self._texts = SearchedTexts()

    def prepare(self, rows: Iterable[VersionRow]) -> None:
        """Load and make what the first filter would wait for."""
        from mlver.query.grammar import parse

        parse("a")
        book = self._book()
        for row in rows:
            self._texts.of(row, book)

    def is_quick(self, words: str, among: int) -> bool:
        """Whether so many rows answer a filter within the time a key has; else a screen must not wait for it.

        Raises:
            FilterInvalid: it cannot be read, or asks about a field that is none.
        """
        from mlver.query.fields import Asks
        from mlver.query.narrowing import asked_by

        asked = asked_by(words)
        if asked & {Asks.PARAMS, Asks.VERSION} or (Asks.NOTES in asked and self._notes and not self._notes.is_at_hand):
            return False
        return among <= (_QUICKLY_COMPARED if asked - {Asks.NOTES} else _QUICKLY_SEARCHED)

    def matching(
        self, rows: Sequence[VersionRow], words: str, around: Around, *, should_stop: ShouldStop = never
    ) -> Narrowed:
        """The rows a filter means (docs/filters.md); stopped early, those found until then.

        Raises:
            FilterInvalid: it cannot be read, nobody can answer it here, or no version has the metric or param it names.
        """
        from mlver.query.fields import Asks
        from mlver.query.finding_fields import among
        from mlver.query.narrowing import asked_by, narrow

        try:
            asked = asked_by(words)
        except FieldUnknown as error:
            raise among(error, (name for row in rows for name in row.metrics), self.param_names(rows)) from None
        if Asks.PARAMS in asked:
            around = replace(around, params=self._params_of(rows).get)
        self._texts.forget_beyond(len(rows))
        book = self._book() if Asks.NOTES in asked else Notebook()
        around = replace(
            around,
            version=self._read,
            notes=lambda row: book.of(row).notes,
            searched=lambda row: self._texts.of(row, book),
        )
        return narrow(rows, words, around, should_stop)

    def completion(self, typed: str, rows: Sequence[VersionRow], *, params: Iterable[str] = ()) -> Completion:
        """What the last word of `typed` may become: a field, a metric of the rows, one of the params, a choice."""
        from mlver.query.completing import completion

        return completion(typed, rows, params)

    def param_names(self, rows: Iterable[VersionRow]) -> tuple[str, ...]:
        """The dotted names of all params of the rows, in the order they are met."""
        from mlver.model.nearest import dotted_keys

        met: dict[str, None] = {}
        for params in self._params_of(rows).values():
            met.update(dict.fromkeys(dotted_keys(dict(params))))
        return tuple(met)

    def param_values(self, rows: Iterable[VersionRow], names: Iterable[str]) -> dict[str, dict[str, Data]]:
        """Dotted name of each param -> key of a version -> its value there; versions without it are left out."""
        params, wanted = self._params_of(rows), tuple(names)
        found: dict[str, dict[str, Data]] = {name: {} for name in wanted}
        for key, document in params.items():
            for name in wanted:
                with suppress(KeyError):
                    found[name][key] = value_at(dict(document), name)
        return found

    def _book(self) -> Notebook:
        return self._notes.last() if self._notes else Notebook()

    def _read(self, row: VersionRow) -> Version | None:
        try:
            return self._version(row)
        except MlverError:
            return None
