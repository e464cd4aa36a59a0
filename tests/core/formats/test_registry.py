from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.bytes import ByteLimits, OpenFile
from mlver.errors import Interrupted, MlverError, ObjectMissing, RepositoryDamaged
from mlver.formats.blob import Blob
from mlver.formats.format import Limits
from mlver.formats.registry import compare_files, hold_same_values, kind_of
from mlver.model.change import Change, Kind

ALIAS_BOMB = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 122))

HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }"


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array), allow_pickle=True)
    return buffer.getvalue()


def forged(header: str, values: bytes = b"\0" * 16, version: int = 1) -> bytes:
    """A `.npy` file that says what a test wants it to say."""
    width = 2 if version == 1 else 4
    return (
        b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(width, "little") + header.encode("latin-1") + values
    )


def compared(before: bytes, after: bytes, path: str = "model.npy", **more: Any) -> Change:
    return compare_files(path, Blob(before), Blob(after), **more)


@pytest.mark.parametrize(
    ("path", "head", "kind"),
    [
        ("w.npy", npy([1.0]), "npy"), ("renamed", npy([1.0]), "npy"), ("m.json", b"\x93NUMPY", "npy"),
        ("m.json", b"{}", "json"), ("m.JSON", b"{}", "json"), ("c.yml", b"a: 1", "yaml"), ("c.toml", b"a=1", "toml"),
        ("log.txt", "é".encode(), "text"), ("x", b"a" * 4095 + b"\xc3", "text"),
        ("x", b"a\0", "bytes"), ("x", b"\xff\xfe", "bytes"), ("x", b"", "bytes"),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_content_before_name(path: str, head: bytes, kind: str) -> None:
    assert kind_of(path, head) == kind


def test_arrays_are_compared_number_by_number() -> None:
    before = np.arange(1000.0).reshape(10, 100)
    after = before.copy()
    after[3, 4] += 0.5
    after[5, 5] = np.nan

    change = compared(npy(before), npy(after))

    assert change.kind is Kind.CHANGED
    assert change.note == "2 of 1\N{THIN SPACE}000 numbers, max |d| 0.5, 1 NaN or infinite now"
    assert (change.details[:2], change.details[-2:]) == (
        ("<f8 10×100", "mean |d| 0.0005"), ("under 0.1 % of bytes", "2 ranges"),
    )  # fmt: skip
    assert [child.label for child in change.children] == ["0xa05", "0x104d"]


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "f64 2×3 → f64 3×2, reshaped, the same numbers"),
        (np.zeros((2, 3)), np.zeros((2, 4)), "<f8 2×3 → <f8 2×4"),
        (np.zeros(2, "f8"), np.array([0, 1], "f4"), "f64 2 → f32 2, retyped, 1 of 2 numbers, max |d| 1"),
        (np.zeros(2, "<f8"), np.zeros(2, ">f8"), "<f8 2 → >f8 2"),
        (np.ones((2, 3)), np.asfortranarray(np.ones((2, 3))), "another order"),
        (np.zeros(3), -np.zeros(3), "all 3 numbers"),
        (np.array([np.nan, np.inf]), np.array([np.nan, -np.inf]), "1 of 2 numbers"),
        (np.array([2**63], "u8"), np.array([2**63 + 1], "u8"), "all 1 numbers, max |d| 1"),
        (np.array([True]), np.array([False]), "all 1 numbers, max |d| 1"),
        (np.array([1 + 2j]), np.array([1 + 3j]), "max |d| 1"),
        (np.array([-128], "i1"), np.array([127], "i1"), "max |d| 255"),
        (np.array([1], ">f4"), np.array([2], ">f4"), "all 1 numbers, max |d| 1"),
        (np.float16(60000), np.float16(-60000), "max |d| 1.2e+05"),
    ],
)
def test_the_note_says_what_an_array_became(before: Any, after: Any, note: str) -> None:
    change = compared(npy(before), npy(after))

    assert change.kind is Kind.CHANGED
    assert note in change.note


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.float64(2), np.array([np.nan]), np.array([True, False])])
def test_an_array_is_the_same_as_its_copy(array: Any) -> None:
    assert compared(npy(array), npy(array)).kind is Kind.SAME


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(forged(HEADER % "1000000000000000000,"), id="shape of 1e18"),
        pytest.param(forged(HEADER % "999999999999999999, 999999999999999999"), id="shape whose product overflows"),
        pytest.param(forged(HEADER % "0, 999999999999999999"), id="empty with an absurd length"),
        pytest.param(forged(HEADER % "1,"), id="fewer values than bytes"),
        pytest.param(forged(HEADER % ", ".join(["1"] * 40), b"\0" * 8), id="forty dimensions"),
        pytest.param(forged(HEADER % "-2,"), id="negative length"),
        pytest.param(forged(HEADER.replace("<f8", "|O") % "2,"), id="objects"),
        pytest.param(forged(HEADER.replace("<f8", "<f3") % "2,"), id="no such type"),
        pytest.param(forged("__import__('os').system('true')"), id="code"),
        pytest.param(forged("(" * 20_000), id="deep literal"),
        pytest.param(forged("{'descr': " + "[" * 9000), id="deep list"),
        pytest.param(forged(HEADER % "2,", version=9), id="version 9"),
        pytest.param(b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", id="header of 4 GB"),
        pytest.param(b"\x93NUMPY\x01\x00\xff\xff{}", id="header longer than the file"),
        pytest.param(b"\x93NUMPY", id="magic only"),
        pytest.param(npy(np.arange(100.0))[:-3], id="values cut"),
        pytest.param(npy(np.arange(100.0)) + b"x", id="values and more"),
        pytest.param(npy(np.array([{}, 1], dtype=object)), id="pickled objects"),
    ],
)
def test_a_hostile_array_is_compared_as_bytes_and_says_so(hostile: bytes) -> None:
    for before, after in ((hostile, npy([1.0, 2.0])), (npy([1.0, 2.0]), hostile), (hostile, hostile + b"!")):
        change = compared(before, after)

        assert change.kind is Kind.CHANGED
        assert change.complete
        assert any(detail.startswith("not compared as npy: ") for detail in change.details)


