from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlver.errors import BadArgument, ReadOnly
from mlver.running.workspace import make_workspace, remove_workspace, workspace


def test_a_workspace_is_new_private_and_gone_afterwards(tmp_path: Path) -> None:
    with (
        workspace(tmp_path / "root", name="digits v1.4.0/x") as folder,
        workspace(tmp_path / "root", name="x") as other,
    ):
        assert folder.parent == other.parent == tmp_path / "root"
        assert folder.name.startswith("digits-v1.4.0-x-")
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").touch()

    assert not list((tmp_path / "root").iterdir())


def test_a_workspace_can_be_kept(tmp_path: Path) -> None:
    with workspace(tmp_path, name="x", keep=True) as folder:
        pass

    assert folder.is_dir()


def test_two_of_one_name_are_two(tmp_path: Path) -> None:
    assert make_workspace(tmp_path, name="../..") != make_workspace(tmp_path, name="../..")
    assert len(list(tmp_path.iterdir())) == 2


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept", encoding="utf-8")
    with workspace(tmp_path / "root", name="x") as folder:
        (folder / "link").symlink_to(precious)
        (folder / "deep").mkdir()
        (folder / "deep" / "link").symlink_to(precious / "file")

    assert (precious / "file").read_text(encoding="utf-8") == "kept"
    assert not folder.exists()


def test_only_a_folder_right_below_the_root_is_removed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "other" / "deep").mkdir(parents=True)
    (tmp_path / "root" / "link").symlink_to(tmp_path / "other")

    for folder in (tmp_path / "other", tmp_path / "root", tmp_path / "root" / "link", tmp_path / "other" / "deep"):
        with pytest.raises(BadArgument):
            remove_workspace(folder, root=tmp_path / "root")

    assert (tmp_path / "other" / "deep").is_dir()


def test_what_a_command_made_read_only_goes_too(tmp_path: Path) -> None:
    program = f"""
import os, pathlib
from mlver.running.workspace import workspace
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
root = pathlib.Path({str(tmp_path / "root")!r})
with workspace(root, name="x") as folder:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").touch()
    (folder / "a" / "b").chmod(0o500)
    (folder / "a").chmod(0)
assert not folder.exists()
"""
    (tmp_path / "root").mkdir()
    (tmp_path / "root").chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o111)  # so that another user gets there

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, text=True)

    assert done.stderr == ""
    assert done.returncode == 0


def test_a_root_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ReadOnly, match="cannot make a workspace"):
        make_workspace(tmp_path / "file" / "root", name="x")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
