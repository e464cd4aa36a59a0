"""What two versions that mlver did not record leave unsaid: it is unknown, never "the same"."""

from __future__ import annotations

from mlver.comparing.dimensions import has_unread_params
from mlver.comparing.environments import NOT_RECORDED
from mlver.model.change import Change, Kind
from mlver.model.manifest import EnvironmentFacts, HardwareFacts
from mlver.model.version import Version


def said(tree: Change, side: Version, other: Version) -> Change:
    """The tree, or that nothing is known: when neither version says anything of the dimension `tree` is named after.

    Nor are params gone from a version whose files cannot be read.
    """
    if any(_says(tree.label, one) for one in (side, other)):
        unread = next((one for one in (side, other) if has_unread_params(one.manifest)), None)
        if tree.label != "params" or unread is None:
            return tree
        return Change(label=tree.label, kind=Kind.UNKNOWN, note=f"{unread.row.name} holds a file that cannot be read")
    return Change(label=tree.label, kind=Kind.UNKNOWN, note=NOT_RECORDED)


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
