"""What two versions that mlver did not record leave unsaid: it is unknown, never "the same"."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.comparing.dimensions import may_stand_unread
from mlver.comparing.environments import NOT_RECORDED
from mlver.model.change import Change, Kind
from mlver.model.manifest import EnvironmentFacts, HardwareFacts, Manifest
from mlver.model.version import Version


def said(tree: Change, side: Version, other: Version) -> Change:
    """The tree, or that nothing is known: when neither version says anything of the dimension `tree` is named after."""
    if any(_says(tree.label, one) for one in (side, other)):
        return tree
    return Change(label=tree.label, kind=Kind.UNKNOWN, note=NOT_RECORDED)


def doubted(params: Change, before: Version, after: Version) -> Change:
    """The params, those unknown that may stand in a file of the other side that cannot be read."""
    unread = [f"{side.row.name}: {', '.join(side.manifest.unread)}" for side in (before, after) if side.manifest.unread]
    if not unread:
        return params
    note = f"cannot be read in {'; '.join(unread)}"
    if not (before.manifest.params and after.manifest.params):
        return Change(label=params.label, kind=Kind.UNKNOWN, note=note)
    return _doubted(params, before.manifest, after.manifest, note)


def _doubted(node: Change, before: Manifest, after: Manifest, note: str) -> Change:
    if may_stand_unread(node.kind, before, after):
        return replace(node, kind=Kind.UNKNOWN, note=note, children=())
    if not node.children:
        return node
    children = tuple(_doubted(child, before, after, note) for child in node.children)
    kind = node.kind if any(child.is_change and child.kind is not Kind.UNKNOWN for child in children) else Kind.UNKNOWN
    return replace(node, children=children, kind=kind if node.kind is not Kind.SAME else Kind.SAME)


def _says(dimension: str, version: Version) -> bool:
    manifest = version.manifest
    if manifest.run is not None:
        return True  # mlver recorded it: nothing there means that there was nothing
    facts: dict[str, object] = {
        "params": manifest.params,
        "data": manifest.data or any(step.inputs for step in manifest.steps),
        "environment": manifest.environment != EnvironmentFacts() or version.packages,
        "hardware": manifest.hardware != HardwareFacts(),
        "seeds": manifest.seeds,
        "files": manifest.artifacts or manifest.steps,
    }
    return bool(facts.get(dimension, True))
