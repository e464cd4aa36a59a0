"""The index: an SQLite file that remembers what commits determine, and the list as it was last shown.

It lies under the git directory, or in the user's cache when that cannot be written, or in memory when neither can.
Facts are keyed by commit, so they are never stale; and they are never trusted: rows are checked, a file that is damaged
or holds anything but these tables is made anew.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import astuple

from mlver.catalogue.index_file import COLUMNS, LISTED, index_in_memory, opened_index
from mlver.catalogue.stored import Facts, FactsKey, Listed
from mlver.model.moments import LAST_SECOND
from mlver.model.names import MODEL_NAME
from mlver.model.source_names import MLFLOW, SOURCE_NAMES
from mlver.model.version import Agreement, ReplayMark

_values = attrgetter(*COLUMNS)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_RUN = re.compile(r"[a-zA-Z0-9][\w-]{0,255}")
"""The id of a run in a store, as far as one may look."""

_STRIP = re.compile(r"[CDPEHS·*? ]{6}")
_NEWEST = f"""
SELECT {", ".join(f"listed.{name}" for name in LISTED)}, {", ".join(f"version.{name}" for name in COLUMNS)}
FROM listed JOIN version USING (source, store, commit_id, model) WHERE reader = ?
"""


class ReplayFacts(Struct, frozen=True):
    """What the list needs of one replay record."""

    ref_commit: str
    version: str
    agreement: str
    created: str


class Index:
    """The remembered part of the version list."""

    def __init__(self, connection: sqlite3.Connection, *, is_kept: bool) -> None:
        self._connection = connection
        self.is_kept = is_kept
        """False: in memory only, because no folder could be written."""

    @classmethod
    def open(cls, candidates: Sequence[Path]) -> Self:
        """Open the index at the first path that can be written; in memory when none can."""
        for path in candidates:
            connection = opened_index(path)
            if connection:
                return cls(connection, is_kept=True)
        return cls(index_in_memory(), is_kept=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def path(self) -> Path | None:
        """The file; None: it is in memory only."""
        ((_, _, file),) = self._connection.execute("PRAGMA database_list")
        return Path(file) if file else None

    def count(self) -> dict[str, int]:
        """Model -> how many versions were last listed."""
        rows = self._select("SELECT model, count(*) FROM listed WHERE is_listed GROUP BY model", ())
        return {str(model): int(count) for model, count in rows}

    def newest(self, reader: int, limit: int | None = None) -> list[tuple[Listed, Facts]]:
        """The list as last shown, newest first; at most `limit` rows of it."""
        rows = self._select(
            f"{_NEWEST} AND is_listed ORDER BY listed.created DESC, key LIMIT ?",
            (reader, -1 if limit is None else limit),
        )
        return _valid_pairs(rows)

    def unlisted(self, reader: int) -> list[tuple[Listed, Facts]]:
        """The rows that are only there for others to be held against, newest first."""
        rows = self._select(f"{_NEWEST} AND NOT is_listed ORDER BY listed.created DESC, key", (reader,))
        return _valid_pairs(rows)

    def listed(self, reader: int, keys: Iterable[str]) -> list[tuple[Listed, Facts]]:
        """The rows with these keys, listed or only there for others."""
        asked = tuple(keys)
        marks = ", ".join("?" * len(asked))
        return _valid_pairs(self._select(f"{_NEWEST} AND key IN ({marks})", (reader, *asked)))

    def all_listed(self) -> list[Listed]:
        """Every row as it was last listed, whatever it is there for."""
        return list(_valid_listed(self._select(f"SELECT {', '.join(LISTED)} FROM listed", ())))

    def keep_listed(self, gone: Iterable[str], new: Iterable[Listed]) -> None:
        """Remember which rows went and which came or changed."""
        marks = ", ".join("?" * len(LISTED))
        with self._writing():
            self._connection.executemany("DELETE FROM listed WHERE key = ?", [(key,) for key in gone])
            self._connection.executemany(f"INSERT OR REPLACE INTO listed VALUES ({marks})", [_flat(one) for one in new])

    def facts(self, reader: int) -> dict[FactsKey, Facts]:
        """All valid rows as the readers of that version read them, by source, place and model."""
        columns = ", ".join(COLUMNS)
        found = self._select(f"SELECT {columns}, source FROM version WHERE reader = ?", (reader,))
        return {(row[-1], row[0], row[1]): Facts(*row[:-1]) for row in found if _is_valid(row[-1], row)}

    def keep_facts(self, reader: int, facts: Iterable[tuple[str, Facts]]) -> None:
        """Remember rows, each with its source; an index that cannot be written just now is no reason to fail."""
        marks = ", ".join("?" * (len(COLUMNS) + 2))
        rows = [(source, reader, *_storable(_values(entry))) for source, entry in facts]
        with self._writing():
            self._connection.executemany(f"INSERT OR REPLACE INTO version VALUES ({marks})", rows)

    def params(self, reader: int) -> dict[tuple[str, str, str], str]:
        """The params of every version, as JSON, by (store or empty, place, model)."""
        rows = self._select("SELECT store, commit_id, model, params FROM param WHERE reader = ?", (reader,))
        return {(row[0], row[1], row[2]): row[3] for row in rows if all(isinstance(part, str) for part in row)}

    def keep_params(self, reader: int, params: Iterable[tuple[str, str, str]], store: str = "") -> None:
        """Remember params of commits or of a store's runs: place, model, JSON."""
        rows = [_storable((store, place, model, reader, text)) for place, model, text in params]
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO param VALUES (?, ?, ?, ?, ?)", rows)

    def places(self, reader: int) -> dict[str, tuple[str, str]]:
        """Commit -> the source that reads it (empty: it holds no version) and the model it names (or empty)."""
        rows = self._select("SELECT commit_id, source, model FROM place WHERE reader = ?", (reader,))
        return {row[0]: (row[1], row[2]) for row in rows if _is_kind(*row)}

    def keep_places(self, reader: int, places: Mapping[str, tuple[str, str]]) -> None:
        """Remember which source reads a commit."""
        rows = [(commit_id, reader, *found) for commit_id, found in places.items()]
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?)", rows)

    def lineage(self, listed: str) -> dict[str, str] | None:
        """`<commit>/<model>` -> the parent's commit, as found among `listed` (a digest over them); None: not known."""
        if self._select("SELECT 1 FROM lineage_of WHERE listed = ?", (listed,)):
            rows = self._select("SELECT commit_id, parent FROM lineage", ())
            return {str(place): parent for place, parent in rows if _is_commit(parent)}
        return None

    def keep_lineage(self, listed: str, parents: Mapping[str, str]) -> None:
        """Remember who is whose parent."""
        with self._writing():
            self._connection.execute("DELETE FROM lineage")
            self._connection.execute("DELETE FROM lineage_of")
            self._connection.executemany("INSERT INTO lineage VALUES (?, ?)", list(parents.items()))
            self._connection.execute("INSERT INTO lineage_of VALUES (?)", (listed,))

    def tag_commits(self) -> dict[str, str]:
        """Annotated tag object -> the commit it names in the end; tags are immutable, so this is never stale."""
        rows = self._select("SELECT object_id, commit_id FROM tag", ())
        return {str(tag): commit for tag, commit in rows if _is_commit(commit)}

    def keep_tag_commits(self, peeled: Mapping[str, str]) -> None:
        """Remember what annotated tags name."""
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO tag VALUES (?, ?)", list(peeled.items()))

    def rules(self, commit_id: str) -> str | None:
        """A digest over the project files of a commit, the one asked for last; None: not known."""
        rows = self._select("SELECT digest FROM rules WHERE commit_id = ?", (commit_id,))
        return str(rows[0][0]) if rows else None

    def keep_rules(self, commit_id: str, digest: str) -> None:
        """Remember the digest over the project files of the current commit."""
        with self._writing():
            self._connection.execute("DELETE FROM rules")
            self._connection.execute("INSERT INTO rules VALUES (?, ?)", (commit_id, digest))

    def tags_said(self) -> dict[str, tuple[Any, ...]]:
        """Object behind a tag -> commit, name, email, moment, message, problem: as it was read, unchecked."""
        rows = self._select("SELECT object_id, commit_id, name, email, made, message, problem FROM tag_said", ())
        return {str(row[0]): row[1:] for row in rows}

    def keep_tags_said(self, said: Mapping[str, tuple[object, ...]]) -> None:
        """Remember what tags say; they are immutable, so this is never stale."""
        rows = [_storable((object_id, *facts)) for object_id, facts in said.items()]
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO tag_said VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def replays(self) -> dict[str, ReplayFacts]:
        """Every replay record read so far, by its commit."""
        rows = self._select("SELECT ref_commit, version, agreement, created FROM replay", ())
        return {row[0]: ReplayFacts(*row) for row in rows if all(isinstance(part, str) for part in row)}

    def keep_replays(self, replays: Iterable[ReplayFacts]) -> None:
        """Remember replay records."""
        with self._writing():
            self._connection.executemany(
                "INSERT OR REPLACE INTO replay VALUES (?, ?, ?, ?)", [astuple(replay) for replay in replays]
            )

    def _select(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error:
            return []  # unreadable just now: everything is read from git instead

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        # Another process may be writing, the disk may be full: the index is a convenience, git has the truth.
        with contextlib.suppress(sqlite3.Error), self._connection:
            yield


def _storable(values: Iterable[object]) -> tuple[object, ...]:
    """SQLite refuses lone surrogates, which hostile names can hold."""
    return tuple(value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values)


def _flat(one: Listed) -> tuple[object, ...]:
    agreement = (one.replay.agreement.value, one.replay.count) if one.replay else (None, None)
    names, stages = json.dumps(one.names), json.dumps(one.stages)
    place = (one.key, one.ref, one.source, one.commit_id, one.model, one.created, one.name)
    return _storable((*place, names, stages, one.parent, int(one.is_listed), *agreement, one.store))


def _valid_pairs(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Listed, Facts]]:
    pairs = []
    for row in rows:
        listed, facts = row[: len(LISTED)], row[len(LISTED) :]
        if _is_valid(row[_SOURCE], facts):
            with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError):
                pairs.append((_listed(*listed), Facts(*facts)))
    return pairs


