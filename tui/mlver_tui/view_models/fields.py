"""A label and its value, in one or two columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from msgspec import Struct

from mlver_tui.view_models.spans import EMPTY, Line, Span, dim, fitted, label, width_of, wrapped_spans
from mlver_tui.view_models.text import padded

LABEL_WIDTH = 8


class Field(Struct, frozen=True):
    """A line of a receipt."""

    label: str
    value: Line
    shorter: Callable[[int], Line] | None = None
    """Makes the value for so many cells, where it has parts that can be left out whole."""


def one_column(fields: Sequence[Field], width: int, *, label_width: int = LABEL_WIDTH) -> list[Line]:
    """The fields under each other."""
    return [(label(padded(field.label, label_width)), *_value(field, width - label_width)) for field in fields]


def whole_fields(fields: Sequence[Field], width: int) -> list[Line]:
    """The fields under each other, nothing of them cut: long values go on in the next line."""
    lines = []
    for field in fields:
        for index, part in enumerate(wrapped_spans(field.value, max(2, width - LABEL_WIDTH - 1))):
            lines.append((dim(padded("" if index else field.label, LABEL_WIDTH)), *part))
    return lines


def two_columns(left: Sequence[Field], right: Sequence[Field], width: int, *, left_width: int) -> list[Line]:
    """Two lists of fields beside each other, the right one with a narrower label."""
    lines = []
    for first, second in zip_longest(left, right):
        start = _field(first, left_width, LABEL_WIDTH) if first else fitted(EMPTY, left_width)
        end = _field(second, width - left_width, LABEL_WIDTH - 1) if second else EMPTY
        lines.append(fitted(start + end, width))
    return lines


def _field(field: Field, width: int, label_width: int) -> Line:
    # Moved sideways its label goes with it: beside another column it would seem to be about that.
    return (dim(padded(field.label, label_width)), *_value(field, width - label_width))


def _value(field: Field, width: int) -> Line:
    # Long values keep a free cell before what stands on their right.
    room = max(0, width - 1)
    value = field.shorter(room) if field.shorter and width_of(field.value) > room else field.value
    return (*fitted(value, room), Span(" "))
