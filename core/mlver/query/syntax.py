"""A filter as a tree: what was written, before anybody asks what it means."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Extent(Struct, frozen=True):
    """Where something stands in the text: characters from 0, the end is not part of it."""

    start: int
    end: int


class Word(Struct, frozen=True):
    """A bare word, its quotes taken away."""

    text: str
    at: Extent


class Comparison(Struct, frozen=True):
    """`field operator value`: `metric.accuracy>=0.9`, `stage:production`, `verdict at least content`."""

    field: Word
    operator: str
    """`:`, `=`, `!=`, `<`, `<=`, `>`, `>=` or `at least`."""
    value: Word


class Negation(Struct, frozen=True):
    """`-node` or `not node`."""

    of: Node


class Every(Struct, frozen=True):
    """Side by side, or with `and`."""

    parts: tuple[Node, ...]


class Either(Struct, frozen=True):
    """With `or`, or `|`."""

    parts: tuple[Node, ...]


Node: TypeAlias = Word | Comparison | Negation | Every | Either


def leaves(node: Node) -> tuple[Word | Comparison, ...]:
    """The words and comparisons of a filter, from left to right."""
    match node:
        case Word() | Comparison():
            return (node,)
        case Negation():
            return leaves(node.of)
        case _:
            return tuple(leaf for part in node.parts for leaf in leaves(part))
