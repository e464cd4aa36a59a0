"""What two versions that mlver did not record leave unsaid: it is unknown, never "the same"."""

from __future__ import annotations

from mlver.comparing.environments import NOT_RECORDED
from mlver.model.change import Change, Kind
from mlver.model.manifest import EnvironmentFacts, HardwareFacts
from mlver.model.version import Version


def said(tree: Change, side: Version, other: Version) -> Change:
    """The tree, or that nothing is known: when neither version says anything of the dimension `tree` is named after."""
    if any(_says(tree.label, one) for one in (side, other)):
        return tree
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
