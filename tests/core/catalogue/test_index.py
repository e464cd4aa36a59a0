"""The index file: made by whoever comes first, taken away whole when it is of no use."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from mlver.catalogue.index import Index

MANY = 12
ROUNDS = 20


def test_of_many_that_open_it_first_one_makes_it_and_none_takes_it_away(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        path, ready = tmp_path / str(number) / "index.sqlite", Barrier(MANY)

        def open_and_look(_: int, path: Path = path, ready: Barrier = ready) -> tuple[int, bool]:
            ready.wait()
            with Index.open((path,)) as index:
                file = path.stat().st_ino
                ready.wait()
                return file, index.is_kept and index.newest(1) == []

        with ThreadPoolExecutor(MANY) as pool:
            found = set(pool.map(open_and_look, range(MANY)))

        assert found == {(path.stat().st_ino, True)}


def test_a_file_of_another_kind_is_made_anew_and_whoever_has_the_old_one_reads_on(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE mine (word)")
        old.execute("INSERT INTO mine VALUES ('kept')")
        old.commit()

        with Index.open((path,)) as index:
            assert index.count() == {}

        assert old.execute("SELECT word FROM mine").fetchall() == [("kept",)]
    old.close()
