"""Pointers are Git LFS's, and attributes name exactly the files meant."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlver.store.pointers import Pointer, attributes_text, is_own_attributes, pointer_text, read_pointer
from tests.support.git import RepoBuilder

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
CANONICAL = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n".encode()


def test_a_pointer_is_written_as_the_specification_shows_it() -> None:
    assert pointer_text(OID, 12345) == CANONICAL


@pytest.mark.parametrize(
    "content",
    [
        CANONICAL,
        CANONICAL.rstrip(b"\n"),
        CANONICAL.replace(b"\n", b"\r\n"),
        CANONICAL.replace(b"git-lfs.github", b"hawser.github"),
        CANONICAL.replace(b"oid", b"ext-0-foo sha256:" + b"1" * 64 + b"\noid"),
    ],
)
def test_what_means_the_same_is_read_the_same(content: bytes) -> None:
    assert read_pointer(content) == Pointer(sha256=OID, size=12345)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"version ",
        b"version https://git-lfs.github.com/spec/v1\n",
        CANONICAL.replace(b"sha256:", b"md5:"),
        CANONICAL.replace(b"4d7a", b"4D7A"),
        CANONICAL.replace(b"4d7a", b"4d7"),
        CANONICAL.replace(b"12345", b"-1"),
        CANONICAL.replace(b"12345", b"1e5"),
        CANONICAL.replace(b"12345", b"9" * 40),
        CANONICAL.replace(b"spec/v1", b"spec/v9"),
        CANONICAL + b"size 1\n",
        CANONICAL + b"\xff\xfe\n",
        CANONICAL + b"just some text\n" * 3,
        CANONICAL + b"x " + b"y" * 2000,
        CANONICAL.partition(b"\n")[2],
    ],
)
def test_what_is_no_pointer_is_a_plain_file(content: bytes) -> None:
    assert read_pointer(content) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_failure(content: bytes) -> None:
    read_pointer(content)
    read_pointer(b"version " + content)


@pytest.mark.parametrize(
    "name",
    ["weights.npy", "with space.bin", "a*b[c]?.bin", "#hash", "!bang", 'quo"te', "back\\slash", "tab\there", "ünïcode"],
)
def test_git_finds_the_attribute_for_this_file_and_no_other(repo: RepoBuilder, name: str) -> None:
    repo.write({"models/.gitattributes": attributes_text([name])})

    def filter_of(path: str) -> str:
        return repo.git("check-attr", "-z", "filter", "--", path).split("\0")[2]

    assert filter_of(f"models/{name}") == "lfs"
    assert filter_of("models/other.bin") == "unspecified"
    assert filter_of("models/aXbcY.bin") == "unspecified"
    assert filter_of(f"models/deeper/{name}") == "unspecified"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=12))
def test_git_finds_the_attribute_whatever_the_name(repo: RepoBuilder, name: str) -> None:
    if name in {".", ".."}:
        return
    repo.write({".gitattributes": attributes_text([name])})

    assert repo.git("check-attr", "-z", "filter", "--", name).split("\0")[2] == "lfs"


def test_the_users_own_lines_stay_and_nothing_is_written_twice() -> None:
    users = b"*.csv text\n"

    once = attributes_text(["b.npy", "a.npy"], users)
    twice = attributes_text(["a.npy", "c.npy"], once)

    assert once.startswith(users)
    assert twice.count(b"/a.npy ") == 1
    assert [line.split()[0] for line in twice.splitlines()[2:]] == [b"/a.npy", b"/b.npy", b"/c.npy"]
    assert not is_own_attributes(once)
    assert is_own_attributes(attributes_text(["a.npy"]))
    assert is_own_attributes(attributes_text(["b.npy"], attributes_text(["a.npy"])))