def test_version_two_headers_are_read() -> None:
    before, after = (forged(HEADER % "2,", values, version=2) for values in (b"\0" * 16, b"\0" * 15 + b"\1"))

    assert compared(before, after).note.startswith("1 of 2 numbers, ")


@given(st.binary(max_size=80), st.integers(0, 140), st.integers(1, 255))
def test_a_damaged_array_never_stops_the_comparison(values: bytes, place: int, flip: int) -> None:
    whole = npy(np.frombuffer(values, np.uint8))
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= flip

    change = compared(whole, bytes(damaged))
    assert change.kind is Kind.CHANGED or change.note.startswith("same values, written otherwise")
    assert compared(whole, whole[: place % len(whole)]).kind is Kind.CHANGED


def test_documents_are_compared_by_structure() -> None:
    change = compared(b'{"a": {"b": 1}}', b'{"a": {"b": 2}}', "metrics/eval.json")

    leaf = next(change.leaves())
    assert (leaf.label, leaf.before, leaf.after, str(leaf.place_after)) == ("b", 1, 2, "metrics/eval.json:1")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("eval.json", b'{"a":1,"b":2}', b'{"b": 2, "a": 1}'),
        ("eval.yaml", b"a: 1\n", b"a:   0o1 # one\n"),
        ("w.npy", npy([1.0]), npy([1.0]).replace(b"}  ", b"}\t ")),
    ],
)
def test_the_same_values_in_other_bytes_are_the_same_and_the_note_says_so(
    path: str, before: bytes, after: bytes
) -> None:
    change = compared(before, after, path)

    assert change.kind is Kind.SAME
    assert change.note == "same values, written otherwise"
    assert change.details[-1].endswith((" range", " ranges"))


