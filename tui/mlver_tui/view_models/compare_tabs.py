"""The tabs of Compare: inputs and outcomes, never mixed, each with its count."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mlver.model.change import Change, Kind, branch
from mlver.model.comparison import Comparison
from mlver.model.data import same_leaf
from mlver_tui.view_models.sections import Section


class CompareTab(StrEnum):
    """The tabs in their order."""

    SUMMARY = "Summary"
    PARAMS = "Params"
    METRICS = "Metrics"
    CURVES = "Curves"
    FILES = "Files"
    DATA = "Data"
    ENV = "Env"
    CODE = "Code"


TREE_TABS = (CompareTab.PARAMS, CompareTab.FILES, CompareTab.DATA, CompareTab.ENV, CompareTab.CODE)
"""Those that show a tree of changes."""

FOLDED_TABS = (CompareTab.FILES, CompareTab.DATA)
"""A file is one line until somebody asks for its byte ranges, a folder for its files."""


def compare_counts(comparison: Comparison, made: Sequence[Section]) -> dict[CompareTab, int | None]:
    """The number behind each tab's name: what differs; None: it has none."""
    counts: dict[CompareTab, int | None] = dict.fromkeys(CompareTab, None)
    for section in made:
        tab = CompareTab(section.tab)
        counts[tab] = (counts[tab] or 0) + section.count
    counts[CompareTab.METRICS] = sum(not same_leaf(delta.before, delta.after) for delta in comparison.metrics)
    return counts


def unknown_tabs(made: Sequence[Section]) -> frozenset[CompareTab]:
    """The tabs in which something is not known of a side: that nothing is known to differ there means little."""
    return frozenset(CompareTab(section.tab) for section in made if section.tree.kind is Kind.UNKNOWN)


def tree_of(made: Sequence[Section], tab: CompareTab) -> Change:
    """The tree of a tab; Env holds software, hardware and seeds."""
    parts = tuple(section.tree for section in made if section.tab == tab.value)
    return parts[0] if len(parts) == 1 else branch(tab.value, parts)
