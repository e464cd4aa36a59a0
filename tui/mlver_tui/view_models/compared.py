"""A comparison made ready to be shown: what takes long on thousands of leaves is done once, in a worker's thread."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.between import Between
from mlver.model.change import Change
from mlver.model.comparison import Comparison
from mlver_tui.view_models.change_overview import overview_outline
from mlver_tui.view_models.change_rows import TreeOutline
from mlver_tui.view_models.compare_tabs import TREE_TABS, CompareTab, compare_counts, tree_of, unknown_tabs
from mlver_tui.view_models.sections import Section, sections
from mlver_tui.view_models.tabs import tab_label


class ComparedView(Struct, frozen=True, kw_only=True):
    """A comparison with its counts and the outlines of its trees."""

    comparison: Comparison
    sections: tuple[Section, ...]
    counts: Mapping[CompareTab, int | None]
    """The number behind each tab's name."""
    unknown: frozenset[CompareTab]
    """The tabs in which something is not known of a side."""
    outlines: Mapping[CompareTab, TreeOutline]
    overview: TreeOutline
    """Everything in one tree."""
    between: Between | None = None

    def label(self, tab: CompareTab) -> str:
        """The name of a tab with what differs there; where nothing is known to differ, and not all is known, `?`."""
        count = self.counts[tab]
        return tab_label(tab.value, "?" if count == 0 and tab in self.unknown else count)

    @property
    def whole(self) -> tuple[int, int]:
        """How many leaves of the tree of everything differ, and of how many."""
        # The dashed line is a leaf of it, and no thing.
        return self.overview.whole.differing, self.overview.leaves - 1


def compared_view(comparison: Comparison, between: Between | None = None) -> ComparedView:
    """Make a comparison ready."""
    made = sections(comparison)
    trees = {tab: tree_of(made, tab) for tab in TREE_TABS}
    trees[CompareTab.CODE] = _with_uncommitted(trees[CompareTab.CODE], comparison)
    return ComparedView(
        comparison=comparison,
        sections=made,
        counts=compare_counts(comparison, made),
        unknown=unknown_tabs(made),
        outlines={tab: TreeOutline(tree) for tab, tree in trees.items()},
        overview=overview_outline(comparison, made),
        between=between,
    )


def _with_uncommitted(code: Change, comparison: Comparison) -> Change:
    """The tree with what each side had that its commit had not: shown, and not counted as a difference of the two."""
    return replace(code, children=(*code.children, *(tree for tree in comparison.uncommitted if tree is not None)))
