"""Folders that are recorded as one: which of their files differ, where their listings are here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mlver.comparing.digests import by_digest
from mlver.comparing.wording import amount, grouped
from mlver.diffing.contents import Contents
from mlver.diffing.data import OTHER_CONTENT, as_artifact
from mlver.diffing.notebook import Notebook
from mlver.errors import MlverError
from mlver.model.change import MISSING, Change, Kind
from mlver.model.manifest import DataFacts, FileFact
from mlver.model.version import Version


def folder_node(node: Change, before: tuple[FileFact, ...], after: tuple[FileFact, ...]) -> Change:
    """The node of a folder with its files by digest."""
    left, right = ({file.path: file.digest for file in side} for side in (before, after))
    leaves = tuple(
        by_digest(path, left.get(path, MISSING), right.get(path, MISSING))
        for path in sorted(left.keys() | right.keys())
    )
    unknown = sum(leaf.kind is Kind.UNKNOWN for leaf in leaves)
    changed = sum(leaf.kind is not Kind.SAME for leaf in leaves) - unknown
    differ = "differs" if len(leaves) == 1 else "differ"
    notes = [node.note, f"{grouped(changed)} of {amount(len(leaves), 'file')} {differ}"]
    notes += [f"{grouped(unknown)} not known"] if unknown else []
    return replace(node, children=leaves, note=", ".join(filter(None, notes)))


def unfolded_data(data: Change, before: Version, after: Version, contents: Contents, notebook: Notebook) -> Change:
    """The data sets, with their files those that are folders and differ."""
    left, right = ({one.name: one for one in side.manifest.data} for side in (before, after))
    nodes = tuple(
        _unfolded(node, (before, left), (after, right), contents, notebook)
        if node.kind is not Kind.SAME and node.label in left and node.label in right
        else node
        for node in data.children
    )
    return replace(data, children=nodes)


_Side = tuple[Version, Mapping[str, DataFacts]]


def _unfolded(node: Change, before: _Side, after: _Side, contents: Contents, notebook: Notebook) -> Change:
    notebook.check()
    sides = [(version, as_artifact(facts[node.label])) for version, facts in (before, after)]
    try:
        ours, theirs = (contents.members(version, folder) for version, folder in sides)
    except MlverError as error:
        notebook.failed(node.label, error)
        return node
    if ours is None or theirs is None:
        return node
    # How many files differ says more than that some do.
    return folder_node(replace(node, note="") if node.note == OTHER_CONTENT else node, ours, theirs)