def test_weights_written_as_json_are_told_by_their_lines() -> None:
    before, after = ("[\n" + ",\n".join(f"{n}.{end}" for n in range(2000)) + "\n]\n" for end in (1, 2))

    assert (
        compared(before.encode(), after.encode(), "weights.json").note
        == "2\N{THIN SPACE}000 of 2\N{THIN SPACE}002 lines"
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.json", b'{"a": 1, "a": 2}'), ("a.json", b"[" * 5000), ("a.yaml", b"a: [1, 2"), ("a.toml", b"a ="),
        ("a.yaml", ALIAS_BOMB),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_compared_as_text(path: str, content: bytes) -> None:
    change = compared(content, content + b"\n#\n", path)

    assert change.kind is Kind.CHANGED
    assert "lines" in change.note
    assert any(detail.startswith(f"not compared as {Path(path).suffix[1:]}: ") for detail in change.details)


def test_a_text_that_turns_into_bytes_is_compared_as_bytes() -> None:
    change = compared(b"hello\n", b"\0\1", "x")

    assert (change.note, change.details) == ("6 → 2 bytes", ("all bytes", "1 range"))


def test_a_long_text_is_compared_as_bytes() -> None:
    change = compared(b"a" * 100, b"b" * 100, "x.txt", limits=Limits(text_bytes=10))

    assert change.details[-1] == "not compared as text: the file holds 100 bytes, more than 10"


def test_a_text_with_a_zero_byte_far_in_is_compared_as_bytes() -> None:
    change = compared(b"a" * 5000 + b"\0", b"b" * 5000 + b"\0", "x.txt")

    assert change.details[-1] == "not compared as text: it holds zero bytes"


def test_a_limit_on_bytes_makes_the_change_incomplete() -> None:
    change = compared(b"\0" * 100, b"\0" * 100, "x", limits=Limits(bytes=ByteLimits(max_bytes=10)))

    assert (change.kind, change.complete) == (Kind.UNKNOWN, False)


def test_a_limit_on_numbers_makes_the_change_incomplete() -> None:
    before, after = np.zeros(100), np.zeros(100)
    after[50] = 1

    change = compared(npy(before), npy(after), limits=Limits(elements=10))

    assert (change.kind, change.complete) == (Kind.UNKNOWN, False)
    assert "only the first 10 numbers were compared" in change.details


def test_a_comparison_stops_when_asked() -> None:
    with pytest.raises(Interrupted):
        compared(npy([1.0]), npy([2.0]), should_stop=lambda: True)


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "model.npy"
    os.mkfifo(pipe)

    with pytest.raises(RepositoryDamaged):
        compare_files("model.npy", Blob(pipe), Blob(b"x"))


def test_a_device_is_refused_though_it_could_be_read_for_ever() -> None:
    with pytest.raises(RepositoryDamaged, match="not a regular file"):
        compare_files("model.npy", Blob(Path("/dev/zero")), Blob(b"x"))


@pytest.mark.parametrize("name", ["gone", "link", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    (tmp_path / "folder").mkdir()

    with pytest.raises(MlverError) as caught:
        compare_files("x", Blob(tmp_path / name), Blob(b"x"))

    assert isinstance(caught.value, (ObjectMissing, RepositoryDamaged))


def test_files_are_compared_where_they_lie(tmp_path: Path) -> None:
    path = tmp_path / "weights.npy"
    path.write_bytes(npy([1.0, 2.0]))

    assert compare_files("weights.npy", Blob(path), Blob(npy([1.0, 3.0]))).note.startswith("1 of 2 numbers")


@pytest.mark.parametrize("is_replaced", [False, True], ids=["written to", "replaced"])
def test_of_a_file_that_changes_while_it_is_read_nothing_is_called_the_same(tmp_path: Path, is_replaced: bool) -> None:
    before, after = tmp_path / "a.bin", tmp_path / "b.bin"
    for path in (before, after):
        path.write_bytes(b"\0" * (3 << 20))

    def meddling() -> bool:
        changed = tmp_path / "new" if is_replaced else after
        changed.write_bytes(b"\1" + b"\0" * ((3 << 20) - 1))
        if is_replaced:
            changed.rename(after)
        return False

    change = compare_files("b.bin", Blob(before), Blob(after), should_stop=meddling)

    assert (change.kind is Kind.SAME, change.complete) == (False, False)
    assert "a file changed while it was read" in change.details
    after.write_bytes(b"\0" * (3 << 20))
    assert not hold_same_values("b.bin", Blob(before), Blob(after), should_stop=meddling)


def test_files_that_do_not_say_how_long_they_are_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As those below /proc; not everywhere do these look alike, so a length is taken away here."""
    for name in "ab":
        (tmp_path / name).write_bytes(name.encode())
    monkeypatch.setattr(OpenFile, "of", lambda descriptor: OpenFile(descriptor, 0))

    with pytest.raises(RepositoryDamaged, match="does not say how long it is"):
        compare_files("x", Blob(tmp_path / "a"), Blob(tmp_path / "b"))


def test_a_limit_that_is_hit_makes_the_change_incomplete_though_its_bytes_are_compared() -> None:
    for path, limits in (("x.txt", Limits(text_bytes=10)), ("x.csv", Limits(table_bytes=10))):
        change = compared(b"a" * 100, b"b" * 100, path, limits=limits)

        assert (change.kind, change.complete) == (Kind.CHANGED, False)
        assert "more than" in change.details[-1]
    assert compared(b"\0" * 9, b"\1" * 9, "x.npy").complete
