from __future__ import annotations

import time
from pathlib import Path

import pytest

from mlver.diffing import watching
from mlver.diffing.paths import compare_paths
from mlver.diffing.versions import compare_versions
from mlver.errors import Interrupted
from mlver.model.manifest import Artifact
from mlver.progress import Progress
from tests.support.manifests import FilesInMemory, next_training, training, version

GIB = 1 << 30
OTHER = Artifact(path="model.npy", sha256="6" * 64, size=3)


def sparse(path: Path, size: int, last: bytes = b"") -> Path:
    """A file of zeros that takes no room on the disk, with some bytes at its end."""
    with path.open("wb") as file:
        file.truncate(size - len(last))
        file.seek(size - len(last))
        file.write(last)
    return path


def test_how_much_of_a_large_file_was_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONG", 1 << 20)
    size = 8 << 20
    contents = FilesInMemory(
        {"model.npy": sparse(tmp_path / "a", size)}, {"model.npy": sparse(tmp_path / "b", size, b"1")}
    )
    after = next_training(artifacts=(OTHER,))
    told: list[Progress] = []

    compare_versions(version(training()), version(after), contents, report=told.append)

    inside = [one for one in told if one.total == 2 * size]
    assert inside[0].doing == "comparing model.npy"
    assert len(inside) >= 8
    assert [one.done for one in inside] == sorted(one.done for one in inside)
    assert inside[-1].done <= 2 * size


def test_the_comparison_of_gigabytes_ends_at_once_when_it_is_told_to(tmp_path: Path) -> None:
    contents = FilesInMemory(
        {"model.npy": sparse(tmp_path / "a", 4 * GIB)}, {"model.npy": sparse(tmp_path / "b", 4 * GIB, b"1")}
    )
    after = next_training(artifacts=(OTHER,))
    asked_to_stop: list[float] = []
    start = time.monotonic()

    def stop() -> bool:
        if time.monotonic() - start > 0.1:
            asked_to_stop.append(time.monotonic())
        return bool(asked_to_stop)

    with pytest.raises(Interrupted):
        compare_versions(version(training()), version(after), contents, should_stop=stop)

    assert time.monotonic() - asked_to_stop[0] < 2  # far less; a loaded machine is given time


def test_it_is_told_of_two_files_alone_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONG", 1 << 20)
    told: list[Progress] = []

    compare_paths(
        sparse(tmp_path / "a", 8 << 20), sparse(tmp_path / "b", 8 << 20, b"1"), "model.npy", report=told.append
    )

    assert {(one.doing, one.total) for one in told} == {("comparing model.npy", 16 << 20)}
