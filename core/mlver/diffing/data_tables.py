"""What moved inside data sets that are tables: which rows, and how their columns are distributed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mlver.diffing.contents import Contents
from mlver.diffing.data import as_artifact
from mlver.diffing.files import NOT_PRESENT
from mlver.diffing.folder_tables import files_below, folder_looked_into
from mlver.diffing.notebook import Notebook
from mlver.diffing.table_drift import Looking, compare_with_drift
from mlver.diffing.watching import watched
from mlver.errors import MlverError
from mlver.model.change import Change, Kind
from mlver.model.manifest import Artifact, Manifest
from mlver.model.version import Version

Side = tuple[Version, Mapping[str, Artifact]]


def looked_into(data: Change, before: Version, after: Version, contents: Contents, notebook: Notebook) -> Change:
    """The data sets and inputs, with what moved inside those that differ and are here on both sides."""
    sides = [(side, _by_label(side.manifest)) for side in (before, after)]
    folders = tuple(f"{item.path}/" for side in (before, after) for item in side.manifest.data)
    nodes = []
    for node in data.children:
        is_open = node.kind in {Kind.CHANGED, Kind.UNKNOWN} and all(node.label in side[1] for side in sides)
        # A file of a data set that is a folder is told of there.
        is_part = node.label.startswith(folders)
        nodes.append(_looked_into(node, sides[0], sides[1], contents, notebook) if is_open and not is_part else node)
    return replace(data, children=tuple(nodes), complete=all(node.complete for node in nodes))


def _by_label(manifest: Manifest) -> dict[str, Artifact]:
    """What the comparison of data calls them -> where they are kept."""
    inputs = {file.path: as_artifact(file) for step in manifest.steps for file in step.inputs}
    return inputs | {item.name: as_artifact(item) for item in manifest.data}


def _looked_into(node: Change, before: Side, after: Side, contents: Contents, notebook: Notebook) -> Change:
    notebook.check()
    target = _target(node.label, after[0], before[0])
    looking = Looking(should_stop=notebook.should_stop, report=notebook.report, target=target)
    ours, theirs = ((version, artifacts[node.label]) for version, artifacts in (before, after))
    try:
        if any(files_below(*side, contents) is not None for side in (ours, theirs)):
            folder = folder_looked_into(node, (ours, theirs), contents, looking)
            _note_limit(folder, notebook)
            return folder
        found = [contents.open_artifact(*side) for side in (ours, theirs)]
        if found[0] is None or found[1] is None:
            return replace(node, details=(NOT_PRESENT,))
        inside, drifted = compare_with_drift(watched(theirs[1].path, found[0], found[1], notebook.report), looking)
    except MlverError as error:
        notebook.failed(node.label, error)
        return replace(node, note=", ".join(filter(None, (node.note, "cannot be read"))))
    return _told(node, inside, drifted, notebook)


def _target(name: str, *sides: Version) -> str | None:
    """The column that is learned of a data set, as the first side that names one has it."""
    return next((one.target for side in sides for one in side.manifest.data if one.name == name and one.target), None)


def _told(node: Change, inside: Change, drifted: str, notebook: Notebook) -> Change:
    _note_limit(replace(inside, label=node.label), notebook)
    return replace(
        node,
        # The recorded digests decide whether it changed; they are what was promised.
        kind=inside.kind if node.kind is Kind.UNKNOWN else node.kind,
        children=inside.children,
        note=", ".join(filter(None, (node.note, drifted))),
        details=tuple(told for told in (inside.note, *inside.details) if told and told not in node.note),
        complete=inside.complete,
    )


def _note_limit(looked_into: Change, notebook: Notebook) -> None:
    if not looked_into.complete:
        notebook.is_complete = False
        notebook.note(f"{looked_into.label}: {', '.join(filter(None, (looked_into.note, *looked_into.details)))}")
