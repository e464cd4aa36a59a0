"""One run per working tree at a time, and a sign for everybody that a recording is under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time

from mlver.store.locks import Holder, hold, holder_of, is_held, lock_of
from mlver.store.repository import Repository


@contextmanager
def working_tree(repository: Repository, model: str) -> Iterator[None]:
    """Hold this working tree. Raises WorkingTreeBusy, naming the other run."""
    with hold(lock_of(repository), f"a run of {model}", since=time()):
        yield


@contextmanager
def recording(repository: Repository, run: str, folder: Path) -> Iterator[None]:
    """Show, for the length of a block, that this run is being recorded, and in which folder its steps run."""
    lock = _lock(repository, run)
    try:
        with hold(lock, run, since=time(), folder=str(folder)):
            yield
    finally:
        lock.unlink(missing_ok=True)


def is_recording(repository: Repository, run: str) -> bool:
    """Whether a process is recording that run in this moment; a killed one is not."""
    return is_held(_lock(repository, run))


def recorder_of(repository: Repository, run: str) -> Holder | None:
    """Who records that run in this moment; None: nobody."""
    return holder_of(_lock(repository, run))


def _lock(repository: Repository, run: str) -> Path:
    return repository.common_dir / "mlver" / "running" / f"{run}.lock"
