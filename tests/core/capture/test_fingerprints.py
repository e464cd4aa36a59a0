from __future__ import annotations

import hashlib
import os
import socket
import threading
from pathlib import Path

import pytest

from mlver.capture import fingerprints
from mlver.capture.fingerprints import Links, changed_files, fingerprint, take_fingerprint
from mlver.errors import RunRefused


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "train.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "big.csv").write_bytes(b"big")
    return folder


def test_a_fingerprint_is_the_sha256_and_the_size(project: Path) -> None:
    content = os.urandom(3 * fingerprints.PIECE_BYTES + 17)
    (project / "weights.bin").write_bytes(content)

    fact = fingerprint(project, "weights.bin")

    assert (fact.path, fact.sha256, fact.size) == ("weights.bin", hashlib.sha256(content).hexdigest(), len(content))


def test_an_input_is_read_through_a_link_to_another_disk(project: Path) -> None:
    (project / "data" / "big.csv").symlink_to(project.parent / "elsewhere" / "big.csv")

    assert fingerprint(project, "data/big.csv").sha256 == hashlib.sha256(b"big").hexdigest()


def test_an_output_that_is_a_link_is_refused(project: Path) -> None:
    (project / "model.bin").symlink_to("data/train.csv")

    with pytest.raises(RunRefused, match=r"model\.bin is a symbolic link"):
        fingerprint(project, "model.bin", links=Links.REFUSED)


@pytest.mark.parametrize("links", [Links.INSIDE, Links.REFUSED])
def test_a_folder_that_leads_out_of_the_project_is_refused(project: Path, links: Links) -> None:
    (project / "out").symlink_to(project.parent / "elsewhere")

    with pytest.raises(RunRefused, match="leads out of the project"):
        fingerprint(project, "out/big.csv", links=links)


def test_a_replay_follows_links_that_stay_inside(project: Path) -> None:
    (project / "latest.csv").symlink_to("data/train.csv")

    assert fingerprint(project, "latest.csv", links=Links.INSIDE).size == 8


@pytest.mark.parametrize("path", ["../elsewhere/big.csv", "/etc/passwd", "data/../../elsewhere/big.csv"])
def test_a_path_that_leaves_the_project_is_refused(project: Path, path: str) -> None:
    with pytest.raises(RunRefused, match="leads out"):
        fingerprint(project, path)


@pytest.mark.timeout(5)
def test_a_fifo_is_refused_and_not_waited_for(project: Path) -> None:
    os.mkfifo(project / "pipe")

    with pytest.raises(RunRefused, match="pipe is a FIFO, not a file"):
        fingerprint(project, "pipe")


def test_sockets_devices_folders_and_missing_files_are_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)  # a socket's name must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    (project / "zero").symlink_to("/dev/zero")
    (project / "dangling").symlink_to("nowhere")

    said = {}
    for name in ("socket", "zero", "data", "gone", "dangling"):
        with pytest.raises(RunRefused) as caught:
            fingerprint(project, name)
        said[name] = caught.value.message

    assert said == {
        "socket": "cannot read socket: it is a socket",
        "zero": "zero is a device, not a file",
        "data": "data is a folder, not a file",
        "gone": "gone does not exist",
        "dangling": "dangling is a link to nothing",
    }


def test_a_file_that_keeps_changing_while_it_is_read_is_refused(project: Path) -> None:
    file = project / "growing.bin"
    file.write_bytes(bytes(20_000_000))
    is_over = threading.Event()

    def write() -> None:
        with file.open("ab", buffering=0) as growing:
            while not is_over.is_set():
                growing.write(b"x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(RunRefused, match="changes while it is read"):
            fingerprint(project, "growing.bin")
    finally:
        is_over.set()
        writer.join()


def test_changed_removed_and_replaced_inputs_are_told(project: Path) -> None:
    for name in ("kept", "edited", "removed", "replaced"):
        (project / name).write_bytes(b"before")
    before = [take_fingerprint(project, name) for name in ("kept", "edited", "removed", "replaced")]

    (project / "edited").write_bytes(b"beFore")
    (project / "removed").unlink()
    (project / "replaced").unlink()
    (project / "replaced").mkdir()
    (project / "kept").touch()

    assert changed_files(project, before) == ("edited", "removed", "replaced")


def test_setting_the_time_back_does_not_hide_a_change_in_a_large_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "TRUSTED_SIZE", 1)
    monkeypatch.setattr(fingerprints, "SETTLED_S", -1.0)
    file = project / "data" / "train.csv"
    before = take_fingerprint(project, "data/train.csv")
    times = file.stat()

    file.write_bytes(b"a,b\n1,3\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert before.stamp.is_settled
    assert changed_files(project, [before]) == ("data/train.csv",)


def test_a_large_settled_file_is_not_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "TRUSTED_SIZE", 1)
    monkeypatch.setattr(fingerprints, "SETTLED_S", -1.0)
    before = take_fingerprint(project, "data/train.csv")

    monkeypatch.setattr(fingerprints, "_digest", lambda *_: pytest.fail("it was read again"))

    assert changed_files(project, [before]) == ()
