"""What differs, as a flat list: one entry per parameter, package or file, for commands and reports."""

from __future__ import annotations

import math
from collections.abc import Iterator

from msgspec import Struct

from mlver.model.change import MISSING, Change, Kind
from mlver.model.comparison import Comparison
from mlver.model.metric import MetricDelta
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.sections import Section, sections
from mlver_tui.view_models.values import change_note, short_digest, value_text

PARTS = ("params", "metrics", "data", "code", "env", "files")
"""The parts of a comparison that can be asked for; hardware and seeds belong to `env`."""

_RESOURCES = frozenset({"wall_s", "cpu_s", "peak_rss_bytes", "peak_gpu_bytes"})
FILE_SECTIONS = {"data", "code", "files"}
"""Sections whose entries are files: what differs inside one belongs to it and is no entry of its own."""


class Entry(Struct, frozen=True, kw_only=True):
    """A leaf of a section, or a file with what differs inside it."""

    path: tuple[str, ...]
    """Labels from the section down, unsanitised."""
    node: Change
    is_file: bool
    """Its values are digests."""
    is_code: bool = False

    @property
    def key(self) -> str:
        """The path as people write it."""
        return ".".join(self.path).replace(".[", "[")


def sections_of(comparison: Comparison, parts: frozenset[str] = frozenset(PARTS)) -> tuple[Section, ...]:
    """The sections that belong to the parts, in the summary's order."""
    return tuple(section for section in sections(comparison) if section.tab.lower() in parts)


def entries_of(section: Section, *, everything: bool = False) -> Iterator[Entry]:
    """What differs in a section; `everything`: also what is the same, and noise.

    Without recursion: a tree can be as deep as a config.
    """
    is_file = section.name in FILE_SECTIONS
    waiting: list[tuple[tuple[str, ...], Change]] = [((node.label,), node) for node in reversed(section.tree.children)]
    if not waiting and section.tree.kind is not Kind.SAME and not section.unknown:
        waiting = [((section.tree.label,), section.tree)]
    while waiting:
        path, node = waiting.pop()
        if node.children and not is_file:
            waiting += [((*path, child.label), child) for child in reversed(node.children)]
        elif everything or node.is_change:
            yield Entry(path=path, node=node, is_file=is_file, is_code=section.name == "code")


def entry_values(entry: Entry, glyphs: Glyphs = UNICODE) -> tuple[str, str]:
    """Both sides as text; empty where a side has none."""
    node = entry.node
    if node.kind is Kind.MOVED and entry.is_file:
        return glyphs.data(str(node.before)), glyphs.data(str(node.after))
    before, after = (
        ""
        if value is MISSING
        else short_digest(str(value), glyphs)
        if entry.is_file and value
        else value_text(value, glyphs)
        for value in (node.before, node.after)
    )
    return before, after


def is_told_by_lines(entry: Entry) -> bool:
    """Whether the note counts lines, so that the digests of both sides say nothing more."""
    return entry.is_code and "+" in entry.node.note


def entry_note(entry: Entry, glyphs: Glyphs = UNICODE) -> str:
    """The remark: the comparison's own, else how the value changed."""
    node = entry.node
    if node.note or entry.is_file or node.kind is Kind.SAME:
        return glyphs.remark(node.note)
    return change_note(node.before, node.after, glyphs)


def left_out(section: Section) -> str:
    """What is not among the entries of a section: `8 same, 1 ignored as noise`."""
    counts = section.counts
    said = [f"{counts.same} same"] if counts.same else []
    said += [f"{counts.noise} ignored as noise"] if counts.noise else []
    return ", ".join(said)


def is_different(comparison: Comparison, parts: frozenset[str] = frozenset(PARTS)) -> bool:
    """Whether anything differs in these parts. Time and memory used do not count: no two runs have them alike."""
    if any(section.tree.count().total for section in sections_of(comparison, parts)):
        return True
    measured = [delta for delta in comparison.metrics if delta.name not in _RESOURCES]
    return "metrics" in parts and any(_moved(delta) for delta in measured)


def _moved(delta: MetricDelta) -> bool:
    sides = (delta.before, delta.after)
    is_nan = [isinstance(value, float) and math.isnan(value) for value in sides]
    return not all(is_nan) and delta.before != delta.after
