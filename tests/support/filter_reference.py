"""A second reading of filters, slow and plain: no parser, no compiled questions, three answers by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from mlver.model.version import VersionRow

Answer = bool | None
"""None: cannot be known."""

LADDER = ["failed", "different", "within tolerance", "content", "identical"]


class Reference:
    """Answers a filter that is given as nested tuples."""

    def __init__(
        self, rows: tuple[VersionRow, ...], params: dict[str, Any], now: float, base: VersionRow, marked: set[str]
    ) -> None:
        self.rows = {row.key: row for row in rows}
        self.params, self.now, self.base, self.marked = params, now, base, marked

    def answer(self, asked: Any, row: VersionRow) -> Answer:
        """Whether the row passes."""
        match asked:
            case ("not", inner):
                answer = self.answer(inner, row)
                return None if answer is None else not answer
            case ("and", *parts):
                answers = [self.answer(part, row) for part in parts]
                return False if False in answers else None if None in answers else True
            case ("or", *parts):
                answers = [self.answer(part, row) for part in parts]
                return True if True in answers else None if None in answers else False
            case (field, operator, value):
                return self.compared(field, operator, value, row)
            case word:
                return self.searched(word.lower(), row)

    def searched(self, word: str, row: VersionRow) -> bool:
        tags = [text for name, value in row.tags.items() for text in (name, f"{name}={value}")]
        places = [row.name, row.model, row.title, row.reason, row.author, row.run, row.commit[:12]]
        return any(word in (place or "").lower() for place in [*places, *row.names, *row.stages, *tags])

    def compared(self, field: str, operator: str, value: str, row: VersionRow) -> Answer:
        head, _, rest = field.partition(".")
        if head in {"metric", "param"}:
            return self.valued(head, rest, operator, value, row)
        if head in {"parent", "base", "holder", "age", "created", "confirmed"}:
            number = self.number(head, rest, row)
            return number is not None and ordered(number, operator, wanted_range(head, value))
        if field == "is":
            return self.claimed(value, row)
        if field == "verdict" and operator == "at least":
            at = row.replay.agreement.value if row.replay else ""
            return at in LADDER and LADDER.index(at) >= LADDER.index(value.replace("-", " "))
        texts = [text.lower() for text in self.texts(field, row)]
        if operator == ":" and field not in {"status", "source", "verdict"}:
            return any(value.lower() in text for text in texts)
        return (value.lower() in texts) is (operator != "!=")

    def texts(self, field: str, row: VersionRow) -> list[str]:
        if field == "name":
            return [row.name, *row.names]
        if field == "tag":
            return [text for name, value in row.tags.items() for text in (name, f"{name}={value}")]
        if field == "verdict":
            return [row.replay.agreement.value.replace(" ", "-")] if row.replay else []
        plain: dict[str, Callable[[VersionRow], Any]] = {
            "stage": lambda one: one.stages,
            "status": lambda one: [one.status.value],
            "recipe": lambda one: [one.recipe, one.recipe.partition(":")[2]] if one.recipe else [],
        }
        return list(plain[field](row)) if field in plain else [text for text in [getattr(row, field)] if text]

    def number(self, head: str, name: str, row: VersionRow) -> float | None:
        if head == "age":
            return None if row.created is None else self.now - row.created
        if head == "created":
            return row.created
        if head == "confirmed":
            agrees = row.replay and row.replay.agreement.value in LADDER[2:]
            return float(row.replay.count) if row.replay and agrees else 0.0
        holder = next(
            (one for one in self.rows.values() if one.model == row.model and "production" in one.stages), None
        )
        others = {"base": self.base, "holder": holder}
        other = others[head] if head in others else self.rows.get(row.parent or "")
        before = other.metrics.get(name) if other else None
        after = row.metrics.get(name)
        sides = [one.value for one in (before, after) if one and isinstance(one.value, float)]
        return sides[1] - sides[0] if len(sides) == 2 and all(map(math.isfinite, sides)) else None

    def valued(self, head: str, name: str, operator: str, value: str, row: VersionRow) -> Answer:
        if head == "param":
            if row.key not in self.params:
                return None
            held = self.params[row.key]
            for part in name.split("."):
                if part not in held:
                    return False
                held = held[part]
        elif name in row.metrics and row.metrics[name].value is not None:
            held = row.metrics[name].value
        else:
            return False
        text = str(held).lower() if not isinstance(held, bool) else ("true" if held else "false")
        if operator == ":":
            return value.lower() in text
        if isinstance(held, float | int) and not isinstance(held, bool) and is_number(value):
            return ordered(held, operator, (float(value), float(value)))
        return (text == value.lower()) is (operator == "=") if operator in {"=", "!="} else False

    def claimed(self, claim: str, row: VersionRow) -> bool:
        if claim == "marked":
            return row.key in self.marked
        return bool({"dirty": row.is_dirty, "broken": row.is_broken, "promoted": row.stages}[claim])


def is_number(text: str) -> bool:
    """Whether Python reads it as one."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def wanted_range(head: str, value: str) -> tuple[float, float]:
    """The first second and the last one, or the number twice."""
    if head == "age":
        seconds = float(value[:-1]) * {"h": 3600, "d": 86400, "w": 604800}[value[-1]]
        return seconds, seconds
    if head == "created":
        start = datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()
        return start, start + 86399.999
    return float(value), float(value)


def ordered(number: float, operator: str, wanted: tuple[float, float]) -> bool:
    """By the six signs, written out."""
    low, high = wanted
    is_equal = low <= number <= high or (math.isnan(low) and math.isnan(number))
    answers = {"=": is_equal, ":": is_equal, "!=": not is_equal}
    return {**answers, "<": number < low, ">": number > high, "<=": number <= high, ">=": number >= low}[operator]
