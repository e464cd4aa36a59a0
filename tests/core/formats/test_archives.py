from __future__ import annotations

import io
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlver.formats import members
from mlver.formats.blob import Blob
from mlver.formats.registry import compare_files, kind_of
from mlver.model.change import Change, Kind

BEFORE = {"same": b"1" * 600, "changed": b"12", "grown": b"1", "gone": b"abc", "old": b"moved"}
AFTER = {"same": b"1" * 600, "changed": b"34", "grown": b"12", "added": b"xy", "new": b"moved"}


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes], *, time: int = 0) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), time
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return buffer.getvalue()


def compared(before: bytes, after: bytes) -> Change:
    return compare_files("archive", Blob(before), Blob(after))


@pytest.mark.parametrize(("written", "name"), [(zipped, "zip"), (tarred, "tar")])
def test_members_are_told_by_name(written: Callable[[Mapping[str, bytes]], bytes], name: str) -> None:
    before, after = written(BEFORE), written(AFTER)

    assert kind_of("x", before) == name
    change = compared(before, after)

    assert change.note == "5 of 6 members"
    assert {node.label: (node.kind, node.note) for node in change.children} == {
        "same": (Kind.SAME, ""), "changed": (Kind.CHANGED, "other bytes"), "grown": (Kind.CHANGED, "1 → 2 bytes"),
        "gone": (Kind.REMOVED, "3 bytes"), "added": (Kind.ADDED, "2 bytes"), "new": (Kind.MOVED, "was old"),
    }  # fmt: skip


def test_other_times_are_not_called_the_same() -> None:
    change = compared(tarred(BEFORE), tarred(BEFORE, time=99))

    assert (change.kind, change.note) == (Kind.CHANGED, "written otherwise; all that was followed is the same")
    assert compared(tarred(BEFORE), tarred(BEFORE)).kind is Kind.SAME


@pytest.mark.parametrize(
    "damaged",
    [
        tarred(BEFORE)[:700], tarred(BEFORE)[:300] + b"\xff" * 9000, zipped(BEFORE)[:-40],
        tarred({"../../etc/passwd": b"x"}), zipped({"../../etc/passwd": b"x"}),
    ],
    ids=lambda damaged: str(len(damaged)),
)  # fmt: skip
def test_damaged_archives_and_climbing_names_are_only_looked_at(damaged: bytes) -> None:
    for original in (zipped(BEFORE), tarred(BEFORE)):
        assert compared(original, damaged).kind is Kind.CHANGED
        assert compared(damaged, original).kind is Kind.CHANGED


def linked(target: str) -> bytes:
    """A zip archive whose member is a link, as it would be made of one when it is unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, target)
    return buffer.getvalue()


def tarred_twice() -> bytes:
    """Two members of one name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for _ in range(2):
            archive.addfile(tarfile.TarInfo("one"))
    return buffer.getvalue()


@pytest.mark.parametrize("written", [zipped, tarred])
def test_names_that_lead_elsewhere_or_look_alike_are_labels_and_nothing_is_written(
    written: Callable[[Mapping[str, bytes]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    names = ["../out", "/tmp/../absolute", "a/../../out", "Case", "case", "\u00e9", "e\u0301", "C:\\x", "-rf"]
    before, after = (written({name: name.encode() + end for name in names}) for end in (b"1", b"2"))

    change = compared(before, after)

    assert sorted(node.label for node in change.children) == sorted(names)
    assert all(node.note == "other bytes" for node in change.children)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


def test_links_are_told_by_where_they_lead_and_never_followed() -> None:
    change = compared(linked("/etc/passwd"), linked("/etc/shadow"))

    assert [(node.label, node.note) for node in change.children] == [("link", "other bytes")]


@pytest.mark.parametrize(
    ("hostile", "name"),
    [(zipped({"one": b"abc", "two": b"xyz"}).replace(b"two", b"one"), "zip"), (tarred_twice(), "tar")],
    ids=["zip", "tar"],
)
def test_two_members_of_one_name_are_not_chosen_between(hostile: bytes, name: str) -> None:
    change = compared(hostile, hostile + b"\0")

    assert change.kind is Kind.CHANGED
    assert any(said.startswith(f"not compared as {name}: two members have one name") for said in change.details)


def test_a_member_that_inflates_to_a_thousand_times_is_read_in_parts() -> None:
    """Honestly declared, so that it is compared; in the memory of a few parts."""
    before, after = (zipped({"zeros": b"\0" * (48 << 20) + end}) for end in (b"1", b"2"))
    assert len(before) < 1 << 16

    tracemalloc.start()
    try:
        assert [node.note for node in compared(before, after).children] == ["other bytes"]
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_mutated_archives_never_break_it_nor_are_the_same() -> None:
    rng = random.Random(6)
    for original in (zipped(BEFORE), tarred(BEFORE)):
        for _ in range(200):
            damaged = bytearray(original)
            for _ in range(rng.randint(1, 3)):
                damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
            assert (compared(original, bytes(damaged)).kind is Kind.SAME) == (bytes(damaged) == original)


def test_members_without_end_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 50)
    one, other = (zipped({f"{number}": bytes([last]) for number in range(51)}) for last in (1, 2))

    change = compare_files("x.zip", Blob(one), Blob(other))

    assert (change.kind, change.complete) == (Kind.CHANGED, False)
    assert "not compared as zip: more than 50 members" in change.details
