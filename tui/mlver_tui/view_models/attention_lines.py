"""Why versions are worth a look, in a line each."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from mlver.model.attention import Reason, Why
from mlver.model.metric import Judgement, MetricDelta
from mlver.model.status import Status
from mlver.model.version import Agreement, VersionRow
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, metric_value, number
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, fitted, line, width_of
from mlver_tui.view_models.version_rows import judgement_tone, shown_name

_NAME_WIDTH = 11


class Worthy(Struct, frozen=True):
    """A version that is worth a look."""

    row: VersionRow
    reasons: tuple[Reason, ...]
    """The gravest first; one at least."""


def worthy_line(worthy: Worthy, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`≠ e07b3a51.2  2 runs of one recipe, results 0.0028 apart`."""
    row = worthy.row
    said = "; ".join(dict.fromkeys(reason_texts(row, worthy.reasons, glyphs)))
    name = fitted(line(bright(shown_name(row, glyphs))), _NAME_WIDTH)
    return fitted(line(" ", _sign(worthy, glyphs), " ", *name, "  ", said), width)


def reason_texts(row: VersionRow, reasons: tuple[Reason, ...], glyphs: Glyphs) -> list[str]:
    """Why the version is worth a look, a sentence each."""
    # A replay that came out otherwise is one more result of the recipe: that is said once.
    has_two = any(reason.why is Why.TWO_RESULTS for reason in reasons)
    kept = [reason for reason in reasons if not (has_two and reason.why is Why.REPLAY)]
    return [_WORDS[reason.why](row, reason, glyphs) for reason in kept]


def _sign(worthy: Worthy, glyphs: Glyphs) -> Span:
    first = worthy.reasons[0]
    if first.why in {Why.BROKEN, Why.NOT_DONE}:
        return Span(glyphs.incomplete if worthy.row.status is Status.INTERRUPTED else glyphs.broken, Tone.WARNING)
    if first.why in {Why.REPLAY, Why.TWO_RESULTS}:
        return Span(glyphs.agreement[Agreement.DIFFERENT], Tone.WARNING)
    if first.why is Why.WORSE:
        return Span(glyphs.judgement[Judgement.WORSE], judgement_tone(Judgement.WORSE))
    return Span(glyphs.warning, Tone.WARNING)


def _broken(row: VersionRow, _reason: Reason, glyphs: Glyphs) -> str:
    return glyphs.data(row.problem or "cannot be read")


def _not_done(row: VersionRow, _reason: Reason, glyphs: Glyphs) -> str:
    return row.status.value + (f": {glyphs.data(row.problem)}" if row.problem else "")


def _replay(row: VersionRow, _reason: Reason, _glyphs: Glyphs) -> str:
    has_failed = row.replay is not None and row.replay.agreement is Agreement.FAILED
    return "its newest replay failed" if has_failed else "its newest replay came out otherwise"


def _two_results(row: VersionRow, reason: Reason, glyphs: Glyphs) -> str:
    delta = reason.delta
    apart = f"results {_amount(delta, abs(delta.absolute), glyphs)} apart" if delta and delta.absolute else ""
    same = f"other bytes of the same {glyphs.data(row.primary)}" if row.primary else "other bytes"
    return f"{reason.runs} runs of one recipe, {apart or same}"


def _worse(row: VersionRow, reason: Reason, glyphs: Glyphs) -> str:
    delta, other = reason.delta, reason.against
    if delta is None or other is None:
        return "worse"
    decimals = decimals_of([delta.before, delta.after])
    before, after = (metric_value(value, decimals, glyphs) for value in (delta.before, delta.after))
    tolerance = delta.meaning.tolerance
    beyond = f": beyond its tolerance of {_percent(str(tolerance))}" if tolerance else ""
    was = f"was {before}" if other.key == row.parent else f"{shown_name(other, glyphs)} has {before}"
    return f"{glyphs.data(delta.name)} {after}, {was}{beyond}"


def _unproven(row: VersionRow, _reason: Reason, glyphs: Glyphs) -> str:
    doubts = ["uncommitted code"] if row.is_dirty else []
    doubts += ["never replayed"] if row.replay is None else []
    return f"best {glyphs.data(row.primary or 'result')} so far, but {' and '.join(doubts)}"


def _dirty(_row: VersionRow, _reason: Reason, _glyphs: Glyphs) -> str:
    return "uncommitted code"


def _noted(row: VersionRow, _reason: Reason, glyphs: Glyphs) -> str:
    return glyphs.data(row.problem or "not all of it could be read")


_WORDS: dict[Why, Callable[[VersionRow, Reason, Glyphs], str]] = {
    Why.BROKEN: _broken,
    Why.NOT_DONE: _not_done,
    Why.REPLAY: _replay,
    Why.TWO_RESULTS: _two_results,
    Why.WORSE: _worse,
    Why.BEST_UNPROVEN: _unproven,
    Why.DIRTY: _dirty,
    Why.NOTED: _noted,
}


def _amount(delta: MetricDelta, value: float, glyphs: Glyphs) -> str:
    return number(value, decimals_of([delta.before, delta.after]), glyphs=glyphs)


def _percent(tolerance: str) -> str:
    return tolerance.replace("%", " %")


def worthy_head(found: int, *, is_all: bool, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`─ worth a look ─────────────── 5: n N ─`, or that there is nothing."""
    counted = dim(f" {found}{'' if is_all else '+'}: ")
    end = line(counted, bright("n N"), dim(f" {glyphs.rule}")) if found else line(dim(glyphs.rule))
    nothing = "" if found else f"{glyphs.dot} nothing in this list "
    start = line(dim(f"{glyphs.rule} "), bright("worth a look"), " ", dim(nothing))
    return fitted((*start, dim(glyphs.rule * max(0, width - width_of(start) - width_of(end))), *end), width)
