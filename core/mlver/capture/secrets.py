"""Finds secrets in files that are about to be recorded, where nothing can be taken back."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from mlver.capture.secret_patterns import PRIVATE_KEY, TOKENS, URL_PASSWORD, is_secret_name


class SecretHit(Struct, frozen=True, order=True):
    """A place that looks like a secret; the secret itself is nowhere in it."""

    name: str
    """The file."""
    line: int
    """From 1."""
    what: str
    """`a GitHub token`."""


def find_secrets(content: bytes, *, name: str) -> tuple[SecretHit, ...]:
    """The places in a file that look like secrets, in order, one per line and kind.

    Looked for are private keys, tokens that say what they are, passwords in URLs, and assignments and options of
    commands whose name speaks of a secret and whose value looks random; in `.env` files any random value. Digests, ids,
    pictures and words are no secrets: a hit stops a recording, so it has to be worth it.
    """
    found = {SecretHit(name, _line(content, at), what) for at, what in _places(content, name)}
    return tuple(sorted(found))


def _places(content: bytes, name: str) -> Iterator[tuple[int, str]]:
    for shape in (PRIVATE_KEY, *TOKENS):
        for start, _ in shape.spans(content):
            yield start, shape.what
    for start, end in URL_PASSWORD.spans(content):
        if not _is_placeholder(content[start:end].partition(b":")[2].decode(errors="replace")):
            yield start, URL_PASSWORD.what
    file = PurePosixPath(name)
    if file.name.startswith(".env") or file.suffix == ".env":
        yield from _in_variables(content)
    else:
        yield from _in_assignments(content, allows_bare=file.suffix in _BARE_VALUES)
        if b"--" in content:
            yield from _in_options(content)


_VARIABLE = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w{0,100})[ \t]*=[ \t]*[\"']?([^\s\"'#]{8,4096})", re.MULTILINE
)

_BARE_VALUES = frozenset({".yaml", ".yml", ".ini", ".cfg", ".conf", ".properties", ".sh", ".bash", ".envrc"})
"""Files in which a value may stand without quotes. In code a bare word is an expression."""

_KEYWORDS = (b"secret", b"passw", b"api", b"access", b"auth", b"private", b"credential")

_NAMED = (
    rb"(?:secret|passwo?r?d|api[_-]?key|access[_-]?key|access[_-]?token|auth[_-]?token|private[_-]?key|credential)"
    rb"[A-Za-z_-]{0,30}"
)
_QUOTED = re.compile(
    _NAMED + rb"\\?[\"']?\]?[ \t]{0,8}[:=][ \t]{0,8}\\?[\"']([^\s\"'\\]{12,512})\\?[\"']", re.IGNORECASE
)
_BARE = re.compile(
    _NAMED + rb"[ \t]{0,8}[:=][ \t]{0,8}([^\s\"'#,;(){}\[\]<>$\\]{12,512})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_OPTION = re.compile(
    rb"--(?:[a-z0-9]{1,20}[_-]){0,4}(?:token|" + _NAMED + rb")[\"']?(?:=|,[ \t]{0,8}|[ \t]{1,8})[\"']?"
    rb"([^\s\"',;(){}\[\]<>$\\]{12,512})",
    re.IGNORECASE,
)
"""`--token VALUE` in a command: in a shell line, or as two words of a list."""


def _in_variables(content: bytes) -> Iterator[tuple[int, str]]:
    for match in _VARIABLE.finditer(content):
        name, value = match[1].decode(), match[2].decode(errors="replace")
        if _is_placeholder(value) or _PATH.match(value):
            continue
        if is_secret_name(name) and _entropy(value) >= 2.5:  # noqa: PLR2004 - a typed password has that much
            yield match.start(1), f"a value for {name}"
        elif len(value) >= 20 and _is_random(value) and not _is_digest(value):  # noqa: PLR2004 - no word is that long
            yield match.start(1), f"a random value for {name}"


def _in_assignments(content: bytes, *, allows_bare: bool) -> Iterator[tuple[int, str]]:
    lowered = content.lower()
    if not any(keyword in lowered for keyword in _KEYWORDS):
        return
    for shape in (_QUOTED, _BARE) if allows_bare else (_QUOTED,):
        yield from ((at, "a secret's value") for at in _values(content, shape))


def _in_options(content: bytes) -> Iterator[tuple[int, str]]:
    return ((at, "a secret in a command") for at in _values(content, _OPTION))


def _values(content: bytes, shape: re.Pattern[bytes]) -> Iterator[int]:
    """Where the shape's value looks random and is no name."""
    for match in shape.finditer(content):
        value = match[1].decode(errors="replace")
        if _is_random(value) and not _is_placeholder(value) and not _is_name(value):
            yield match.start()


_PLACEHOLDER = re.compile(
    r"example|placeholder|change_?me|your[_-]|xxx|dummy|sample|redacted|\*\*\*|<.*>|\$\{|\{\{|\{\w+\}|%\(|%s|\.\.\.|^\$",
    re.IGNORECASE,
)
_WORD_FOR_IT = re.compile(r"(?:user(?:name)?|pass(?:word|wd)?|pw|secret|token|key|test)\d{0,3}", re.IGNORECASE)


def _is_placeholder(value: str) -> bool:
    return bool(_PLACEHOLDER.search(value) or _WORD_FOR_IT.fullmatch(value))


_PATH = re.compile(r"\.{0,2}/|~/|https?://")


def _is_name(value: str) -> bool:
    """A path, or a name made of names, such as a layer's, a variable's or a Kubernetes secret's."""
    names = re.split(r"[./_:-]", value)
    return bool(_PATH.match(value)) or (
        len(names) > 1 and all(re.fullmatch(r"[A-Za-z]*\d{0,4}", name) for name in names)
    )


def _is_digest(value: str) -> bool:
    """A checksum or a UUID: random, but meant to be seen. Under a secret's name it counts all the same."""
    return bool(
        re.fullmatch(r"(?:sha\d+[:=-])?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f-]{36})", value.lower())
    )


def _is_random(value: str) -> bool:
    """Letters and digits mixed, and more bits to a character than words have."""
    is_mixed = bool(re.search(r"\d", value)) and bool(re.search(r"[A-Za-z]", value))
    return is_mixed and _entropy(value) >= 3.0  # noqa: PLR2004 - 12 characters, most of them different


def _entropy(text: str) -> float:
    """Shannon's, in bits per character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
