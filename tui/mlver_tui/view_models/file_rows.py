"""Rows of a change tree that are files, and what of them can be read as text."""

from __future__ import annotations

from mlver.model.change import Change
from mlver_tui.view_models.change_rows import ChangeRow
from mlver_tui.view_models.compare_tabs import CompareTab


def is_text_row(row: ChangeRow, tab: CompareTab) -> bool:
    """Whether the row is a file with a text of its own: no part of one, and no folder."""
    if tab is CompareTab.CODE:
        # Files of code are leaves; what is not is the heading of those that were in no commit.
        return row.tally is None
    return tab is CompareTab.FILES and len(row.path) == 1 and not row.is_folder


def uncommitted_in(row: ChangeRow, tab: CompareTab) -> str:
    """`A` or `B` for a file that differs from the commit this side stood on; empty for any other."""
    return row.path[0][-1] if tab is CompareTab.CODE and len(row.path) > 1 else ""


def files_beside(tree: Change, tab: CompareTab) -> tuple[str, ...]:
    """The files of a tab that differ between the versions, in its order."""
    return tuple(one.label for one in tree.children if one.is_change and not (tab is CompareTab.CODE and one.children))
