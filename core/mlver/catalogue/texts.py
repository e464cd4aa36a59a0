"""Metrics and params as the index keeps them: JSON, which only Python reads back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlver.model.data import Data
from mlver.model.metric import Metric


def metrics_text(metrics: Mapping[str, Metric]) -> str:
    """Metrics as the index keeps them."""
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


def params_text(params: Mapping[str, Data]) -> str:
    """Params as the index keeps them."""
    return json.dumps(params, separators=(",", ":"))
