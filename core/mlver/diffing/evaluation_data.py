"""Whether two versions were measured on the same data: without that no delta says anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from mlver.comparing.digests import kind_by_digest, scheme
from mlver.diffing.predictions import predictions_file
from mlver.model.change import MISSING, Kind
from mlver.model.evaluation import EVALUATION_ROLES, EvaluationData, ToldBy
from mlver.model.manifest import Manifest, StepFacts
from mlver.model.matrix import UNREAD
from mlver.model.predictions import Predictions
from mlver.model.roles import Role, role_of

_EVALUATES = re.compile(r"(?:^|[^a-z])(?:eval|evaluate|evaluation|test|validate|validation|score)(?:[^a-z]|$)")
"""In the name of a step."""


Known: TypeAlias = Mapping[str, tuple[str | None, int | None]]
"""Name of a data set -> its digest and its rows."""


def evaluation_data(before: Manifest, after: Manifest, predictions: Predictions | None) -> EvaluationData:
    """What the data sets by their roles say; where no role is told, what the step reads that evaluates."""
    same_rows = predictions.matched.is_same if predictions else None
    for told_by, of in ((ToldBy.DATA, _by_role), (ToldBy.INPUTS, _by_input)):
        left, right = of(before), of(after)
        if left or right:
            return replace(_held(left, right), told_by=told_by, same_rows=same_rows)
    return EvaluationData(same_rows=same_rows)


def evaluation_groups(sides: Sequence[Manifest | None]) -> tuple[int, ...]:
    """Versions of one number were measured on the same data; UNREAD: not known, or by digests of another scheme."""
    measured = [{} if side is None else _by_role(side) or _by_input(side) for side in sides]
    first = next((scheme(digest) for one in measured for digest, _rows in one.values() if digest), None)
    seen: dict[frozenset[tuple[str, str | None]], int] = {}
    groups = []
    for one in measured:
        digests = frozenset((name, digest) for name, (digest, _rows) in one.items())
        is_known = digests and all(digest and scheme(digest) == first for _name, digest in digests)
        groups.append(seen.setdefault(digests, len(seen)) if is_known else UNREAD)
    return tuple(groups)


def _held(before: Known, after: Known) -> EvaluationData:
    nothing = (MISSING, None)
    kinds = {
        name: kind_by_digest(before.get(name, nothing)[0], after.get(name, nothing)[0])
        for name in dict.fromkeys((*after, *before))
    }
    # Surely another is told before perhaps another.
    names = sorted(kinds, key=lambda name: (kinds[name] is Kind.SAME, kinds[name] is Kind.UNKNOWN))
    first = kinds[names[0]]
    return EvaluationData(
        kind=first if first in {Kind.SAME, Kind.UNKNOWN} else Kind.CHANGED,
        names=tuple(names),
        rows_before=before.get(names[0], nothing)[1],
        rows_after=after.get(names[0], nothing)[1],
    )


def _by_role(manifest: Manifest) -> Known:
    return {item.name: (item.digest, item.rows) for item in manifest.data if item.role in EVALUATION_ROLES}


def _by_input(manifest: Manifest) -> Known:
    """Path -> digest of the data that the evaluating step reads."""
    step = _evaluating(manifest)
    inputs = step.inputs if step else ()
    return {file.path: (file.digest, None) for file in inputs if role_of(file.path) is Role.DATA}


def _evaluating(manifest: Manifest) -> StepFacts | None:
    """The step that makes the predictions, else the last one whose name says that it evaluates."""
    made = predictions_file(manifest).path
    named = [step for step in reversed(manifest.steps) if _EVALUATES.search(step.name.lower())]
    making = [step for step in manifest.steps if made and made in {file.path for file in step.outputs}]
    return next(iter((*making, *named)), None)
