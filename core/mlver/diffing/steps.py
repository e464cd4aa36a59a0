"""The first step that differs: from there on, everything else may follow from it."""

from __future__ import annotations

from mlver.comparing.digests import kind_by_digest
from mlver.comparing.dimensions import changed_params
from mlver.model.change import Kind
from mlver.model.manifest import FileFact, Manifest, StepFacts


def first_differing_step(before: Manifest, after: Manifest) -> tuple[str | None, str]:
    """Its name and why: its command, an input, an output; (None, "") when none does or nothing is known.

    Steps are asked in the order they ran after. Inputs are asked before outputs: an input tells the cause.
    """
    left = {step.name: step for step in before.steps}
    for step in after.steps:
        if step.name not in left:
            return step.name, "it is new"
        if why := _why(left[step.name], step):
            return step.name, why
        if why := _files(left[step.name].outputs, step.outputs, "output"):
            # Which step reads which param is not recorded: that some differ is said, lest it looks like chance.
            return step.name, f"{why}, and params differ" if changed_params(before, after) else why
    gone = next((step.name for step in before.steps if step.name not in {other.name for other in after.steps}), None)
    return gone, "it is gone" if gone else ""


def differing_steps(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """The names of the steps of `after` that are new, or whose command, inputs or outputs differ, in their order."""
    left = {step.name: step for step in before.steps}
    return tuple(
        step.name
        for step in after.steps
        if (other := left.get(step.name)) is None or _why(other, step) or _files(other.outputs, step.outputs, "output")
    )


def _why(before: StepFacts, after: StepFacts) -> str:
    if before.run != after.run:
        return "its command differs"
    if before.cwd != after.cwd:
        return "its folder differs"
    return _files(before.inputs, after.inputs, "input")


def _files(before: tuple[FileFact, ...], after: tuple[FileFact, ...], word: str) -> str:
    """`its input data/digits.csv differs`; a file whose digest is not known says nothing."""
    left, right = ({file.path: file.digest for file in side} for side in (before, after))
    for path in dict.fromkeys((*right, *left)):
        if path not in left:
            return f"its {word} {path} is new"
        if path not in right:
            return f"its {word} {path} is gone"
        if kind_by_digest(left[path], right[path]) is Kind.CHANGED:
            return f"its {word} {path} differs"
    return ""
