"""Looks through data that a parser with no budgets of its own has built."""

from __future__ import annotations

import math

from mlver.documents.document import Budget
from mlver.errors import DocumentInvalid
from mlver.model.data import Data, Path, dotted


def survey(data: Data, *, name: str, budget: Budget) -> list[Path]:
    """Refuses what is past the budget; gives the places of NaN and infinities."""
    waiting: list[tuple[Path, Data]] = [((), data)]
    without_value: list[Path] = []
    nodes = 0
    while waiting:
        path, value = waiting.pop()
        nodes += 1
        if isinstance(value, (dict, list)):
            if len(path) >= budget.max_depth:
                problem = f"nested deeper than {budget.max_depth} levels"
                raise DocumentInvalid(problem, name=name, key=dotted(path[:3]))
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend([((*path, key), inner) for key, inner in entries])
            if nodes + len(waiting) > budget.max_nodes:
                raise DocumentInvalid(f"holds more than {budget.max_nodes} values", name=name)
        elif isinstance(value, float) and not math.isfinite(value):
            without_value.append(path)
    return without_value[::-1]
