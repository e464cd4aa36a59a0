"""Can we believe it: what was measured that speaks for or against a difference."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mlver.model.change import Kind
from mlver.model.comparison import Comparison
from mlver.model.evaluation import EVALUATION_ROLES
from mlver.model.version import Agreement, VersionRow
from mlver_tui.view_models.doubt_lines import doubts
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.helped import same_test_set
from mlver_tui.view_models.numbers import count as grouped
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line, spread
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.version_rows import replay_span

_YES, _NOT_SURE, _NO = "yes", "not sure", "no"
_TONES = {_YES: Tone.BETTER, _NOT_SURE: Tone.PLAIN, _NO: Tone.WORSE}
_CONFIRMED = frozenset({Agreement.IDENTICAL, Agreement.CONTENT, Agreement.WITHIN_TOLERANCE})
_NAME_CELLS, _WORD_CELLS = 11, 12
_REFUTED = frozenset({Agreement.DIFFERENT, Agreement.FAILED})


class Evidence(Struct, frozen=True):
    """Something measured."""

    name: str
    said: Line
    word: str
    """Whether it speaks for the difference: `yes`, `not sure`, `no`."""

    @property
    def tone(self) -> Tone:
        """How the word looks."""
        return _TONES[self.word]


def evidence(comparison: Comparison, glyphs: Glyphs = UNICODE) -> Iterator[Evidence]:
    """What there is; nothing where nothing was measured, or both are one version."""
    if comparison.is_of_one_version:
        return
    yield from _replays(comparison, glyphs)
    yield from _test_data(comparison, glyphs)
    yield from _leakage(comparison, glyphs)


def belief_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """A line for each kind of evidence there is; none where nothing was measured."""
    told = [
        spread(line(dim(f" {one.name:<9} "), *one.said), line(Span(one.word, one.tone)), width - 1)
        for one in evidence(comparison, glyphs)
    ]
    told += doubt_lines(comparison, width, glyphs, has_words=True)
    return [line(bright(" CAN WE BELIEVE IT")), *told] if told else []


def doubt_lines(comparison: Comparison, width: int, glyphs: Glyphs = UNICODE, *, has_words: bool = False) -> list[Line]:
    """What chance may have done; `has_words`: and whether it is ruled out, at the right."""
    lines: list[Line] = []
    room = width - _NAME_CELLS - (_WORD_CELLS if has_words else 0)
    for doubt in doubts(comparison, glyphs):
        name, word = doubt.name, (_YES if doubt.is_ruled_out else _NOT_SURE) if has_words else ""
        for part in wrapped(doubt.said, max(20, room)):
            left = line(dim(f" {name:<9} "), part)
            lines.append(spread(left, line(Span(word, _TONES[word])), width - 1) if word else left)
            name = word = ""
    return lines


def _replays(comparison: Comparison, glyphs: Glyphs) -> Iterator[Evidence]:
    rows = (comparison.before.row, comparison.after.row)
    if not any(row.replay for row in rows):
        return
    said = line(
        Span("A ", Tone.SIDE_A), *_replayed(rows[0], glyphs), dim(f" {glyphs.dot} "),
        Span("B ", Tone.SIDE_B), *_replayed(rows[1], glyphs),
    )  # fmt: skip
    agreements = [row.replay.agreement if row.replay else None for row in rows]
    if any(one in _REFUTED for one in agreements):
        yield Evidence("replays", said, _NO)
    else:
        yield Evidence("replays", said, _YES if all(one in _CONFIRMED for one in agreements) else _NOT_SURE)


def _replayed(row: VersionRow, glyphs: Glyphs) -> Line:
    if row.replay is None:
        return line("never replayed")
    return line(replay_span(row.replay, glyphs), f" {row.replay.agreement.value}")


def _test_data(comparison: Comparison, glyphs: Glyphs) -> Iterator[Evidence]:
    sides = (comparison.before.manifest, comparison.after.manifest)
    names = {item.name for side in sides for item in side.data if item.role in EVALUATION_ROLES}
    tests = [child for child in comparison.data.children if child.label in names]
    if not tests:
        return
    named = ", ".join(glyphs.data(child.label) for child in tests)
    if any(child.kind is Kind.UNKNOWN for child in tests):
        yield Evidence("data", line(f"whether {named} is the same is not known"), _NOT_SURE)
    elif all(child.kind is Kind.SAME for child in tests):
        yield Evidence("data", line(f"{named}: same digest on both sides"), _YES)
    else:
        yield Evidence("data", line(same_test_set(comparison, glyphs)), _NO)


def _leakage(comparison: Comparison, glyphs: Glyphs) -> Iterator[Evidence]:
    """`rows of train also in eval: none in A and in B`.

    Named after what speaks for the difference: "leakage … yes" would be read as the contrary of what was found.
    """
    for one in comparison.leakage:
        counts = [None if side is None else side.train_rows for side in (one.before, one.after)]
        told = ["not known" if count is None else grouped(count, glyphs) if count else "none" for count in counts]
        found = f"{told[0]} in A and in B" if told[0] == told[1] else f"{told[0]} in A, {told[1]} in B"
        said = line(f"rows of {glyphs.data(one.train)} also in {glyphs.data(one.evaluation)}: {found}")
        words = [_NOT_SURE if count is None else _NO if count else _YES for count in counts]
        yield Evidence("held out", said, max(words, key=(_YES, _NOT_SURE, _NO).index))
