"""What moved inside data sets that are tables: which rows, and how their columns are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mlver.comparing.data_changes import compare_profiles
from mlver.comparing.table_profile import TableProfile
from mlver.comparing.wording import amount
from mlver.diffing.contents import Contents
from mlver.diffing.data import as_artifact
from mlver.diffing.files import NOT_PRESENT
from mlver.diffing.notebook import Notebook
from mlver.errors import MlverError
from mlver.formats.blob import Blob
from mlver.formats.format import NotUnderstood
from mlver.formats.registry import compare_files
from mlver.formats.table_scans import scanned, table_kind
from mlver.formats.tables import understood
from mlver.model.change import Change, Kind
from mlver.model.manifest import Artifact, Manifest
from mlver.model.version import Version
from mlver.progress import ShouldStop

_OWN_NODES = {"columns"}
"""Told better by the profile, which knows what the texts of a CSV are."""

Side = tuple[Version, Mapping[str, Artifact]]


def looked_into(data: Change, before: Version, after: Version, contents: Contents, notebook: Notebook) -> Change:
    """The data sets and inputs, with what moved inside those that differ and are here on both sides."""
    left, right = ((side, _by_label(side.manifest)) for side in (before, after))
    nodes = []
    for node in data.children:
        is_open = node.kind in {Kind.CHANGED, Kind.UNKNOWN} and not node.children
        is_file = all(node.label in side[1] and not side[1][node.label].files for side in (left, right))
        nodes.append(_looked_into(node, left, right, contents, notebook) if is_open and is_file else node)
    return replace(data, children=tuple(nodes), complete=all(node.complete for node in nodes))


def _by_label(manifest: Manifest) -> dict[str, Artifact]:
    """What the comparison of data calls them -> where they are kept."""
    inputs = {file.path: as_artifact(file) for step in manifest.steps for file in step.inputs}
    return inputs | {item.name: as_artifact(item) for item in manifest.data}


def _looked_into(node: Change, before: Side, after: Side, contents: Contents, notebook: Notebook) -> Change:
    notebook.check()
    try:
        found = [contents.open_artifact(version, artifacts[node.label]) for version, artifacts in (before, after)]
        if found[0] is None or found[1] is None:
            return replace(node, details=(NOT_PRESENT,))
        blobs = Blob(found[0]), Blob(found[1])
        path = after[1][node.label].path
        inside = compare_files(path, *blobs, should_stop=notebook.should_stop)
        return _told(node, inside, _profiled(path, *blobs, notebook.should_stop))
    except MlverError as error:
        notebook.failed(node.label, error)
        return replace(node, note=", ".join(filter(None, (node.note, "cannot be read"))))


def _profiled(path: str, before: Blob, after: Blob, should_stop: ShouldStop) -> tuple[Change, ...] | str:
    """The nodes of two tables; a text: why there are none."""
    kind = table_kind(path, after)
    if kind is None or table_kind(path, before) is not kind:
        return ""
    try:
        with understood():
            sides = [TableProfile(scanned(path, side, kind), should_stop) for side in (before, after)]
            return compare_profiles(sides[0], sides[1])
    except NotUnderstood as refusal:
        return f"not looked into as {kind.name}: {refusal}"


def _told(node: Change, inside: Change, profiled: tuple[Change, ...] | str) -> Change:
    if isinstance(profiled, str):
        return replace(
            node,
            children=inside.children,
            details=(*inside.details, *filter(None, (profiled,))),
            complete=inside.complete,
        )
    rest = tuple(child for child in inside.children if child.label not in _OWN_NODES)
    kept = tuple(child for child in profiled if child.children or child.note)
    return replace(
        node,
        children=(*kept, *rest),
        note=", ".join((node.note, *(_moved(child) for child in kept if child.label == "drift"))).removeprefix(", "),
        details=inside.details,
        complete=inside.complete,
    )


def _moved(drift: Change) -> str:
    moved = sum(child.kind is Kind.CHANGED for child in drift.children)
    return f"{amount(moved, 'column')} drifted" if moved else "no column drifted"
