"""Looks through data that a parser with no budgets of its own has built."""

from __future__ import annotations

import math

from mlver.documents.document import Budget
from mlver.errors import DocumentInvalid
from mlver.model.data import Data, Path, dotted


def survey(data: Data, *, name: str, budget: Budget) -> list[Path]:
    """Refuses what is past the budget; gives the places of NaN and infinities."""
    return [] if _is_plain(data, budget) else _places(data, name, budget)


def _is_plain(data: Data, budget: Budget) -> bool:
    """Whether there is nothing to refuse and nothing to tell: known level by level, without a path to every value."""
    level: list[Data] = [data]
    nodes = depth = 0
    while level:
        nodes += len(level)
        if nodes > budget.max_nodes or not all(math.isfinite(value) for value in level if isinstance(value, float)):
            return False
        inner: list[Data] = []
        for value in level:
            if isinstance(value, dict):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        if depth >= budget.max_depth:
            return not any(isinstance(value, (dict, list)) for value in level)
        level, depth = inner, depth + 1
    return True


def _places(data: Data, name: str, budget: Budget) -> list[Path]:
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
