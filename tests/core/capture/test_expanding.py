from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from mlver.capture.expanding import matches
from mlver.errors import RunRefused


def files_of(folder: Path, patterns: Iterable[str], *, follow_links: bool = True) -> tuple[str, ...]:
    """What all the patterns stand for, each file once."""
    found = matches(folder, patterns, follow_links=follow_links)
    return tuple(sorted({file for files in found.values() for file in files}))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in (
        "train.py", "src/load.py", "src/nets/mlp.py", "src/nets/mlp.txt", "src/__pycache__/load.pyc", ".git/HEAD",
        ".mlver/version.yaml", "data/train.csv", "data/.hidden.csv", "data/raw/a.csv", "data/raw/b.csv", "odd[1].txt",
        "odd1.txt",
    ):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["train.py"], ["train.py"]),
        (["./train.py", "train.py"], ["train.py"]),
        (["data/"], ["data/.hidden.csv", "data/raw/a.csv", "data/raw/b.csv", "data/train.csv"]),
        (["src"], ["src/load.py", "src/nets/mlp.py", "src/nets/mlp.txt"]),
        (["**/*.py"], ["src/load.py", "src/nets/mlp.py", "train.py"]),
        (["src/**"], ["src/load.py", "src/nets/mlp.py", "src/nets/mlp.txt"]),
        (["src/**/mlp.*"], ["src/nets/mlp.py", "src/nets/mlp.txt"]),
        (["data/*"], ["data/raw/a.csv", "data/raw/b.csv", "data/train.csv"]),
        (["data/*.csv"], ["data/train.csv"]),
        (["data/raw/[!b].csv"], ["data/raw/a.csv"]),
        (["data/raw/?.csv", "data/raw"], ["data/raw/a.csv", "data/raw/b.csv"]),
        (["odd[1].txt"], ["odd[1].txt"]),
        (["odd[0-9].txt"], ["odd1.txt"]),
        ([".mlver/version.yaml"], [".mlver/version.yaml"]),
    ],
)
def test_patterns_stand_for_files(project: Path, patterns: list[str], expected: list[str]) -> None:
    assert files_of(project, patterns) == tuple(expected)


def test_the_whole_project_is_its_files_without_bookkeeping(project: Path) -> None:
    found = files_of(project, ["."])

    assert "train.py" in found
    assert not [path for path in found if path.startswith((".git/", ".mlver/")) or "__pycache__" in path]


def test_a_pattern_that_matches_nothing_can_be_told(project: Path) -> None:
    found = matches(project, ["train.py", "gone.py", "data/*.parquet", "nowhere/**"])

    assert [pattern for pattern, files in found.items() if not files] == ["gone.py", "data/*.parquet", "nowhere/**"]


@pytest.mark.parametrize("pattern", ["/etc/*", "../x", "data/../../x", "a\0b"])
def test_a_pattern_that_leaves_the_project_is_refused(project: Path, pattern: str) -> None:
    with pytest.raises(RunRefused):
        files_of(project, [pattern])


def test_links_to_folders_are_entered_for_inputs_and_listed_for_outputs(project: Path) -> None:
    (project.parent / "disk").mkdir()
    (project.parent / "disk" / "big.csv").write_text("", encoding="utf-8")
    (project / "far").symlink_to(project.parent / "disk")
    (project / "data" / "more").symlink_to(project.parent / "disk")

    assert files_of(project, ["far", "data/more"]) == ("data/more/big.csv", "far/big.csv")
    assert files_of(project, ["far", "data/m*"], follow_links=False) == ("data/more", "far")


@pytest.mark.timeout(10)
def test_links_in_a_circle_end(project: Path) -> None:
    (project / "data" / "raw" / "up").symlink_to("..")

    assert "data/raw/a.csv" in files_of(project, ["data"])


def test_a_link_to_nothing_is_listed_so_that_it_can_be_complained_about(project: Path) -> None:
    (project / "data" / "dangling.csv").symlink_to("nowhere")

    assert files_of(project, ["data/dangling.csv", "data/d*"]) == ("data/dangling.csv",)


def test_a_name_that_is_not_utf8_is_refused(project: Path) -> None:
    (project / "data" / os.fsdecode(b"caf\xe9.csv")).write_text("", encoding="utf-8")

    with pytest.raises(RunRefused, match="not UTF-8"):
        files_of(project, ["data"])
