"""The index: an SQLite file that remembers what commits determine, and the list as it was last seen.

It lies under the git directory, or in the user's cache when that cannot be written, or in memory when neither can.
It is keyed by commit, so it is never stale; and it is never trusted: rows are checked, a damaged file is made anew.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mlver.catalogue.facts import Facts

_SCHEMA_VERSION = 1
_COLUMNS = tuple(field.name for field in fields(Facts))
_values = attrgetter(*_COLUMNS)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_STRIP = re.compile(r"[CDPEHS·*? ]{6}")
_BUSY_MS = 2000

_SCHEMA = f"""
CREATE TABLE version (
  source TEXT NOT NULL, reader INTEGER NOT NULL, {", ".join(_COLUMNS)},
  PRIMARY KEY (source, commit_id, model, reader)
) WITHOUT ROWID;
CREATE TABLE seen (ref TEXT PRIMARY KEY, source TEXT, commit_id TEXT, model TEXT) WITHOUT ROWID;
CREATE TABLE replay (
  ref_commit TEXT PRIMARY KEY, version TEXT NOT NULL, agreement TEXT NOT NULL, created TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE seen_release (name TEXT PRIMARY KEY, commit_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen_replay (ref_commit TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tag (object_id TEXT PRIMARY KEY, commit_id TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_SCHEMA_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A ref that holds a version, as it was last seen."""

    ref: str
    source: str
    commit_id: str
    model: str


@dataclass(frozen=True, slots=True)
class ReplayFacts:
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
            connection = _opened(path)
            if connection:
                return cls(connection, is_kept=True)
        return cls(_prepared(sqlite3.connect(":memory:", check_same_thread=False)), is_kept=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def facts(self, source: str, reader: int) -> dict[tuple[str, str], Facts]:
        """All valid rows of a source as its reader of that version read them, by (commit, model)."""
        columns = ", ".join(_COLUMNS)
        found = self._select(f"SELECT {columns} FROM version WHERE source = ? AND reader = ?", (source, reader))
        return {(row[0], row[1]): Facts(*row) for row in found if _is_valid(row)}

    def keep_facts(self, source: str, reader: int, facts: Iterable[Facts]) -> None:
        """Remember rows; an index that cannot be written just now is no reason to fail."""
        marks = ", ".join("?" * (len(_COLUMNS) + 2))
        rows = [(source, reader, *_storable(entry)) for entry in facts]
        with self._writing():
            self._connection.executemany(f"INSERT OR REPLACE INTO version VALUES ({marks})", rows)

    def seen(self) -> tuple[Seen, ...]:
        """The refs as they were last listed."""
        rows = self._select("SELECT ref, source, commit_id, model FROM seen", ())
        return tuple(
            Seen(*row) for row in rows if all(isinstance(part, str) for part in row) and _COMMIT.fullmatch(row[2])
        )

    def keep_seen(self, gone: Iterable[str], new: Iterable[Seen]) -> None:
        """Remember which refs went and which came or moved."""
        with self._writing():
            self._connection.executemany("DELETE FROM seen WHERE ref = ?", [(ref,) for ref in gone])
            self._connection.executemany(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", [astuple(one) for one in new]
            )

    def releases(self) -> dict[str, str]:
        """Release tag name -> commit, as last seen."""
        rows = self._select("SELECT name, commit_id FROM seen_release", ())
        return {name: commit for name, commit in rows if isinstance(name, str) and _COMMIT.fullmatch(str(commit))}

    def keep_releases(self, releases: Mapping[str, str]) -> None:
        """Remember the release tags."""
        with self._writing():
            self._connection.execute("DELETE FROM seen_release")
            self._connection.executemany("INSERT INTO seen_release VALUES (?, ?)", list(releases.items()))

    def tag_commits(self) -> dict[str, str]:
        """Annotated tag object -> the commit it names in the end; tags are immutable, so this is never stale."""
        rows = self._select("SELECT object_id, commit_id FROM tag", ())
        return {str(tag): str(commit) for tag, commit in rows if _COMMIT.fullmatch(str(commit))}

    def keep_tag_commits(self, peeled: Mapping[str, str]) -> None:
        """Remember what annotated tags name."""
        with self._writing():
            self._connection.executemany("INSERT OR REPLACE INTO tag VALUES (?, ?)", list(peeled.items()))

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

    def seen_replays(self) -> frozenset[str]:
        """Commits of the replay records that had a ref when last listed."""
        return frozenset(str(row[0]) for row in self._select("SELECT ref_commit FROM seen_replay", ()))

    def keep_seen_replays(self, commits: Iterable[str]) -> None:
        """Remember which replay records have a ref."""
        with self._writing():
            self._connection.execute("DELETE FROM seen_replay")
            self._connection.executemany("INSERT OR IGNORE INTO seen_replay VALUES (?)", [(one,) for one in commits])

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


def _opened(path: Path) -> sqlite3.Connection | None:
    for attempt in ("as it is", "made anew"):
        try:
            if attempt == "made anew":
                path.unlink(missing_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(sqlite3.connect(path, check_same_thread=False, timeout=_BUSY_MS / 1000))
        except sqlite3.OperationalError:
            return None  # no permission, no space, locked for long: not damage
        except sqlite3.DatabaseError:
            continue
        except OSError:
            return None
    return None


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != _SCHEMA_VERSION:
            if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise sqlite3.DatabaseError("of another version")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("SELECT 1 FROM version LIMIT 1")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _storable(facts: Facts) -> tuple[object, ...]:
    """SQLite refuses lone surrogates, which hostile names can hold."""
    return tuple(
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in _values(facts)
    )


def _is_valid(row: tuple[Any, ...]) -> bool:
    entry = dict(zip(_COLUMNS, row, strict=True))
    texts = ("commit_id", "model", "status", "author", "title", "strip", "compared", "metrics", "tags")
    optional = ("run", "reason", "recipe", "family", "result", "parent", "primary_metric", "code_commit", "problem")
    return (
        all(isinstance(entry[name], str) for name in texts)
        and all(entry[name] is None or isinstance(entry[name], str) for name in optional)
        and all(isinstance(entry[name], int) for name in ("has_overrides", "is_dirty", "is_broken"))
        and (entry["created"] is None or isinstance(entry["created"], (int, float)))
        and bool(_COMMIT.fullmatch(str(entry["commit_id"])))
        and bool(_STRIP.fullmatch(str(entry["strip"])))
        and entry["status"] in {"done", "failed", "interrupted"}
    )
