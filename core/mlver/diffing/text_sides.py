"""The two texts of a file that are held against each other line by line."""

from __future__ import annotations

from collections.abc import Callable

from mlver.comparing.texts import USUAL, WHOLE, unified_diff
from mlver.diffing.code import old_path_of
from mlver.diffing.sourced import TEXT_LIMIT, SourcedContents, text_of
from mlver.errors import FileNotFoundInVersion
from mlver.model.text_diff import TextDiff
from mlver.model.version import Version, VersionRow
from mlver.sources.source import Source

SourceOf = Callable[[VersionRow], Source]


def compared_texts(source_of: SourceOf, before: Version, after: Version, path: str, *, whole: bool = False) -> TextDiff:
    """The diff of a file; one that was given another name is compared with what it was called before.

    Raises ObjectMissing, LimitReached, StoreFailed.
    """
    theirs = text_of(source_of(after.row), after, path)
    ours = text_of(source_of(before.row), before, path)
    if theirs and not ours:
        old_path = old_path_of(path, before, after, SourcedContents(source_of))
        ours = text_of(source_of(before.row), before, old_path) if old_path != path else ours
    return unified_diff(ours, theirs, limits=WHOLE if whole else USUAL)


def uncommitted_texts(source_of: SourceOf, version: Version, path: str, *, whole: bool = False) -> TextDiff:
    """The diff of a file from the commit that a run stood on to what ran. Raises as `compared_texts`."""
    contents = SourcedContents(source_of)
    sides = []
    for read in (contents.read_committed, contents.read):
        try:
            sides.append(read(version, path, TEXT_LIMIT))
        except FileNotFoundInVersion:
            sides.append(b"")
    return unified_diff(*sides, limits=WHOLE if whole else USUAL)
