"""Numbers as people read them: a real minus, thin thousands, the same decimals throughout a column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeGuard

from mlver_tui.view_models.glyphs import UNICODE, Glyphs

MOST_DECIMALS = 4
_SMALL = 0.01
_LARGE = 1e9
_KILO, _TEN = 1000, 10
_UNITS = ("B", "kB", "MB", "GB", "TB")
_MINUTE, _HOUR, _DAY, _WEEK, _YEAR = 60, 3600, 86400, 7 * 86400, 365.25 * 86400


def decimals_of(values: Iterable[float | int | str | bool | None]) -> int:
    """How many decimals a column of these values needs: as many as were written, four significant at most.

    0 for whole numbers; the size of the largest value decides how many are worth reading.
    """
    numbers = [value for value in values if _is_finite_number(value)]
    floats = [value for value in numbers if isinstance(value, float)]
    if not floats:
        return 0
    largest = max(abs(value) for value in numbers)
    if largest >= 1:
        limit = max(0, MOST_DECIMALS - len(str(int(largest))) + 1)
    else:
        limit = MOST_DECIMALS + (0 if largest >= _SMALL or largest == 0 else 2)
    return min(limit, max(map(_written_decimals, floats)))


def _is_finite_number(value: float | str | bool | None) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _written_decimals(value: float) -> int:
    mantissa, _, exponent = repr(value).partition("e")
    written = len(mantissa.partition(".")[2].rstrip("0"))
    return max(0, written - int(exponent or 0))


def number(value: float, decimals: int, *, sign: bool = False, glyphs: Glyphs = UNICODE) -> str:
    """A number with that many decimals. `sign` writes the plus too; zero never has a sign.

    A number that those decimals would show as zero, and one too large for a column, is written with an exponent.
    """
    if not math.isfinite(value):
        return _named(value, glyphs)
    if value and (abs(value) >= _LARGE or (abs(value) < 0.5 * 10**-decimals and not sign)):
        text = f"{abs(value):.2e}"
    else:
        text = f"{abs(value):,.{decimals}f}".replace(",", glyphs.thousands)
    if value < 0:
        return glyphs.minus + text
    return ("+" if sign and value > 0 else " " if sign else "") + text


def _named(value: float, glyphs: Glyphs) -> str:
    if math.isnan(value):
        return "nan"
    return "inf" if value > 0 else glyphs.minus + "inf"


def metric_value(value: float | int | str | bool | None, decimals: int, glyphs: Glyphs = UNICODE) -> str:
    """A measured value: numbers with the column's decimals, text as it is, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return glyphs.data(value)
    return number(value, decimals, glyphs=glyphs)


_MANY = 100
"""Times; beyond that a relative change is not written out."""


def percent(relative: float | None, glyphs: Glyphs = UNICODE) -> str:
    """A share as `+2.1 %`, always with its sign; nothing when it is not known."""
    if relative is None:
        return ""
    if abs(relative) >= _MANY:  # what began near zero: the number would say nothing, and run into its neighbours
        most = f"{_MANY * 100 - 1:,} %".replace(",", glyphs.thousands)
        return f">{most}" if relative > 0 else f"<{glyphs.minus}{most}"
    if abs(relative) >= _TEN:
        return f"{'+' if relative > 0 else glyphs.minus}{abs(relative) * 100:,.0f} %".replace(",", glyphs.thousands)
    return f"{number(relative * 100, 1, sign=True, glyphs=glyphs).strip()} %"


def count(value: int, glyphs: Glyphs = UNICODE) -> str:
    """A whole number with separated thousands."""
    return f"{value:,}".replace(",", glyphs.thousands)


def amount(value: int, what: str, glyphs: Glyphs = UNICODE) -> str:
    """How many there are of something, told in the singular: `1 row`, `2 rows`."""
    return f"{count(value, glyphs)} {what if value == 1 else f'{what}s'}"


def size(bytes_: int | None, glyphs: Glyphs = UNICODE) -> str:
    """A file size in decimal units: `51 kB`; `?` when it is not known."""
    if bytes_ is None:
        return "?"
    amount = float(bytes_)
    for unit in _UNITS:
        if round(amount) < _KILO or unit == _UNITS[-1]:
            break
        amount /= _KILO
    shown = f"{amount:.1f}" if unit != _UNITS[0] and round(amount, 1) < _TEN else count(round(amount), glyphs)
    return f"{shown} {unit}"


def memory(bytes_: int | None) -> str:
    """Memory in binary units, as machines are sold: `8 GiB`."""
    if bytes_ is None:
        return "?"
    if bytes_ < 1 << 20:
        return f"{bytes_ >> 10} KiB"
    if bytes_ < 1 << 30:
        return f"{bytes_ >> 20} MiB"
    return f"{bytes_ / (1 << 30):.0f} GiB"


def age(created: float | None, now: float) -> str:
    """How long ago, in at most three cells: `2h`, `12d`; `?` when not known or in the future."""
    if created is None or created - now > _DAY:
        return "?"
    past = max(0.0, now - created)
    if past < _MINUTE:
        return "now"
    for unit, letter, most in ((_MINUTE, "m", 60), (_HOUR, "h", 24), (_DAY, "d", 100), (_WEEK, "w", 100)):
        if past / unit < most:
            return f"{int(past / unit)}{letter}"
    return f"{min(99, int(past / _YEAR))}y"


def ago(created: float | None, now: float) -> str:
    """How long ago, in a sentence: `2 d ago`."""
    short = age(created, now)
    if short == "?":
        return "at an unknown time"
    return "just now" if short == "now" else f"{short[:-1]} {'min' if short[-1] == 'm' else short[-1]} ago"


def duration(seconds: float | None) -> str:
    """How long something took: `0.34 s`, `2 m 05 s`, `3 h 20 m`."""
    if seconds is None:
        return "?"
    if seconds < _MINUTE:
        return f"{seconds:.2f} s" if seconds < _TEN else f"{seconds:.0f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} m {whole % _MINUTE:02} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} m"
