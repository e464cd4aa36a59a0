"""What changed: one line per side of the versions, its most telling changes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mlver.model.change import Change, Kind, Missing
from mlver.model.data import Data
from mlver_tui.view_models.change_rows import KIND_TONES
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.numbers import amount
from mlver_tui.view_models.sections import Section
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, fitted, line, text_of
from mlver_tui.view_models.told import Told, told_line
from mlver_tui.view_models.values import is_digest, value_text

NO_INPUT = "not an input"
"""How the note of a code file begins that no step reads."""

_LOOKED_AT = 50
_HEAD_CELLS = 15
_ALIKE = {"hardware": "same machine", "seeds": "same seeds"}


def section_lines(sections: Sequence[Section], width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """A line per section. A machine and seeds that are the same are told with the software."""
    alike = tuple(_ALIKE[section.name] for section in sections if section.name in _ALIKE and section.is_same)
    lines = []
    for section in sections:
        if section.name in _ALIKE and section.is_same:
            continue
        lines.append(section_line(section, width, glyphs, alike=alike if section.name == "env" else ()))
    return lines


def section_line(section: Section, width: int, glyphs: Glyphs = UNICODE, *, alike: Sequence[str] = ()) -> Line:
    """`~ params   3   optimiser.lr 0.1 → 0.03 · + momentum 0.9`."""
    total = section.count
    kind = section.tree.kind if total or section.tree.kind is Kind.UNKNOWN else Kind.SAME
    start = line(
        Span(f" {glyphs.kind[kind]} ", KIND_TONES[kind]),
        dim(f"{section.name:<8}") if not total else f"{section.name:<8}",
        Span(f"{total:>2}  ", Tone.DIM if not total else Tone.PLAIN),
    )
    if not total:
        return fitted((*start, dim(", ".join((_unchanged(section, glyphs), *alike)))), width)
    changes = sorted(_changes(section), key=lambda found: _rank(section, found[1]))
    told = _told_all(section, changes, glyphs)
    room = max(1, width - _HEAD_CELLS - 1)
    return fitted(start + told_line(told, total - len(changes), room, glyphs.dot), width)


def _unchanged(section: Section, glyphs: Glyphs) -> str:
    if section.tree.kind is Kind.UNKNOWN:
        return glyphs.remark(section.unknown) or "not known on one side"
    if section.name == "env":
        packages = sum(len(child.children) for child in section.tree.children if child.label == "packages")
        return f"same {amount(packages, 'package', glyphs)}" if packages else "same software"
    return glyphs.remark(section.tree.note) or "same"


def _changes(section: Section) -> list[tuple[tuple[str, ...], Change]]:
    """Things, or leaves under their paths; not all of very many."""
    found: list[tuple[tuple[str, ...], Change]] = []
    waiting: list[tuple[tuple[str, ...], Change]] = [
        ((child.label,), child) for child in reversed(section.tree.children)
    ]
    if not waiting:
        return [((section.tree.label,), section.tree)] if section.tree.is_change else []
    while waiting and len(found) < _LOOKED_AT:
        path, node = waiting.pop()
        if not node.is_change:
            continue
        if node.children and not section.by_thing:
            waiting += [((*path, child.label), child) for child in reversed(node.children)]
        else:
            found.append((path, node))
    return found


def _rank(section: Section, change: Change) -> tuple[bool, bool, int]:
    """What people look for first: what moved, what steps read in their order; last what is told elsewhere."""
    # Which packages differ tells more than that their list does.
    is_elsewhere = change.label in section.data or (section.name == "env" and change.label == "lock")
    is_aside = is_elsewhere or change.note.startswith(NO_INPUT)
    return is_aside, _is_one_sided(change), section.read.get(change.label, len(section.read))


def _told_all(section: Section, changes: list[tuple[tuple[str, ...], Change]], glyphs: Glyphs) -> list[Told]:
    names = Counter(_short(path) for path, _ in changes)
    told = []
    for path, change in changes:
        short = _short(path)
        is_short = names[short] == 1 and (section.name in {"code", "files", "data", "env"} or _is_one_sided(change))
        told.append(_told(section, short if is_short else ".".join(path), change, glyphs))
    return [*told, *_same_evaluation(section, glyphs)]


def _short(path: tuple[str, ...]) -> str:
    """The last key, or the file's name without its folder."""
    return path[-1].rstrip("/").rpartition("/")[2] or path[-1]


def _is_one_sided(change: Change) -> bool:
    return change.kind in {Kind.ADDED, Kind.REMOVED}


def _told(section: Section, name: str, change: Change, glyphs: Glyphs) -> Told:
    shown = glyphs.data(name)
    if _is_one_sided(change):
        tone = Tone.ADDED if change.kind is Kind.ADDED else Tone.REMOVED
        value = _value(change.after, glyphs) if change.kind is Kind.ADDED else EMPTY
        return Told(name=line(Span(f"{glyphs.kind[change.kind]} ", tone), shown, *value))
    if section.name == "code":
        return _told_code(shown, change, glyphs)
    before, after = _value(change.before, glyphs), _value(change.after, glyphs)
    if not change.children and before and after and before != after:
        return Told(name=line(shown, dim(f"{text_of(before)} {glyphs.arrow}"), *after))
    return Told(name=line(shown), said=line(dim(f" {glyphs.remark(change.note)}")) if change.note else EMPTY)


def _told_code(shown: str, change: Change, glyphs: Glyphs) -> Told:
    """Names alone, for line counts say little beside another; but what no step reads is marked."""
    remark = change.note.partition(", ")[0]
    if remark == NO_INPUT:
        return Told(name=line(dim(shown)), said=line(dim(" no input")))
    is_input = not remark or remark[0] in "+b"
    return Told(
        name=line(shown), said=EMPTY if is_input else line(dim(f" {glyphs.remark(remark)}")), stands_close=is_input
    )


def _value(value: Data | Missing, glyphs: Glyphs) -> Line:
    """A value worth telling in a sentence: no digest, no list, not nothing."""
    if isinstance(value, (dict, list, Missing)) or (isinstance(value, str) and is_digest(value)):
        return EMPTY
    return (bright(f" {value_text(value, glyphs)}"),)


def _same_evaluation(section: Section, glyphs: Glyphs) -> Iterator[Told]:
    """Data that the metrics were measured on is worth a word when it did not change."""
    for child in section.tree.children:
        if section.name == "data" and child.kind is Kind.SAME and child.label in section.evaluation:
            yield Told(name=line(dim(f"{glyphs.data(child.label)} same")))
