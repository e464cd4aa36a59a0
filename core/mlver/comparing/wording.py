"""How values and moves are written: the notes beside a change, and values inside a sentence."""

from __future__ import annotations

import math

from mlver.model.change import Missing
from mlver.model.data import Data, Scalar

MINUS = "−"
THIN_SPACE = "\u2009"

_FACTOR_FROM = 1.1
"""Floats that moved by this factor or more are told as a factor, those that moved less as a difference."""

_LARGEST_SPOKEN = 10**18
"""Differences of larger integers are left unsaid: nobody reads them, and Python refuses to write very long ones."""

_VALUE_WIDTH = 24


def move_note(before: Data | Missing, after: Data | Missing) -> str:
    """The remark on a leaf that changed: `÷ 3.33`, `+20`, `int → float`, `new`, `gone`; empty when there is none."""
    if isinstance(before, Missing):
        return "new"
    if isinstance(after, Missing):
        return "gone"
    if type(before) is not type(after):
        return type_note(before, after)
    if isinstance(before, bool) or not isinstance(before, (int, float)) or not isinstance(after, (int, float)):
        return ""
    if isinstance(before, int) and isinstance(after, int):
        return signed(after - before) if abs(after - before) < _LARGEST_SPOKEN else ""
    return _float_note(float(before), float(after))


def type_note(before: Data, after: Data) -> str:
    """`int → float` among numbers, otherwise the broad kinds: `text → number`."""
    if _broad_type(before) == _broad_type(after):
        return f"{type(before).__name__} → {type(after).__name__}"
    return f"{_broad_type(before)} → {_broad_type(after)}"


def signed(number: float) -> str:
    """A difference with its sign in front: `+20`, `−0.5`, thousands apart."""
    sign = MINUS if number < 0 else "+"
    return f"{sign}{grouped(abs(number))}"


def grouped(number: float) -> str:
    """A number with thin spaces between thousands: `1 437`; floats to four significant digits."""
    text = f"{number:,d}" if isinstance(number, int) else f"{number:.4g}"
    return text.replace(",", THIN_SPACE)


def amount(number: int, what: str) -> str:
    """How many there are of something, told in the singular: `1 row`, `2 rows`."""
    return f"{grouped(number)} {what if number == 1 else f'{what}s'}"


def value_text(value: Data | Missing) -> str:
    """A value inside a sentence: short, on one line; containers by their size, in words, as `[2]` is a list."""
    if isinstance(value, Missing):
        return "not set"
    if isinstance(value, dict):
        return f"{{{amount(len(value), 'key')}}}"
    if isinstance(value, list):
        return f"[{amount(len(value), 'item')}]"
    return shortened(scalar_text(value))


def scalar_text(value: Scalar) -> str:
    """A leaf as YAML would write it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= _LARGEST_SPOKEN:
        return f"{value.bit_length()}-bit integer"
    return str(value)


def shortened(text: str, width: int = _VALUE_WIDTH) -> str:
    """On one line and at most `width` characters, an ellipsis for what is cut."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _float_note(before: float, after: float) -> str:
    if not (math.isfinite(before) and math.isfinite(after)):
        return ""
    if before == after:
        return "sign of zero"
    ratio = after / before if before else 0.0
    if math.isfinite(ratio) and ratio >= _FACTOR_FROM:
        return f"× {ratio:.3g}"
    if ratio > 0 and math.isfinite(1 / ratio) and 1 / ratio >= _FACTOR_FROM:
        return f"÷ {1 / ratio:.3g}"
    difference = after - before
    return signed(difference) if math.isfinite(difference) else ""


def _broad_type(value: Data) -> str:
    if value is None:
        return "null"
    names: dict[type, str] = {bool: "true/false", int: "number", float: "number", str: "text", dict: "mapping"}
    return names.get(type(value), "list")
