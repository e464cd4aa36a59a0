from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.texts import TextLimits, line_counts, unified_diff
from mlver.model.text_diff import LineKind, TextDiff

SIGNS = {LineKind.SAME: " ", LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.GAP: "~"}
LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d\r", b"", b"\xff", b"e"]), max_size=12).map(b"\n".join)


def shown(diff: TextDiff) -> list[str]:
    return [SIGNS[line.kind] + line.text for line in diff.lines]


def test_a_diff_shows_context_and_gaps() -> None:
    before = "".join(f"{n}\n" for n in range(20)).encode()
    after = before.replace(b"10\n", b"ten\neleven\n")

    diff = unified_diff(before, after)

    assert shown(diff) == ["~7 same", " 7", " 8", " 9", "-10", "+ten", "+eleven", " 11", " 12", " 13", "~6 same"]
    assert (diff.added, diff.removed) == (2, 1)
    assert [(line.before, line.after) for line in diff.lines[3:6]] == [(10, 10), (11, None), (None, 11)]


@given(before=LINES, after=LINES)
def test_the_lines_lead_from_one_side_to_the_other(before: bytes, after: bytes) -> None:
    diff = unified_diff(before, after, limits=TextLimits(context=100))

    if diff.lines:
        assert texts(diff, LineKind.ADDED) == plain_lines(before)
        assert texts(diff, LineKind.REMOVED) == plain_lines(after)
        assert line_counts(before, after) == (diff.added, diff.removed)
    else:
        assert before.replace(b"\r\n", b"\n") == after.replace(b"\r\n", b"\n")


def texts(diff: TextDiff, other: LineKind) -> list[str]:
    return [line.text for line in diff.lines if line.kind is not other]


def plain_lines(content: bytes) -> list[str]:
    lines = content.decode(errors="backslashreplace").split("\n")
    return [line.rstrip("\r") for line in (lines if lines[-1] else lines[:-1])]


def test_equal_texts_are_the_same() -> None:
    assert unified_diff(b"a\n", b"a\n").is_same


def test_a_zero_byte_makes_a_file_binary() -> None:
    assert unified_diff(b"a\0", b"b").is_binary


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (b"a\nb\n", b"a\r\nb\r\n", "only the line ends differ: LF → CRLF"),
        (b"a\r\nb\n", b"a\nb\n", "only the line ends differ: CRLF and LF → LF"),
        (b"a\nb\n", b"a\nb", "no newline at the end after"),
        (b"a\nb", b"a\nc\n", "no newline at the end before"),
        (b"\xe4\n", b"a\n", "not UTF-8: odd bytes are shown as \\xNN"),
        (b"a\nb\n", b"a\r\nc\r\n", "line ends differ too: LF → CRLF"),
    ],
)
def test_what_lines_do_not_show_is_said(before: bytes, after: bytes, note: str) -> None:
    diff = unified_diff(before, after)

    assert not diff.is_same
    assert diff.notes == (note,)


def test_bytes_that_are_no_text_still_differ() -> None:
    assert shown(unified_diff(b"\xff\n", b"\xfe\n")) == ["-\\xff", "+\\xfe"]


def test_a_text_beyond_the_limit_is_not_aligned_and_says_so() -> None:
    diff = unified_diff(b"a\n" * 10, b"b\n" * 10, limits=TextLimits(max_bytes=10))

    assert (diff.lines, diff.complete) == ((), False)
    assert "not compared line by line" in diff.notes[0]


def test_lines_beyond_the_limit_are_counted_all_the_same() -> None:
    diff = unified_diff(b"a\n", b"b\n" * 100, limits=TextLimits(max_lines=10))

    assert (len(diff.lines), diff.added, diff.removed, diff.complete) == (10, 100, 1, False)


def test_two_large_texts_without_anything_in_common_take_a_moment_only() -> None:
    before = b"".join(b"%d\n" % (n % 7) for n in range(30_000))
    after = b"".join(b"%d\n" % (n % 5 + 1) for n in range(30_000))
    started = time.monotonic()

    diff = unified_diff(before, after)

    assert time.monotonic() - started < 30
    assert diff.notes[0].startswith("plainer diff")
    assert diff.added == diff.removed == 30_000
