"""A file of a version in the user's own program: a copy, read-only, away from the repository."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from mlver_tui.opening import copy_name, find_pager, is_text, show_file, viewer_of


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_program_gets_a_copy_that_nobody_keeps(tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = program(
        tmp_path, "show", f'{{ echo "$#"; cat "$1"; pwd; ls -l "$1"; echo "$LESSSECURE"; echo "$1"; }} > {told}'
    )

    problem = show_file(command, "code/tr ain.py", b"print('x')\n", dict(os.environ), nullcontext)

    assert problem == ""
    count, content, folder, listed, secure, path = told.read_text().splitlines()
    assert (count, content, secure) == ("1", "print('x')", "1")
    assert listed.startswith("-r--------")
    assert Path(path).name == "tr_ain.py"
    assert folder == str(Path(path).parent)
    assert not Path(folder).exists()


def test_options_of_the_users_command_are_kept(tmp_path: Path) -> None:
    command = program(tmp_path, "show", f'echo "$1 $2" > {tmp_path}/told')

    assert show_file(f"{command} -R", "a.txt", b"x", dict(os.environ), nullcontext) == ""
    assert (tmp_path / "told").read_text().startswith("-R /")


def test_what_goes_wrong_is_said(tmp_path: Path) -> None:
    assert (
        show_file("no-such-program-here", "a", b"", dict(os.environ), nullcontext)
        == "no-such-program-here was not found"
    )
    assert show_file(program(tmp_path, "bad", "exit 3"), "a", b"", dict(os.environ), nullcontext).endswith(
        "ended with 3"
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("-rf", "rf"),
        ("a/.vimrc", "vimrc"),
        ("x/\x1b[2J;$(id).py", "_2J_id_.py"),
        ("...", "file"),
        ("a b.yaml", "a_b.yaml"),
    ],
)
def test_no_name_is_an_option_or_a_setting(path: str, name: str) -> None:
    assert copy_name(path) == name


def test_the_longest_ending_chooses_the_viewer() -> None:
    viewers = {"png": "feh", "gz": "zless", "tar.gz": "tar -tf"}

    assert viewer_of("a/B.PNG", viewers) == "feh"
    assert viewer_of("x.tar.gz", viewers) == "tar -tf"
    assert viewer_of("x.y.gz", viewers) == "zless"
    assert viewer_of("png", viewers) is None


def test_the_pager_is_the_configs_then_the_variables_then_a_usual_one(tmp_path: Path) -> None:
    program(tmp_path, "more", "")

    assert find_pager("most", {"PAGER": "less -R"}) == "most"
    assert find_pager(None, {"PAGER": "less -R", "PATH": ""}) == "less -R"
    assert find_pager(None, {"PATH": str(tmp_path)}) == "more"
    assert find_pager(None, {"PATH": "."}) is None


def test_text_is_told_from_other_content() -> None:
    assert is_text("lr: 0.1 \x1b[2J ü".encode())
    assert not is_text(b"\x93NUMPY\x00")