def _valid_listed(rows: Iterable[tuple[Any, ...]]) -> Iterator[Listed]:
    for row in rows:
        with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError):
            yield _listed(*row)


def _listed(*parts: Any) -> Listed:
    key, ref, source, commit_id, model, created, name, names, stages, parent, is_listed, *others = parts
    agreement, agreed, store = others
    if not all(isinstance(text, str) for text in (key, ref, model, name, store)) or not _is_moment(created):
        raise TypeError("of another type than it was written")
    return Listed(
        key=key,
        ref=ref,
        source=source,
        commit_id=commit_id,
        model=model,
        created=created,
        name=name,
        names=_texts(names),
        stages=_texts(stages),
        parent=None if parent is None else str(parent),
        is_listed=bool(is_listed),
        replay=ReplayMark(agreement=Agreement(agreement), count=int(agreed)) if agreement else None,
        store=store,
    )


def _texts(text: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(text))) if text != "[]" else ()


_TEXTS = tuple(
    map(
        COLUMNS.index,
        ("commit_id", "model", "status", "author", "title", "strip", "compared", "metrics", "tags", "absent", "store"),
    )
)
_OPTIONAL = tuple(
    map(
        COLUMNS.index,
        ("run", "reason", "recipe", "family", "result", "parent", "primary_metric", "code_commit", "problem"),
    )
)
_FLAGS = tuple(COLUMNS.index(name) for name in ("has_overrides", "is_dirty", "is_broken", "is_partial"))
_CREATED, _STRIP_COLUMN, _STATUS = (COLUMNS.index(name) for name in ("created", "strip", "status"))
_SOURCE = LISTED.index("source")


def _is_valid(source: object, row: Sequence[Any]) -> bool:
    return (
        all(isinstance(row[place], str) for place in _TEXTS)
        and all(row[place] is None or isinstance(row[place], str) for place in _OPTIONAL)
        and all(isinstance(row[place], int) for place in _FLAGS)
        and _is_moment(row[_CREATED])
        and source in SOURCE_NAMES
        and bool((_RUN if source == MLFLOW else _COMMIT).fullmatch(row[0]))
        and bool(_STRIP.fullmatch(row[_STRIP_COLUMN]))
        and row[_STATUS] in {"done", "failed", "interrupted", "running"}
    )


def _is_moment(value: object) -> bool:
    return value is None or (isinstance(value, (int, float)) and math.isfinite(value) and abs(value) <= LAST_SECOND)


def _is_commit(value: object) -> bool:
    return isinstance(value, str) and bool(_COMMIT.fullmatch(value))


def _is_kind(commit_id: object, source: object, model: object) -> bool:
    """Whether a commit, the source that reads it and the model it names are what `recognise` may give."""
    is_model = isinstance(model, str) and (not model or bool(MODEL_NAME.fullmatch(model)))
    return _is_commit(commit_id) and (source in SOURCE_NAMES or not source) and is_model
