"""The file of the index: its tables, made by whoever comes first; another kind of file gives way to it."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from mlver.catalogue.stored import Facts

_SCHEMA_VERSION = 7
COLUMNS = Facts.__struct_fields__
"""Of a version."""

LISTED = (
    "key", "ref", "source", "commit_id", "model", "created", "name", "names", "stages", "parent", "is_listed",
    "agreement", "agreed", "store",
)  # fmt: skip
"""Of a line of the list."""

_BUSY_MS = 2000
_TRIES, _PAUSE_S = 20, 0.02

_SCHEMA = f"""
CREATE TABLE version (
  source TEXT NOT NULL, reader INTEGER NOT NULL, {", ".join(COLUMNS)},
  PRIMARY KEY (source, store, commit_id, model, reader)
) WITHOUT ROWID;
CREATE TABLE param (
  store TEXT NOT NULL, commit_id TEXT NOT NULL, model TEXT NOT NULL, reader INTEGER NOT NULL, params TEXT NOT NULL,
  PRIMARY KEY (store, commit_id, model, reader)
) WITHOUT ROWID;
CREATE TABLE listed ({", ".join(LISTED)}, PRIMARY KEY (key)) WITHOUT ROWID;
CREATE INDEX newest ON listed (created DESC);
CREATE TABLE place (
  commit_id TEXT NOT NULL, reader INTEGER NOT NULL, source TEXT NOT NULL, model TEXT NOT NULL,
  PRIMARY KEY (commit_id, reader)
) WITHOUT ROWID;
CREATE TABLE lineage (commit_id TEXT PRIMARY KEY, parent TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lineage_of (listed TEXT NOT NULL);
CREATE TABLE rules (commit_id TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tag_said (object_id TEXT PRIMARY KEY, commit_id, name, email, made, message, problem) WITHOUT ROWID;
CREATE TABLE replay (
  ref_commit TEXT PRIMARY KEY, version TEXT NOT NULL, agreement TEXT NOT NULL, created TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE tag (object_id TEXT PRIMARY KEY, commit_id TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_SCHEMA_VERSION};
"""

_TABLES = frozenset(part for part in map(str.strip, _SCHEMA.split(";")) if part.startswith("CREATE"))
"""As SQLite keeps them. A file that somebody else made may hold views and triggers, which would be run."""


def index_in_memory() -> sqlite3.Connection:
    """An empty one that is gone with the connection."""
    return _prepared(sqlite3.connect(":memory:", check_same_thread=False))


def opened_index(path: Path) -> sqlite3.Connection | None:
    """The index there, made where there is none and in the place of what is none; None: it cannot be written."""
    for _ in range(_TRIES):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(sqlite3.connect(path, check_same_thread=False, timeout=_BUSY_MS / 1000))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                return None  # no permission, no space: not damage
            time.sleep(_PAUSE_S)  # of two that make the same file SQLite lets one wait, and refuses the other at once
        except sqlite3.DatabaseError:
            if not _remove(path):
                return None
        except OSError:
            return None
    return None


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != _SCHEMA_VERSION:
            _make_tables(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        if _tables(connection) != _TABLES:
            raise sqlite3.DatabaseError("holds other tables")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, unless somebody else did it a moment ago: only who may write can tell. Raises DatabaseError."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == _SCHEMA_VERSION:
            return
        if version or _tables(connection):
            raise sqlite3.DatabaseError("of another version")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)


def _remove(path: Path) -> bool:
    """Take away a file that is of no use, with what SQLite keeps beside it; whether that could be done.

    A new file with the old `-shm` would empty that under those who still have the old one mapped: they would be killed.
    """
    try:
        for part in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            part.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _tables(connection: sqlite3.Connection) -> frozenset[object]:
    """What made the tables, views, triggers and indexes; those that SQLite makes by itself have no text."""
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return frozenset(text for (text,) in found)
