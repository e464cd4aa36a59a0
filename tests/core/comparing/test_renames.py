from __future__ import annotations

from pathlib import Path

import pytest

from mlver.comparing.renames import Rename, alike_content, same_content
from tests.support.git import RepoBuilder

LINES = [f"line number {number} of the file\n".encode() for number in range(20)]


def test_a_blob_under_another_path_was_renamed() -> None:
    assert same_content({"a.py": "1", "b.py": "2"}, {"c.py": "1", "d.py": "3"}) == [
        Rename(before="a.py", after="c.py", alike=1.0)
    ]


def test_where_several_could_be_meant_the_file_name_decides() -> None:
    gone = {"a/__init__.py": "0", "a/x.py": "0"}

    assert same_content(gone, {"b/__init__.py": "0", "b/y.py": "0"}) == [
        Rename(before="a/__init__.py", after="b/__init__.py", alike=1.0)
    ]


def test_half_alike_is_a_rename_and_less_is_not() -> None:
    half = b"".join([*LINES[10:], *(b"another one %d\n" % number for number in range(10))])
    less = b"".join([*LINES[:8], *(b"x\n" for _ in range(200))])

    assert [one.after for one in alike_content({"old.py": b"".join(LINES)}, {"new.py": half})] == ["new.py"]
    assert alike_content({"old.py": b"".join(LINES)}, {"new.py": less}) == []


def test_each_file_is_in_one_pair_the_likest_first() -> None:
    gone = {"one.py": b"".join(LINES), "two.py": b"".join(LINES[:15])}
    new = {"first.py": b"".join(LINES[:16]), "second.py": b"".join(LINES)}

    assert [(one.before, one.after) for one in alike_content(gone, new)] == [
        ("one.py", "second.py"),
        ("two.py", "first.py"),
    ]


def test_empty_files_are_like_nothing() -> None:
    assert alike_content({"a": b""}, {"b": b""}) == []


def test_too_many_pairs_are_left_alone() -> None:
    many = {f"{number}.py": b"x = 1\n" for number in range(101)}

    assert alike_content(many, many) == []


@pytest.mark.parametrize("kept", range(6, 20, 3))
def test_it_agrees_with_git_well_off_the_threshold(tmp_path: Path, kept: int) -> None:
    others = (b"wholly other %04d text here..\n" % number for number in range(20 - kept))
    old, new = b"".join(LINES), b"".join([*LINES[:kept], *others])
    repo = RepoBuilder.create(tmp_path)
    (repo.folder / "old.py").write_bytes(old)
    repo.git("add", "-A")
    repo.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "old")
    (repo.folder / "old.py").rename(repo.folder / "new.py")
    (repo.folder / "new.py").write_bytes(new)
    repo.git("add", "-A")

    told = repo.git("diff", "--cached", "--name-status", "-M50%").startswith("R")

    assert bool(alike_content({"old.py": old}, {"new.py": new})) == told
