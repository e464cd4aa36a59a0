"""Artifacts of two versions: by digest, and what differs inside those that are present here."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mlver.comparing.digests import by_digest
from mlver.comparing.renames import moved as moved_files
from mlver.comparing.wording import amount
from mlver.diffing.contents import Contents
from mlver.diffing.folders import folder_node
from mlver.diffing.notebook import Notebook
from mlver.diffing.table_drift import Looking, compare_with_drift
from mlver.diffing.watching import watched
from mlver.errors import MlverError
from mlver.formats.registry import compare_pair
from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.manifest import Artifact
from mlver.model.version import Version
from mlver.progress import Progress, Report

NOT_PRESENT = "not present here"


def compare_artifacts(
    before: Version, after: Version, contents: Contents, notebook: Notebook, report: Report
) -> Change:
    """Every artifact as a node, by path; a file under another path with the same digest moved."""
    left, right = ({artifact.path: artifact for artifact in side.manifest.artifacts} for side in (before, after))
    moved = moved_files(_known(left, right), _known(right, left))
    nodes = []
    paths = sorted((left.keys() | right.keys()) - set(moved.values()))
    for number, path in enumerate(paths):
        notebook.check()
        report(Progress(doing=f"comparing {path}", done=number, total=len(paths)))
        if path in moved:
            nodes.append(_moved_node(moved[path], right[path]))
            continue
        ours, theirs = left.get(path), right.get(path)
        node = _node(path, ours, theirs)
        if ours and theirs and node.kind is not Kind.SAME:
            node = _looked_into(node, (before, ours), (after, theirs), contents, notebook)
        nodes.append(node)
    return branch("files", tuple(nodes))


def _node(path: str, before: Artifact | None, after: Artifact | None) -> Change:
    note = _size_note(before, after) if before is None or after is None else ""
    return by_digest(path, before.digest if before else MISSING, after.digest if after else MISSING, note)


def _size_note(before: Artifact | None, after: Artifact | None) -> str:
    side = before or after
    return amount(side.size, "byte") if side and side.size is not None else ""


def _known(artifacts: Mapping[str, Artifact], others: Mapping[str, Artifact]) -> dict[str, str]:
    """Path -> digest of those that the other side does not have."""
    return {path: artifact.digest for path, artifact in artifacts.items() if path not in others and artifact.digest}


def _moved_node(old_path: str, after: Artifact) -> Change:
    return Change(
        label=after.path, kind=Kind.MOVED, before=old_path, after=after.path, note=f"{old_path} → {after.path}"
    )


def _looked_into(
    node: Change,
    before: tuple[Version, Artifact],
    after: tuple[Version, Artifact],
    contents: Contents,
    notebook: Notebook,
) -> Change:
    """The node with what differs inside the file or the folder, when both contents are here."""
    try:
        ours, theirs = contents.members(*before), contents.members(*after)
        if ours is not None and theirs is not None:
            return folder_node(node, ours, theirs)
        left, right = contents.open_artifact(*before), contents.open_artifact(*after)
        if left is None or right is None:
            return replace(node, note=NOT_PRESENT)
        pair = watched(node.label, left, right, notebook.report)
        looking = Looking(should_stop=notebook.should_stop, report=notebook.report)
        if _is_data(node.label, before[0], after[0]):
            inside, drifted = compare_pair(pair, should_stop=notebook.should_stop), ""
        else:
            inside, drifted = compare_with_drift(pair, looking)
    except MlverError as error:
        notebook.failed(node.label, error)
        return replace(node, note="cannot be read")
    if not inside.complete:
        notebook.is_complete = False
        notebook.note(f"{node.label}: {', '.join(filter(None, (inside.note, *inside.details)))}")
    # The recorded digests decide whether it changed; they are what was promised.
    kind = inside.kind if node.kind is Kind.UNKNOWN else node.kind
    return replace(
        node,
        kind=kind,
        children=inside.children,
        note=", ".join(filter(None, (inside.note, drifted))),
        details=inside.details,
        complete=inside.complete,
    )


def _is_data(path: str, *sides: Version) -> bool:
    """Whether it is a data set too: how its columns moved is told there."""
    return any(item.path == path for side in sides for item in side.manifest.data)
