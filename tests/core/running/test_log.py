from __future__ import annotations

from mlver.running.log import LogTail


def kept(*pieces: bytes, head: int = 20, tail: int = 30) -> bytes:
    log = LogTail(head, tail)
    for piece in pieces:
        log.add(piece)
    return log.content()


def test_a_short_log_is_kept_whole() -> None:
    assert kept(b"one\n", b"", b"two\n", b"three") == b"one\ntwo\nthree"
    assert kept() == b""


def test_of_a_long_log_the_beginning_and_the_end_are_kept_in_whole_lines() -> None:
    lines = [b"line %03d\n" % number for number in range(100)]

    content = kept(*lines)

    assert content == b"line 000\nline 001\n[... 855 bytes left out ...]\nline 097\nline 098\nline 099\n"


def test_the_pieces_do_not_matter() -> None:
    whole = b"".join(b"line %03d\n" % number for number in range(1000))

    assert kept(whole) == kept(*(whole[at : at + 7] for at in range(0, len(whole), 7)))


def test_every_byte_is_kept_or_counted() -> None:
    content = kept(b"x" * 1000)

    assert content == b"x" * 20 + b"\n[... 950 bytes left out ...]\n" + b"x" * 30


def test_characters_are_not_cut_in_half_where_there_are_lines() -> None:
    content = kept(*["größe äöü\n".encode()] * 50)

    assert content.decode().splitlines()[0] == "größe äöü"


def test_memory_stays_bounded() -> None:
    log = LogTail(10, 10)

    for _ in range(1000):
        log.add(b"x" * 1000)

    assert len(log._tail) <= 20
