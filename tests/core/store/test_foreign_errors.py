"""No exception of dulwich or of the system comes through to a front end."""

from __future__ import annotations

import errno
import importlib
import inspect
import os
import pkgutil
import struct
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path

import dulwich
import pytest
from dulwich.file import FileLocked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlver.errors import MlverError, ReadOnly, RepositoryDamaged, StorageFull, StoreFailed
from mlver.store.foreign_errors import reading_error, writing_error
from mlver.store.packs import PackReader
from mlver.store.repository import Repository
from tests.support.git import RepoBuilder

_MODULES_USED = ("config", "errors", "file", "object_format", "object_store", "objects", "pack", "refs", "repo")


def dulwich_exceptions() -> list[type[Exception]]:
    """Every exception class of the parts of dulwich that the store stands on."""
    names = {module.name for module in pkgutil.iter_modules(dulwich.__path__)}
    assert set(_MODULES_USED) <= names
    found: dict[str, type[Exception]] = {}
    for name in _MODULES_USED:
        module = importlib.import_module(f"dulwich.{name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__.startswith("dulwich"):
                found[kind.__qualname__] = kind
    return list(found.values())


def made(kind: type[Exception]) -> Exception:
    if kind is FileLocked:
        return FileLocked("refs/x", b"refs/x.lock")
    error = kind.__new__(kind)
    Exception.__init__(error, "what dulwich says")
    return error


@pytest.mark.parametrize("kind", dulwich_exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_dulwich_that_reading_meets_becomes_ours(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    commit = repo.commit({"a": "1"})
    repo.pack()

    def fail(*_: object) -> None:
        raise made(kind)

    monkeypatch.setattr(PackReader, "read", fail)
    with repo.open() as repository, pytest.raises(StoreFailed) as caught:
        repository.read(commit, "a")

    assert caught.value.message
    assert isinstance(writing_error(made(kind), "it"), StoreFailed)


@pytest.mark.parametrize(
    "error",
    [AssertionError(), zlib.error("bad"), struct.error(), IndexError(), KeyError("x"), ValueError(), EOFError()],
)
def test_what_damaged_bytes_raise_is_damage(error: Exception) -> None:
    assert isinstance(reading_error(error, "object x"), RepositoryDamaged)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EROFS, ReadOnly),
        (errno.EACCES, ReadOnly),
        (errno.EPERM, ReadOnly),
        (errno.EIO, StoreFailed),
    ],
)
def test_what_the_system_says_to_a_write_has_its_own_name(number: int, kind: type[StoreFailed]) -> None:
    error = writing_error(OSError(number, os.strerror(number)), "the thing")

    assert type(error) is kind
    assert "the thing" in error.message


def test_memory_and_our_own_errors_are_told_as_they_are() -> None:
    own = StoreFailed("as it was")

    assert type(reading_error(MemoryError(), "object x")) is StoreFailed
    assert reading_error(own, "x") is own
    assert writing_error(own, "x") is own


def read_everything(repository: Repository, commits: list[str]) -> None:
    refs = repository.refs()
    for commit in [*commits, *refs.ids.values()]:
        for file in repository.files(repository.peel(commit)):
            repository.blob(file.id)
            repository.blob_size(file.id)
    for commit in commits:
        list(repository.ancestors(commit, 10))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damage_to_any_file_of_the_repository_is_a_clear_error(repo: RepoBuilder, data: st.DataObject) -> None:
    if not (repo.folder / "a.py").exists():
        text = "".join(f"line {number}\n" for number in range(400))
        repo.commit({"a.py": text, "b/c.bin": bytes(range(256))})
        repo.commit({"a.py": text + "more\n"})
        repo.tag("v1", message="One")
        repo.pack()
        repo.commit({"loose.py": "x"})
    commits = [repo.git("rev-parse", name) for name in ("HEAD", "HEAD~2")]
    victims = sorted(path for path in (repo.folder / ".git").rglob("*") if path.is_file() and "hooks" not in path.parts)
    victim = data.draw(st.sampled_from(victims))
    whole = victim.read_bytes()
    damaged = bytearray(whole)
    if damaged:
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
        damaged = damaged[: data.draw(st.integers(0, len(damaged)))] if data.draw(st.booleans()) else damaged
    mode = victim.stat().st_mode
    victim.chmod(0o644)
    victim.write_bytes(damaged)

    try:
        with suppress(MlverError), repo.open() as repository:
            read_everything(repository, commits)
    finally:
        victim.write_bytes(whole)
        victim.chmod(mode)


@pytest.mark.parametrize("said", [0, 1, 54, 55, 56, 57, 64, 5000])
def test_a_blob_that_unfolds_to_more_than_it_says_is_damage_and_costs_no_memory(repo: RepoBuilder, said: int) -> None:
    commit = repo.commit({"bomb": "x"})
    blob = repo.git("rev-parse", "HEAD:bomb")
    path = Path(repo.folder / ".git/objects" / blob[:2] / blob[2:])
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob %d\0" % said + bytes(50 << 20)))
    tracemalloc.start()

    try:
        with repo.open() as repository, pytest.raises(RepositoryDamaged):
            repository.read(commit, "bomb")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 5 << 20


def test_an_object_that_holds_another_ones_bytes_is_damage(repo: RepoBuilder) -> None:
    commit = repo.commit({"mine": "x", "other": "y"})
    mine, other = (
        repo.folder / ".git/objects" / blob[:2] / blob[2:]
        for blob in (repo.git("rev-parse", "HEAD:mine"), repo.git("rev-parse", "HEAD:other"))
    )
    mine.chmod(0o644)
    mine.write_bytes(other.read_bytes())

    with repo.open() as repository, pytest.raises(RepositoryDamaged, match="does not hold what its name says"):
        repository.read(commit, "mine")
