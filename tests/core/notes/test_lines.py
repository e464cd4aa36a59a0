"""A note is one line that needs no other; what is no such line is told apart."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.errors import BadArgument
from mlver.model.note import TEXT_LIMIT, Note
from mlver.model.person import Person
from mlver.notes.lines import LINE_LIMIT, NotANote, checked_text, line_of, note_of

COMMIT = "3f" * 20


def note(text: str, **more: str) -> Note:
    return Note(
        id="k7q2mxab",
        commit=COMMIT,
        written="2026-11-21T10:00:00.000Z",
        author=Person(name="Ada Example", email="ada@example.org"),
        text=text,
        **more,
    )


@given(st.text(min_size=1).filter(str.strip))
def test_a_note_is_one_printable_line_and_comes_back_whole(text: str) -> None:
    written = note(checked_text(text) if text.strip() else text)

    line = line_of(written)

    assert "\n" not in line
    assert line.isprintable()
    assert note_of(line.encode(), COMMIT) == written


def test_a_line_begins_with_its_time_so_that_sorted_lines_are_in_order() -> None:
    assert line_of(note("looks good")) == (
        '{"time":"2026-11-21T10:00:00.000Z","id":"k7q2mxab",'
        '"author":{"name":"Ada Example","email":"ada@example.org"},"text":"looks good"}'
    )


def test_the_model_is_in_the_line_where_one_is_meant() -> None:
    line = line_of(note("ours", model="digits"))

    assert json.loads(line)["model"] == "digits"
    assert note_of(line.encode(), COMMIT).model == "digits"


def test_a_text_loses_only_the_blanks_at_its_ends() -> None:
    assert checked_text("\n\n  first  \r\n\r\n  second\t\n\n") == "first\n\n  second"


@pytest.mark.parametrize("text", ["", "  \n\t\n", "x" * (TEXT_LIMIT + 1)])
def test_no_text_and_too_much_of_it_are_refused(text: str) -> None:
    with pytest.raises(BadArgument):
        checked_text(text)


def test_bytes_that_were_no_text_become_question_marks() -> None:
    assert checked_text("a\udc80b") == "a?b"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"just a sentence", "no JSON"),
        (b"\xff\xfe", "no UTF-8"),
        (b"[" * 70_000, "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b"{}", "id"),
        (b'{"id": "a", "text": "x"}', "time"),
        (b'{"id": "a", "time": "yesterday", "text": "x"}', "time"),
        (b'{"id": "a", "time": 3, "text": "x"}', "time"),
        (b'{"id": "A/../b", "time": "2026-11-21T10:00:00Z", "text": "x"}', "id"),
        (b'{"id": "a", "time": "2026-11-21T10:00:00Z", "text": ["x"]}', "text"),
        (b'{"id": "a", "time": "2026-11-21T10:00:00Z", "text": " "}', "text"),
        (b'{"id": "a", "time": "2026-11-21T10:00:00Z", "text": "x", "model": "A B"}', "model"),
        (b'{"id": "a", "text": "' + b"x" * LINE_LIMIT + b'"}', "bytes"),
    ],
)
def test_what_is_no_note_says_why(line: bytes, why: str) -> None:
    with pytest.raises(NotANote, match=why):
        note_of(line, COMMIT)


def test_a_strange_author_and_half_a_letter_do_not_hide_the_text() -> None:
    line = b'{"id":"a","time":"2026-11-21T10:00:00Z","author":"me","text":"half \\ud83d"}'

    got = note_of(line, COMMIT)

    assert (got.author, got.text) == (Person(), "half ?")
