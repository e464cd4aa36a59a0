"""Values of parameters and documents as text: what is set, null, text or a number can be told apart."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mlver.model.change import MISSING, Missing
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.spans import Span, Tone

if TYPE_CHECKING:
    from mlver.model.data import Data

_READS_AS_OTHER = re.compile(
    r"(?:[-+]?(?:\d+|0o[0-7]+|0x[0-9a-f]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|\.?inf|\.?nan)"
    r"|null|true|false|~|not set|)\Z",
    re.IGNORECASE,
)
_PLAIN_TEXT_LIMIT = 2000
_LONGEST_INTEGER = 10_000
"""Bits. Python refuses to write integers of much more, and nobody would read one."""


def value_text(value: Data | Missing, glyphs: Glyphs = UNICODE, *, limit: int | None = _PLAIN_TEXT_LIMIT) -> str:
    """The value in one line, safe to show; of long text and lists the first characters, all of them without a limit.

    Text that would read as something else is quoted: `"0.1"` is text, `0.1` is a number, `null` is a value and
    `not set` is none.
    """
    if isinstance(value, Missing):
        return "not set"
    if isinstance(value, str):
        return value if is_digest(value) else _text(value, glyphs, limit)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _number(value)
    return glyphs.data(json.dumps(value, ensure_ascii=False, default=str)[:limit])


def _number(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return f"{'-' if value < 0 else ''}about 2^{value.bit_length() - 1}"
    return repr(value)


def _text(value: str, glyphs: Glyphs, limit: int | None) -> str:
    shown = glyphs.data(value[:limit])
    if _READS_AS_OTHER.match(value) or value != value.strip() or value[:1] in "\"'[{":
        return f'"{shown}"'
    return shown


def value_span(value: Data | Missing, tone: Tone = Tone.PLAIN, glyphs: Glyphs = UNICODE) -> Span:
    """The value as a span; what is not there, and null, are dim."""
    return Span(value_text(value, glyphs), Tone.DIM if value is MISSING or value is None else tone)


def short_digest(digest: str | None, glyphs: Glyphs = UNICODE) -> str:
    """The first 8 of a digest, as names show it; `?` when it is not known."""
    return glyphs.data(digest.rpartition(":")[2][:8]) if digest else "?"


def digest_head(digests: Iterable[str | None]) -> str:
    """What to call a column of digests: their scheme where they share one; empty: there is none at all."""
    schemes = {_SCHEMES.get(one.partition(":")[0], "DIGEST") if ":" in one else "SHA256" for one in digests if one}
    return schemes.pop() if len(schemes) == 1 else "DIGEST" if schemes else ""


_SCHEMES = {"sha256": "SHA256", "md5": "MD5", "md5-dos2unix": "MD5", "git": "GIT ID", "etag": "ETAG"}

_DIGEST = re.compile(r"(?:[a-z0-9-]{1,16}:)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?:\.dir)?\Z")


def is_digest(value: str) -> bool:
    """Whether a text is a git object id, a SHA-256, or an MD5 as DVC writes it."""
    return _DIGEST.match(value) is not None


def type_name(value: Data | Missing) -> str:
    """What people call the type of a value."""
    if isinstance(value, Missing):
        return ""
    if isinstance(value, str) and is_digest(value):
        return "digest"
    names = {bool: "bool", int: "int", float: "float", str: "text", dict: "map", list: "list"}
    return names.get(type(value), "null")


def change_note(before: Data | Missing, after: Data | Missing, glyphs: Glyphs = UNICODE) -> str:
    """How a value changed, in a word: `÷ 3.33`, `+20`, `new`, `gone`, `text → float`."""
    if isinstance(before, Missing) or isinstance(after, Missing):
        return "new" if isinstance(before, Missing) else "gone"
    if isinstance(before, bool) or isinstance(after, bool) or before is None or after is None:
        return ""
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return _numeric_note(before, after, glyphs)
    if type(before) is not type(after):
        return f"{type_name(before)} {glyphs.arrow} {type_name(after)}"
    return ""


def _numeric_note(before: float, after: float, glyphs: Glyphs) -> str:
    if type(before) is not type(after) and before == after:
        return f"{type_name(before)} {glyphs.arrow} {type_name(after)}"
    if isinstance(before, int) and isinstance(after, int):
        difference = after - before
        return f"{'+' if difference > 0 else glyphs.minus}{abs(difference)}" if abs(difference) < 10**9 else ""
    try:
        ratio = after / before
    except (ZeroDivisionError, OverflowError):
        return ""
    if not 0 < ratio < math.inf or ratio == 1:
        return ""
    return f"{glyphs.times} {ratio:.3g}" if ratio > 1 else f"{glyphs.divided} {1 / ratio:.3g}"
