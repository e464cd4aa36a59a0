"""What a commit alone determines about a version: the part of a row that is worth remembering."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlver.comparing.strip import Background, strip_and_title
from mlver.model.canonical import canonical_json
from mlver.model.manifest import Manifest
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from mlver.model.moments import seconds_of
from mlver.model.version import NO_STRIP


@dataclass(frozen=True, slots=True)
class Facts:
    """One version's remembered part; the order of the fields is the order of the index's columns."""

    commit_id: str
    model: str
    run: str | None
    status: str
    created: float | None
    author: str
    reason: str | None
    title: str
    strip: str
    recipe: str | None
    family: str | None
    result: str | None
    parent: str | None
    """Run id of the parent."""
    compared: str
    """Commits of the parent and of the earlier run of the same recipe that title and strip were made against."""
    primary_metric: str | None
    metrics: str
    """JSON: name -> [value, goal, tolerance, percent, unit, primary]."""
    tags: str
    """JSON."""
    code_commit: str | None
    has_overrides: int
    is_dirty: int
    problem: str | None
    is_broken: int


def facts_of(
    commit_id: str,
    manifest: Manifest,
    parent: Manifest | None,
    background: Background,
    compared: str,
) -> Facts:
    """The facts of a readable version; `parent` None: it has none, or it is not here."""
    strip, title = strip_and_title(manifest, parent, background)
    return Facts(
        commit_id=commit_id,
        model=manifest.model,
        run=manifest.run,
        status=manifest.status.value,
        created=seconds_of(manifest.created),
        author=manifest.author.name,
        reason=manifest.reason,
        title=title,
        strip=strip,
        recipe=manifest.recipe,
        family=manifest.family,
        result=manifest.result,
        parent=manifest.parent,
        compared=compared,
        primary_metric=manifest.primary_metric,
        metrics=_metrics_text(manifest.metrics),
        tags=canonical_json(manifest.tags).decode(),
        code_commit=manifest.code.commit,
        has_overrides=int(any(isinstance(part, dict) and part.get("set") for part in manifest.params_from.values())),
        is_dirty=int(bool(manifest.code.dirty)),
        problem=manifest.problem,
        is_broken=0,
    )


def broken_facts(commit_id: str, model: str, run: str, problem: str) -> Facts:
    """The facts of a version that cannot be read: one marked row."""
    return Facts(
        commit_id=commit_id,
        model=model,
        run=run,
        status="failed",
        created=None,
        author="",
        reason=None,
        title=problem,
        strip=NO_STRIP,
        recipe=None,
        family=None,
        result=None,
        parent=None,
        compared="",
        primary_metric=None,
        metrics="{}",
        tags="{}",
        code_commit=None,
        has_overrides=0,
        is_dirty=0,
        problem=problem,
        is_broken=1,
    )


class StoredMetrics(Mapping[str, Metric]):
    """The metrics of a row, made from their JSON when somebody looks: most rows are never on screen."""

    __slots__ = ("_metrics", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._metrics: dict[str, Metric] | None = None

    def __getitem__(self, name: str) -> Metric:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, Metric]:
        if self._metrics is None:
            try:
                self._metrics = {name: _metric(*parts) for name, parts in json.loads(self._text).items()}
            except (ValueError, TypeError, AttributeError):
                self._metrics = {}  # the index is input from outside; the detail reads the manifest
        return self._metrics


def _metrics_text(metrics: Mapping[str, Metric]) -> str:
    # JSON's own NaN and Infinity spellings are fine here: only Python reads this back.
    return json.dumps(
        {
            name: [
                metric.value,
                metric.meaning.goal.value if metric.meaning.goal else None,
                metric.meaning.tolerance.amount if metric.meaning.tolerance else None,
                bool(metric.meaning.tolerance and metric.meaning.tolerance.percent),
                metric.meaning.unit,
                metric.meaning.primary,
            ]
            for name, metric in metrics.items()
        },
        separators=(",", ":"),
    )


def _metric(*parts: object) -> Metric:
    value, goal, amount, percent, unit, primary = parts
    if value is not None and not isinstance(value, (str, int, float)):
        raise TypeError(type(value))
    return Metric(
        value=value,
        meaning=MetricMeaning(
            goal=Goal(str(goal)) if goal else None,
            tolerance=Tolerance(float(amount), bool(percent)) if isinstance(amount, (int, float)) else None,
            unit=str(unit),
            primary=bool(primary),
        ),
    )
