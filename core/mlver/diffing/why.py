"""What the difference between two versions is consistent with.

A comparison shows what differs, not what did it: inputs that changed together cannot be told apart by it. So nothing
here says "because"; a run or a replay that changes one thing alone may.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlver.comparing.digests import kind_by_digest
from mlver.comparing.dimensions import counted_params, external_data
from mlver.comparing.leaves import path_changes
from mlver.comparing.result_movers import is_marked
from mlver.comparing.wording import grouped, value_text
from mlver.diffing.code import NOT_AN_INPUT, THE_LOCK_FILE, THE_PROJECT_FILE
from mlver.model.change import Change, Kind
from mlver.model.comparison import Comparison
from mlver.model.manifest import Manifest
from mlver.model.metric import Judgement, MetricDelta
from mlver.model.why import Suspect, Why
from mlver.progress import breathe

SIGNIFICANT = 0.05
"""Below this p chance counts as ruled out."""

_NAMED = 4
_RESOURCES = {"wall_s", "cpu_s", "peak_rss_bytes", "peak_gpu_bytes"}
_ALONE = "a run or a replay that changes one of them alone would"


def explained(comparison: Comparison) -> Why:
    """What is consistent with the change, and what cannot be told apart."""
    suspects = tuple(_suspects(comparison))
    unknown = tuple(_unknown(comparison))
    first = _first_outputs(comparison.before.manifest, comparison.after.manifest)
    tests = _tests(comparison)
    chance = any(p >= SIGNIFICANT for p in tests.values()) if tests else None
    made = Why(suspects=suspects, unknown=unknown, first_outputs=first, chance=chance)
    return Why(
        suspects=suspects, unknown=unknown, first_outputs=first, chance=chance,
        sentences=tuple(_sentences(comparison, made)),
    )  # fmt: skip


def _suspects(comparison: Comparison) -> Iterator[Suspect]:
    sides = (comparison.before.manifest, comparison.after.manifest)
    found = {
        "params": [_leaf_name(one.dotted, one.change) for one in counted_params(comparison.params, *sides)],
        "data": _data(comparison),
        "code": _code(comparison.code),
        "steps": _commands(*sides),
        "env": _environment(comparison.environment),
        "hardware": [_leaf_name(*one) for one in _leaves(comparison.hardware) if is_marked(one[1])],
        "seeds": [_leaf_name(*one) for one in _leaves(comparison.seeds)],
    }
    yield from (Suspect(dimension=name, names=tuple(names)) for name, names in found.items() if names)


def _data(comparison: Comparison) -> list[str]:
    """Data from outside: what a step made of it follows from other suspects."""
    sides = (comparison.before.manifest, comparison.after.manifest)
    outside = external_data(sides[0]).keys() | external_data(sides[1]).keys()
    paths = {item.name: item.path for side in sides for item in side.data}
    changed = [one for one in comparison.data.children if one.is_change and one.kind is not Kind.UNKNOWN]
    return [one.label for one in changed if paths.get(one.label, one.label) in outside]


def _code(tree: Change) -> list[str]:
    """Files that a step reads, or of which nobody knows whether one does."""
    beside = (NOT_AN_INPUT, THE_PROJECT_FILE, THE_LOCK_FILE)
    return [
        f"{one.before} → {one.label}" if one.kind is Kind.MOVED else one.label
        for one in tree.children
        if one.is_change and one.kind is not Kind.UNKNOWN and not one.note.startswith(beside)
    ]


def _commands(before: Manifest, after: Manifest) -> list[str]:
    commands = {step.name: (step.run, step.cwd) for step in before.steps}
    changed = [
        step.name for step in after.steps if commands.get(step.name, (step.run, step.cwd)) != (step.run, step.cwd)
    ]
    names = {step.name for step in after.steps}
    new = [step.name for step in after.steps if step.name not in commands] if commands else []
    gone = [name for name in commands if name not in names] if names else []
    return [*(f"the command of {name}" for name in changed), *(f"{name} is new" for name in new),
            *(f"{name} is gone" for name in gone)]  # fmt: skip


def _environment(tree: Change) -> list[str]:
    """What is known to move results comes first; the lock file only where packages do not say more."""
    leaves = list(_leaves(tree))
    known = [_leaf_name(*one) for one in leaves if is_marked(one[1])]
    others = [_leaf_name(*one) for one in leaves if one[0].startswith("packages.") and not is_marked(one[1])]
    return known + others or [_leaf_name(*one) for one in leaves]


def _leaves(tree: Change) -> Iterator[tuple[str, Change]]:
    for leaf in path_changes(tree):
        if leaf.keys and leaf.change.is_change and leaf.change.kind is not Kind.UNKNOWN:
            yield leaf.dotted, leaf.change


def _leaf_name(name: str, change: Change) -> str:
    """`optimiser.lr 0.1 → 0.03`."""
    breathe()
    short = name.removeprefix("packages.")
    if change.kind is Kind.ADDED:
        return f"{short} is new"
    if change.kind is Kind.REMOVED:
        return f"{short} is gone"
    return f"{short} {value_text(change.before)} → {value_text(change.after)}"


def _unknown(comparison: Comparison) -> Iterator[str]:
    trees = {
        "params": comparison.params,
        "data": comparison.data,
        "code": comparison.code,
        "env": comparison.environment,
        "hardware": comparison.hardware,
        "seeds": comparison.seeds,
    }
    yield from (name for name, tree in trees.items() if tree.kind is Kind.UNKNOWN)


def _first_outputs(before: Manifest, after: Manifest) -> str | None:
    left = {step.name: {file.path: file.digest for file in step.outputs} for step in before.steps}
    for step in after.steps:
        ours = left.get(step.name)
        theirs = {file.path: file.digest for file in step.outputs}
        if ours is None or ours.keys() != theirs.keys():
            return step.name
        if any(kind_by_digest(ours[path], theirs[path]) is Kind.CHANGED for path in theirs):
            return step.name
    return None


def _tests(comparison: Comparison) -> dict[str, float]:
    """What was tested against chance -> p."""
    if comparison.is_of_one_version:
        return {}
    delta = _told(comparison)
    spread = comparison.spread.of(delta.name) if delta and comparison.spread else None
    tested = {"the spread of seeds": spread.p if spread else None, "the rows measured on": _rows_p(comparison)}
    return {name: p for name, p in tested.items() if p is not None}


def _rows_p(comparison: Comparison) -> float | None:
    """None too where no row moved: then there was nothing to test."""
    predictions = comparison.predictions
    if predictions is None:
        return None
    flips, errors = predictions.flips, predictions.errors
    if flips is not None:
        return flips.p if flips.tally.fixed or flips.tally.broken else None
    return errors.p if errors is not None and (errors.better or errors.worse) else None


def _told(comparison: Comparison) -> MetricDelta | None:
    """The metric that is spoken of: the primary one."""
    return next((one for one in comparison.metrics if one.name not in _RESOURCES), None)


def _sentences(comparison: Comparison, made: Why) -> Iterator[str]:
    delta = _told(comparison)
    if made.suspects and delta is not None and delta.judgement is Judgement.SAME:
        yield f"{delta.name} did not move{' beyond its tolerance' if delta.absolute else ''}"
    yield from _consistent(comparison, made)
    if made.unknown:
        yield f"not excluded, for one side does not know it: {', '.join(made.unknown)}"
    for name, p in _tests(comparison).items():
        if p >= SIGNIFICANT:
            yield f"chance is not ruled out: {name} alone may make a difference as large (p = {p:.2g})"
    if comparison.evaluation.kind is Kind.CHANGED:
        yield "the evaluation data differ: part of what moved may be the test set's, not the model's"
    if made.first_outputs and comparison.first_step and made.first_outputs != comparison.first_step:
        told = f"{comparison.first_step} differs and made the same outputs"
        yield f"{told}: {made.first_outputs} is the first step whose outputs differ"


def _consistent(comparison: Comparison, made: Why) -> Iterator[str]:
    if not made.suspects:
        if not (comparison.files.kind is Kind.CHANGED or any(one.absolute for one in comparison.metrics)):
            return
        yield "no recorded input differs: consistent with what is not recorded, as an order of sums or a missing seed"
        return
    told = "; ".join(f"{one.dimension}: {_some(one.names)}" for one in made.suspects)
    yield f"consistent with {told}"
    if sum(len(one.names) for one in made.suspects) > 1:
        yield f"these changed together, and nothing recorded tells them apart; {_ALONE}"
    else:
        yield "nothing else that is recorded differs; that it is the cause, only a replay without it would show"


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f", +{grouped(more)} more" if more > 0 else "")
