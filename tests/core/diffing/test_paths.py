from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver.diffing import paths
from mlver.diffing.paths import compare_paths
from mlver.errors import BadArgument, Interrupted, LimitReached
from mlver.model.change import Change, Kind


def folder(top: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return top


def kinds(change: Change) -> dict[str, Kind]:
    return {node.label: node.kind for node in change.children}


def test_folders_are_compared_file_by_file_and_moves_are_seen(tmp_path: Path) -> None:
    before = folder(tmp_path / "a", {"same": b"1", "changed": b"1", "gone": b"12", "old/name": b"moved"})
    after = folder(tmp_path / "b", {"same": b"1", "changed": b"2", "new": b"34", "other/name": b"moved"})

    change = compare_paths(before, after, "b")

    assert change.note == "4 of 5 files"
    assert kinds(change) == {
        "same": Kind.SAME, "changed": Kind.CHANGED, "gone": Kind.REMOVED, "new": Kind.ADDED, "other/name": Kind.MOVED,
    }  # fmt: skip


def test_of_several_with_the_same_bytes_none_is_said_to_have_moved(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "a", {"x": b"1", "y": b"1"}), folder(tmp_path / "b", {"z": b"1"})

    assert kinds(compare_paths(before, after, "b")) == {"x": Kind.REMOVED, "y": Kind.REMOVED, "z": Kind.ADDED}


def test_links_and_pipes_in_folders_are_told_and_not_followed(tmp_path: Path) -> None:
    before, after = folder(tmp_path / "a", {"x": b"1", "was": b"1"}), folder(tmp_path / "b", {"x": b"1"})
    for top, target in ((before, "/etc/hosts"), (after, "/etc/passwd")):
        (top / "link").symlink_to(target)
        (top / "below").symlink_to("/etc")
        os.mkfifo(top / "pipe")
    (after / "was").symlink_to("x")

    change = compare_paths(before, after, "b")

    assert {node.label: (node.kind, node.note) for node in change.children} == {
        "x": (Kind.SAME, ""),
        "below": (Kind.SAME, ""),
        "link": (Kind.CHANGED, "a link to /etc/hosts → a link to /etc/passwd"),
        "was": (Kind.CHANGED, "a file → a link to x"),
        "pipe": (Kind.UNKNOWN, "a pipe, a socket or a device"),
    }
    assert not change.complete


def test_a_folder_that_cannot_be_read_is_never_called_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = (folder(tmp_path / name, {"x": b"1", "closed/y": b"1"}) for name in "ab")
    scandir = os.scandir

    def refusing(place: str) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)  # the superuser may read everything
    change = compare_paths(before, after, "b")

    assert (change.kind, change.complete) == (Kind.UNKNOWN, False)
    assert change.children[0].note == "cannot be read: Permission denied"


def test_a_folder_and_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadArgument):
        compare_paths(folder(tmp_path / "a", {"x": b"1"}), b"1", "b")


def test_limits_and_stops_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = folder(tmp_path / "a", {"x": b"1", "y": b"2"}), folder(tmp_path / "b", {"x": b"1"})

    with pytest.raises(Interrupted):
        compare_paths(before, after, "b", should_stop=lambda: True)
    monkeypatch.setattr(paths, "MOST_FILES", 1)
    with pytest.raises(LimitReached):
        compare_paths(before, after, "b")
