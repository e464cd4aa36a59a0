"""Opens MLflow's SQLite database so that nothing is written: neither the database nor a file beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from mlver.errors import StoreFailed
from mlver.sources.commits import Commits

Answer = TypeVar("Answer")

WAIT = 5.0
"""Seconds to wait while the server commits."""

NEEDED = ("alembic_version", "experiments", "runs")
"""Tables without which a database is none of MLflow's."""

COMMITTED_LIMIT = 256 << 20
"""Bytes of a database that a commit holds."""

_WHOLE = "&immutable=1"
"""How SQLite is told that nobody writes: it neither locks nor looks for a log."""

_ATTEMPTS = 3
_HEADER = 20
_VERSIONS_AT = 18
_WITH_LOG = 2
"""The file format version of a database in write-ahead mode."""


class Tables:
    """An open database in one transaction: every table as it was in the same moment."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        missing = [table for table in NEEDED if table not in names]
        if missing:
            raise StoreFailed(f"{name} is no database of MLflow: it has no table {missing[0]}")
        if connection.execute("SELECT version_num FROM alembic_version").fetchone() is None:
            raise StoreFailed(f"{name} does not say which version of MLflow's tables it has")
        self._columns = {table: self._columns_of(table) for table in names if table in _READ}

    def has(self, table: str) -> bool:
        """Whether this version of the tables has that one."""
        return table in self._columns

    def rows(
        self, table: str, columns: str, where: str = "", values: Iterable[object] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of the columns, given as names with spaces between; a column these tables do not have is None.

        Nothing where the table itself is missing. `where` names columns every version has.
        """
        known = self._columns.get(table)
        if not known:
            return iter(())
        asked = ", ".join(f'"{column}"' if column in known else "NULL" for column in columns.split())
        # Table and columns are this package's own words; values are bound.
        query = f'SELECT {asked} FROM "{table}"{f" WHERE {where}" if where else ""}'
        return self._connection.execute(query, tuple(values))

    def _columns_of(self, table: str) -> frozenset[str]:
        return frozenset(row[1] for row in self._connection.execute(f'PRAGMA table_info("{table}")'))


_READ = frozenset({
    "experiments", "runs", "metrics", "latest_metrics", "params", "tags", "datasets", "inputs", "input_tags",
    "logged_models", "registered_models", "registered_model_tags", "registered_model_aliases", "model_versions",
})  # fmt: skip


class Database(Protocol):
    """A database that can be asked."""

    def ask(self, question: Callable[[Tables], Answer]) -> Answer:
        """What the question gives; asked again when what it saw was not of one moment. Raises StoreFailed."""

    def signature(self) -> tuple[object, ...]:
        """Cheap; differs when the database may have changed."""


class DiskDatabase:
    """A database on this machine, which others may be writing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def signature(self) -> tuple[object, ...]:  # noqa: D102 - the protocol says
        return tuple(_stamp(place) for place in (self.path, self._beside("wal")))

    def ask(self, question: Callable[[Tables], Answer]) -> Answer:  # noqa: D102
        for _ in range(_ATTEMPTS):
            before = self.signature()
            try:
                address = self._address()
                with closing(sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)) as connection:
                    answer = question(_tables(connection, self.path.name))
            except (sqlite3.Error, OSError) as error:
                if self.signature() == before:
                    raise self._translated(error) from error
                continue
            if not address.endswith(_WHOLE) or self.signature() == before:
                return answer
        raise StoreFailed(f"{self.path}: changes all the time while it is read", hint="try again")

    def _address(self) -> str:
        """Read-only, in the way that also leaves the files of a write-ahead log as they are.

        SQLite's `mode=ro` alone would create and change them; see https://www.sqlite.org/wal.html#read_only_databases.
        """
        address = f"file:{quote(os.fsencode(self.path.absolute()))}?mode=ro"
        with self.path.open("rb") as file:
            header = file.read(_HEADER)
        if _WITH_LOG not in header[_VERSIONS_AT:]:
            return address
        log, index = self._beside("wal"), self._beside("shm")
        if index.exists() and log.exists():
            return f"{address}&readonly_shm=1"
        if log.exists() and log.stat().st_size:
            raise StoreFailed(
                f"{self.path}: its write-ahead log cannot be read without writing beside it: {index.name} is missing",
                hint="open it once with mlflow, which takes the log into the database",
            )
        return f"{address}{_WHOLE}"  # all is in the database itself; whether somebody opened it is looked at after

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f"{self.path.name}-{what}")

    def _translated(self, error: sqlite3.Error | OSError) -> StoreFailed:
        hint = ""
        if self._beside("journal").exists():
            hint = "a write to it may have been cut off, which only a writer can repair: open it once with mlflow"
        elif "locked" in str(error):
            hint = "somebody is writing to it; try again"
        return StoreFailed(f"{self.path}: cannot be read: {error}", hint=hint)


class CommitDatabase:
    """A database that a commit holds."""

    def __init__(self, commits: Commits, commit_id: str, path: str) -> None:
        self._commits = commits
        self._commit_id = commit_id
        self._path = path

    def signature(self) -> tuple[object, ...]:  # noqa: D102
        return (self._commit_id,)

    def ask(self, question: Callable[[Tables], Answer]) -> Answer:  # noqa: D102
        content = self._commits.read(self._commit_id, self._path, COMMITTED_LIMIT)
        try:
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
                connection.deserialize(_without_log(content))
                return question(_tables(connection, self._path))
        except sqlite3.Error as error:
            raise StoreFailed(f"{self._path} in {self._commit_id[:10]}: cannot be read: {error}") from error


def _tables(connection: sqlite3.Connection, name: str) -> Tables:
    connection.text_factory = _text
    connection.execute("BEGIN")
    return Tables(connection, name)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _without_log(content: bytes) -> bytes:
    """The same database as one that has no write-ahead log: in memory there is none."""
    return content[:_VERSIONS_AT] + b"\1\1" + content[_HEADER:]


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)
