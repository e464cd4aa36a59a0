from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from mlver.diffing.which import digests_of
from mlver.errors import BadArgument
from tests.support.foreign_repos import opened, plain_files
from tests.support.foreign_tools import python_of
from tests.support.git import RepoBuilder
from tests.support.training import TrainingProject


@pytest.fixture
def toy(tmp_path: Path) -> TrainingProject:
    return TrainingProject(tmp_path / "toy", tmp_path / "home").create()


def test_a_file_is_found_in_every_version_that_holds_its_content(toy: TrainingProject) -> None:
    first = toy.run()
    weights = (toy.folder / "models" / "weights.bin").read_bytes()
    toy.run(settings={"optimiser.lr": 0.7})
    elsewhere = toy.folder.parent / "copied-somewhere.bin"
    elsewhere.write_bytes(weights)

    with toy.opened() as project:
        (found,) = project.which(str(elsewhere)).occurrences
        data = project.which(str(toy.folder / "data" / "raw.csv")).occurrences

    assert (found.version.key, found.path, found.role) == (first.key, "models/weights.bin", "output of train")
    assert [(one.path, one.role) for one in data] == [("data/raw.csv", "input of prepare")] * 2


def test_the_beginning_of_a_digest_is_enough(toy: TrainingProject) -> None:
    toy.run()

    with toy.opened() as project:
        digest = project.which(str(toy.folder / "models" / "weights.bin")).occurrences[0].digest
        assert project.which(digest[:8]) == project.which(f"sha256:{digest}")


@pytest.mark.parametrize("asked", ["no-such-file", "abc123", "."])
def test_what_is_neither_file_nor_digest_is_said(toy: TrainingProject, asked: str) -> None:
    with toy.opened() as project, pytest.raises(BadArgument):
        project.which(asked)


def test_a_fifo_is_not_waited_for(toy: TrainingProject) -> None:
    os.mkfifo(toy.folder / "pipe")

    with toy.opened() as project, pytest.raises(BadArgument):
        project.which(str(toy.folder / "pipe"))


CONTENT = b"a picture"
FOLDER = "9dd4e461268c8034f5c8564e155c67a6.dir"
POINTER = f"outs:\n- path: data/images\n  hash: md5\n  md5: {FOLDER}\n"


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder.create(tmp_path)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(CONTENT)
    return path


def test_a_file_in_a_folder_that_dvc_tracks_is_found(repo: RepoBuilder, picture: Path) -> None:
    repo.commit({"images.dvc": POINTER})
    repo.tag("v1")
    listing = repo.folder / ".dvc/cache/files/md5" / FOLDER[:2] / FOLDER[2:]
    listing.parent.mkdir(parents=True)
    listing.write_text(json.dumps([{"md5": hashlib.md5(CONTENT).hexdigest(), "relpath": "cats/1.png"}]))

    with opened(repo) as project:
        search = project.which(str(picture))
        (whole,) = project.which(FOLDER[:8]).occurrences

    assert [(one.path, one.role) for one in search.occurrences] == [("data/images/cats/1.png", "data set data/images")]
    assert search.unread == ()
    assert whole.path == "data/images"


def test_a_folder_whose_files_are_not_known_here_is_said(repo: RepoBuilder, picture: Path) -> None:
    repo.commit({"images.dvc": POINTER})
    repo.tag("v1")

    with opened(repo) as project:
        search = project.which(str(picture))

    assert search.occurrences == ()
    assert search.unread == ("data/images of v1",)


@pytest.mark.parametrize("path", ["weights.bin", "data/images/cats/1.png"])
def test_a_file_that_git_lfs_keeps_is_found(repo: RepoBuilder, picture: Path, path: str) -> None:
    oid = hashlib.sha256(CONTENT).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(CONTENT)}\n"
    attributes = "*.bin filter=lfs\n*.png filter=lfs\n"
    repo.commit({**plain_files(), ".gitattributes": attributes, path: pointer})
    repo.tag("v1")

    with opened(repo) as project:
        (found,) = project.which(str(picture)).occurrences

    assert found.path == path


WINDOWS_TEXT = b"size,price\r\n1,2\r\n" * 100


@pytest.mark.parametrize(
    ("content", "hashed"),
    [
        (WINDOWS_TEXT, WINDOWS_TEXT.replace(b"\r\n", b"\n")),
        (b"\0" + WINDOWS_TEXT, b"\0" + WINDOWS_TEXT),  # a zero byte makes it no text
        (b"\xff" * 154 + b"\r\n" * 179, b"\xff" * 154 + b"\r\n" * 179),  # 30.1 % of 512 bytes are no text
        (b"\xff" * 153 + b"\r\n" * 180, b"\xff" * 153 + b"\n" * 180),
        (b"", b""),
    ],
    ids=["text", "zero byte", "mostly not ASCII", "nearly so", "empty"],
)
def test_a_file_is_found_by_the_md5_that_dvc_2_took_of_it(repo: RepoBuilder, content: bytes, hashed: bytes) -> None:
    path = repo.folder.parent / "houses.csv"
    path.write_bytes(content)
    repo.commit({"houses.csv.dvc": f"outs:\n- path: houses.csv\n  md5: {hashlib.md5(hashed).hexdigest()}\n"})
    repo.tag("v1")

    with opened(repo) as project:
        (found,) = project.which(str(path)).occurrences

        assert project.which(found.digest).occurrences == (found,)

    assert found.digest.startswith("md5-dos2unix:")


def test_the_rule_of_dvc_2_is_the_one_that_dvc_keeps(tmp_path: Path) -> None:
    long = WINDOWS_TEXT * 1000  # a line end lies across two of the pieces that are hashed at once
    contents = [long, b"\0" + WINDOWS_TEXT, b"a\r" * (1 << 19) + b"\r\n\r\n", b"\xe9\r\n", b"caf\xe9\r\n" * 9]
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    script = (
        "import sys\nfrom dvc_data.hashfile.hash import file_md5\n"
        "for path in sys.argv[1:]: print(file_md5(path, name='md5-dos2unix'))"
    )

    told = subprocess.run(
        [python_of("dvc"), "-c", script, *paths], capture_output=True, text=True, check=True
    ).stdout.split()

    assert [digest in digests_of(str(path)) for path, digest in zip(paths, told, strict=True)] == [True] * len(paths)
