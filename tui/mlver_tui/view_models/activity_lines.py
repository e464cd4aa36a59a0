"""What was left out of the list, and what the explorer did, as lines of one log."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from msgspec import Struct

from mlver_tui.activity import Activity
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import duration
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, wrapped_spans
from mlver_tui.view_models.text import padded

_TIME_CELLS, _TOOK_CELLS, _SIGN_CELLS = 9, 8, 3
_QUICK_S = 0.01


class ActivityLine(Struct, frozen=True, kw_only=True):
    """One line of the log, and the command that enter yanks on it."""

    line: Line
    command: str = ""


def activity_lines(
    problems: Sequence[str], activities: Iterable[Activity], width: int, glyphs: Glyphs = UNICODE
) -> list[ActivityLine]:
    """The problems first, then what was done, the newest last: under each its command."""
    lines: list[tuple[Line, str]] = []
    if problems:
        lines.append((line(" ", bright("left out of the list")), ""))
        lines += [(one, "") for one in problem_lines(problems, width, glyphs)]
        lines.append((EMPTY, ""))
    lines.append((line(" ", bright("done in this session")), ""))
    for one in activities:
        lines += [(made, one.command) for made in _activity(one, glyphs)]
    return [ActivityLine(line=made, command=command) for made, command in lines]


def _activity(one: Activity, glyphs: Glyphs) -> list[Line]:
    moment = time.strftime("%H:%M:%S", time.localtime(one.at))
    took = padded(duration(one.took_s) if one.took_s >= _QUICK_S else "", _TOOK_CELLS, right=True)
    outcome = Span(f"  {glyphs.broken} {glyphs.remark(one.outcome)}", Tone.WARNING) if one.outcome else ""
    times = dim(f"  {glyphs.times}{one.times}") if one.times > 1 else ""
    told = line(dim(f" {padded(moment, _TIME_CELLS)}{took}  "), glyphs.data(one.said), times, outcome)
    if not one.command:
        return [told]
    return [told, line(" " * (_TIME_CELLS + _TOOK_CELLS + 3), dim(glyphs.data(one.command)))]


def problem_lines(problems: Sequence[str], width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Every problem under its sign, wrapped."""
    lines: list[Line] = []
    for problem in problems:
        room = max(_SIGN_CELLS, width - _SIGN_CELLS - 1)
        for index, part in enumerate(wrapped_spans((Span(glyphs.data(problem)),), room)):
            sign = " " * _SIGN_CELLS if index else f" {glyphs.warning} "
            lines.append(fitted((Span(sign, Tone.WARNING), *part), width))
    return lines
