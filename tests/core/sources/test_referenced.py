from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from mlver.model.manifest import Artifact
from mlver.sources import referenced
from mlver.sources.commits import Commits
from mlver.sources.native import NativeSource
from mlver.sources.referenced import referenced_file
from tests.support.git import RepoBuilder

CONTENT = b"a,b\n1,2\n"
RECORDED = Artifact(path="data/big.csv", sha256=sha256(CONTENT).hexdigest(), size=len(CONTENT))


def put(folder: Path, content: bytes = CONTENT) -> Path:
    path = folder / RECORDED.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_file_that_was_recorded_is_found_where_it_lies(tmp_path: Path) -> None:
    assert referenced_file(tmp_path, RECORDED) is None, "it is not there yet"

    path = put(tmp_path)

    assert referenced_file(tmp_path, RECORDED) == path


@pytest.mark.parametrize("content", [b"a,b\n1,3\n", b"a,b\n", b""])
def test_a_file_that_changed_is_not_it(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, content)

    assert referenced_file(tmp_path, RECORDED) is None


def test_links_lead_nowhere(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside")
    for name, target in (("one", outside), ("two", outside.parent)):
        folder = tmp_path / name
        (folder / "data").parent.mkdir(parents=True)
        if name == "one":
            (folder / "data").mkdir()
            (folder / RECORDED.path).symlink_to(target)
        else:
            (folder / "data").symlink_to(target)

        assert referenced_file(folder, RECORDED) is None


def test_a_file_too_large_to_be_read_whole_counts_as_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path)
    monkeypatch.setattr(referenced, "MOST_HASHED", len(CONTENT) - 1)

    assert referenced_file(tmp_path, RECORDED) is None


def test_a_version_gives_data_that_its_tree_does_not_hold(tmp_path: Path) -> None:
    repo = RepoBuilder.create(tmp_path)
    repo.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--allow-empty", "-qm", "one")
    path = put(repo.folder)

    with repo.open() as repository:
        source = NativeSource(Commits(repository))

        assert source.open_artifact(repo.git("rev-parse", "HEAD"), RECORDED) == path
