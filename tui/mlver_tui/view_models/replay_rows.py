"""A replay in lines: what it will do, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from textwrap import wrap

from msgspec import Struct

from mlver.model.replay import MetricVerdict, OutputVerdict, PlannedStep, ReplayPlan, ReplayRecord
from mlver.model.version import Agreement
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import decimals_of, duration, memory, metric_value, size
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line
from mlver_tui.view_models.text import cell_width, cut_start, padded
from mlver_tui.view_models.values import short_digest
from mlver_tui.view_models.version_rows import shown_name

AGREEMENT_TONES = {
    Agreement.IDENTICAL: Tone.BETTER,
    Agreement.CONTENT: Tone.BETTER,
    Agreement.WITHIN_TOLERANCE: Tone.BETTER,
    Agreement.DIFFERENT: Tone.WORSE,
    Agreement.FAILED: Tone.WORSE,
    Agreement.NOT_COMPARABLE: Tone.DIM,
}

_AGREEMENT_WORDS = {
    Agreement.IDENTICAL: "identical bytes",
    Agreement.CONTENT: "identical content",
    Agreement.WITHIN_TOLERANCE: "within tolerance",
}

_LABEL = 13


def agreement_words(agreement: Agreement) -> str:
    """The verdict as a sentence part: `identical bytes`."""
    return _AGREEMENT_WORDS.get(agreement, agreement.value)


def plan_lines(plan: ReplayPlan, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """What `go` will do: steps and commands, where, in which environment, what to expect, what stops it."""
    where = f"{glyphs.data(plan.target)}, a fresh folder, {size(plan.size_bytes, glyphs)} at the start"
    variables = "  ".join(f"{glyphs.data(name)}={glyphs.data(value)}" for name, value in plan.variables.items())
    lines = [
        _labelled("version", line(bright(shown_name(plan.version, glyphs)), f"  {glyphs.remark(plan.version.title)}")),
        _labelled("where", line(where)),
        _labelled(
            "environment",
            line(f"the {plan.environment} one" if plan.environment == "current" else glyphs.remark(plan.environment)),
        ),
        *_told("variables", [variables] if variables else [], Tone.PLAIN, width),
    ]
    drift = [glyphs.remark(text) for text in plan.drift]
    lines += _told("drift", drift or [_no_drift(plan)], Tone.WARNING if drift else Tone.PLAIN, width)
    lines += _told("expected", [glyphs.remark(plan.expectation)] if plan.expectation else [], Tone.PLAIN, width)
    stops = [f"{glyphs.broken} {glyphs.remark(text)}" for text in plan.obstacles]
    lines += _told("stopped by", stops, Tone.WORSE, width)
    if not plan.is_trusted:
        said = "! recorded elsewhere: the commands below are code from this repository and will run as you"
        lines += _told("trust", [said], Tone.WARNING, width)
    lines.append(EMPTY)
    for step in plan.steps:
        lines += _planned_step(step, width, glyphs)
    return [fitted(one, width) for one in lines]


def _no_drift(plan: ReplayPlan) -> str:
    if plan.is_drift_known:
        return "none: this machine is as recorded"
    if plan.is_trusted:
        return "not looked at: it cannot run here"
    return "not looked at: that would start a program of this repository before you agreed to run it"


def _told(label: str, sentences: Sequence[str], tone: Tone, width: int) -> list[Line]:
    """Sentences under one label, each wrapped: what stops or warns must not be cut."""
    parts = [part for sentence in sentences for part in wrap(sentence, max(20, width - _LABEL - 2)) or [""]]
    return [_labelled("" if index else label, line(Span(part, tone))) for index, part in enumerate(parts)]


def _labelled(label: str, value: Line) -> Line:
    return (dim(f" {label:<{_LABEL}}"), *value)


def _planned_step(step: PlannedStep, width: int, glyphs: Glyphs) -> list[Line]:
    """A step, none of it cut: whoever says go must have seen what runs."""
    command = step.run if isinstance(step.run, str) else " ".join(step.run)
    took = f"  took {duration(step.recorded_wall_s)}" if step.recorded_wall_s is not None else ""
    folder = f"  in {glyphs.data(step.cwd)}" if step.cwd not in {"", "."} else ""
    room = max(20, width - _LABEL - 2)
    said = wrap(f"{glyphs.data(command)}{folder}{took}", room, break_on_hyphens=False) or [""]
    lines = [line(bright(f" {glyphs.data(step.name):<{_LABEL}}"), said[0]), *(_labelled("", line(p)) for p in said[1:])]
    for word, paths in (("reads", [fact.path for fact in step.inputs]), ("makes", step.outputs)):
        shown = wrap("  ".join(map(glyphs.data, paths)), room - len(word) - 1, break_on_hyphens=False)
        for index, part in enumerate(shown):
            lines.append(_labelled("", line(dim(" " * 6 if index else f"{word} "), part)))
    return lines


class StepState(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class StepProgress(Struct, frozen=True, kw_only=True):
    """A step of a replay under way."""

    name: str
    state: StepState = StepState.WAITING
    wall_s: float | None = None
    cpu_s: float | None = None
    rss_bytes: int | None = None
    exit: int | None = None


def step_progress_line(step: StepProgress, width: int, glyphs: Glyphs = UNICODE) -> Line:
    """`▶ train   running   0.34 s   61 MiB`."""
    signs = {
        StepState.WAITING: dim(glyphs.dot),
        StepState.RUNNING: Span(glyphs.running, Tone.ACCENT),
        StepState.DONE: Span(glyphs.tick, Tone.BETTER),
        StepState.FAILED: Span(glyphs.broken, Tone.WORSE),
    }
    shown = [f"{step.state.value:<9}"]
    if step.state is StepState.FAILED and step.exit is not None:
        shown = [f"exit {step.exit:<4}"]
    if step.wall_s is not None:
        shown.append(f"{duration(step.wall_s):>9}")
    if step.cpu_s is not None:
        shown.append(f"cpu {duration(step.cpu_s)}")
    if step.rss_bytes is not None:
        shown.append(memory(step.rss_bytes))
    is_quiet = step.state is StepState.WAITING
    name = Span(padded(glyphs.data(step.name), 14), Tone.DIM if is_quiet else Tone.BRIGHT)
    return fitted((Span(" "), *fitted((signs[step.state],), 3), name, dim("  ".join(shown))), width)


def verdict_lines(record: ReplayRecord, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """The verdict in a word, then per output and per metric, then what differs first."""
    verdict = Span(f"{glyphs.agreement[record.agreement]} {agreement_words(record.agreement)}", _tone(record.agreement))
    lines = [line(bright(" VERDICT  "), verdict)]
    if record.problem:
        said = wrap(glyphs.remark(record.problem), max(20, width - 2), break_on_hyphens=False)
        lines += [line(Span(f" {part}", Tone.WARNING)) for part in said]
    lines += _undecided_lines(record, glyphs)
    if record.first_divergence:
        lines.append(line(dim(" first to differ  "), glyphs.remark(record.first_divergence)))
    names = [*(glyphs.data(one.path) for one in record.outputs), *(glyphs.data(one.name) for one in record.metrics)]
    # No wider than they need: the values should stand beside what they are of.
    longest = max([_LEAST_NAME, *(cell_width(name) + 1 for name in names)])
    room = max(8, min(longest, width - 3 - _VERDICT_CELLS - _NOTE_CELLS))
    tables = [
        ("OUTPUT", [_output_line(verdict, room, glyphs) for verdict in record.outputs]),
        ("METRIC", [_metric_verdict_line(verdict, room, glyphs) for verdict in record.metrics]),
    ]
    if record.agreement is Agreement.DIFFERENT:
        # Other bytes are common; whether the numbers moved is what is asked first.
        tables.reverse()
    for head, table in tables:
        if table:
            lines += [EMPTY, line(dim(f"   {padded(head, room)} RECORDED  REPLAYED  VERDICT")), *table]
    lines += _drift_lines(record.drift, glyphs)
    return [fitted(one, width) for one in lines]


def _undecided_lines(record: ReplayRecord, glyphs: Glyphs) -> list[Line]:
    """Which metrics differ beside a verdict that confirms: only those of time and memory can, for they decide none."""
    if record.agreement not in _CONFIRMING:
        return []
    names = [glyphs.data(one.name) for one in record.metrics if one.agreement not in _CONFIRMING]
    return [line(dim(f" measured time and memory never decide: {', '.join(names)}"))] if names else []


_CONFIRMING = {Agreement.IDENTICAL, Agreement.CONTENT, Agreement.WITHIN_TOLERANCE}
_VERDICT_CELLS, _NOTE_CELLS = 37, 16
_LEAST_NAME = 24


def _tone(agreement: Agreement) -> Tone:
    return AGREEMENT_TONES[agreement]


def _output_line(verdict: OutputVerdict, room: int, glyphs: Glyphs) -> Line:
    path = padded(cut_start(glyphs.data(verdict.path), room), room)
    recorded = short_digest(verdict.recorded.sha256, glyphs)
    replayed = short_digest(verdict.replayed.sha256, glyphs) if verdict.replayed else "not made"
    said = line(
        Span(padded(agreement_words(verdict.agreement), 17), _tone(verdict.agreement)), dim(glyphs.remark(verdict.note))
    )
    return _verdict_line(verdict.agreement, path, (recorded, replayed), said, glyphs)


def _metric_verdict_line(verdict: MetricVerdict, room: int, glyphs: Glyphs) -> Line:
    decimals = decimals_of([verdict.recorded, verdict.replayed])
    recorded = metric_value(verdict.recorded, decimals, glyphs)
    replayed = metric_value(verdict.replayed, decimals, glyphs) or "none"
    note = f"tolerance {glyphs.data(verdict.tolerance)}" if verdict.tolerance else ""
    said = line(Span(padded(verdict.agreement.value, 17), _tone(verdict.agreement)), dim(note))
    return _verdict_line(verdict.agreement, padded(glyphs.data(verdict.name), room), (recorded, replayed), said, glyphs)


def _verdict_line(agreement: Agreement, name: str, values: tuple[str, str], said: Line, glyphs: Glyphs) -> Line:
    sign = Span(f" {glyphs.agreement[agreement]} ", _tone(agreement))
    recorded, replayed = (padded(value, 8) for value in values)
    return (sign, Span(f"{name} "), dim(f"{recorded}  "), Span(f"{replayed}  "), *said)


def _drift_lines(drift: Sequence[str], glyphs: Glyphs) -> list[Line]:
    if not drift:
        return []
    return [EMPTY, line(dim(" this machine differs")), *(line("   ", glyphs.remark(text)) for text in drift)]
