"""Values as people write them in a filter, and how a version's own are held against them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from mlver.model.data import Data

_HOUR, _DAY = 3600.0, 86400.0
_UNITS = {"m": 60.0, "h": _HOUR, "d": _DAY, "w": 7 * _DAY, "y": 365 * _DAY}
"""The units the list shows ages in; a year has 365 days there, too."""

_AGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([mhdwy])")
_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?Z?)?)?)?"
)
_LENGTHS = {"day": timedelta(days=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}


class Range(Struct, frozen=True):
    """What a number is held against: one number, or all from the first to the last of a day, a month, a year."""

    low: float
    high: float

    @classmethod
    def of(cls, number: float) -> Range:
        """One number."""
        return cls(number, number)


def number_range(text: str) -> Range | None:
    """`0.9`, `1e-3`, `inf`, `nan`; None: no number."""
    try:
        return Range.of(float(text))
    except ValueError:
        return None


def age_range(text: str) -> Range | None:
    """`30m`, `12h`, `7d`, `2w`, `1y` as seconds; None: no age."""
    match = _AGE.fullmatch(text)
    return Range.of(float(match[1]) * _UNITS[match[2]]) if match else None


def moment_range(text: str) -> Range | None:
    """`2026`, `2026-01`, `2026-01-31`, `2026-01-31T10:00` as all the seconds of it, UTC; None: no moment."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    parts = {name: int(digits) for name, digits in match.groupdict().items() if digits}
    try:
        start = datetime(**{"month": 1, "day": 1, **parts}, tzinfo=UTC)
        end = _after(start, list(parts)[-1])
    except (ValueError, OverflowError):
        return None
    return Range(start.timestamp(), math.nextafter(end.timestamp(), -math.inf))


def _after(start: datetime, last: str) -> datetime:
    """The first moment behind the period that begins there; `last`: the smallest part that was written."""
    if last == "year":
        return start.replace(year=start.year + 1)
    if last == "month":
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start + _LENGTHS[last]


def number_test(operator: str, wanted: Range) -> Callable[[float], bool]:
    """The question about a number that is there; NaN is equal to `nan` alone, and neither less nor more than any."""
    low, high = wanted.low, wanted.high
    if math.isnan(low):
        tests: dict[str, Callable[[float], bool]] = {"=": math.isnan, "!=": lambda value: not math.isnan(value)}
        return tests["=" if operator == ":" else operator]
    tests = {
        ":": lambda value: low <= value <= high,
        "=": lambda value: low <= value <= high,
        "!=": lambda value: not low <= value <= high,
        "<": lambda value: value < low,
        "<=": lambda value: value <= high,
        ">": lambda value: value > high,
        ">=": lambda value: value >= low,
    }
    return tests[operator]


def text_test(operator: str, wanted: str) -> Callable[[str], bool]:
    """The question about a text: `:` whether it has the words, `=` whether it is them; case does not count."""
    folded = wanted.casefold()
    if operator == ":":
        return lambda text: folded in text.casefold()
    return lambda text: text.casefold() == folded


def data_test(operator: str, wanted: str) -> Callable[[Data], bool]:
    """The question about a param or a metric that is there: numbers as numbers, everything else as its text."""
    asked = number_range(wanted)
    if operator == ":":
        return lambda data: text_test(":", wanted)(data_text(data))
    is_number = number_test("=" if operator == "!=" else operator, asked) if asked else None
    is_text = text_test("=", wanted) if operator in {"=", "!="} else None

    def holds(data: Data) -> bool:
        number = number_of(data)
        if number is not None and is_number is not None:
            return is_number(number)
        return is_text is not None and is_text(data_text(data))

    return (lambda data: not holds(data)) if operator == "!=" else holds


def number_of(data: Data) -> float | None:
    """The number a value is; None: it is none. True and False are none."""
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        return None
    try:
        return float(data)
    except OverflowError:
        return math.inf if data > 0 else -math.inf


def data_text(data: Data) -> str:
    """A value as people write it: `relu`, `0.1`, `true`, `null`, `[64, 128]`."""
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
