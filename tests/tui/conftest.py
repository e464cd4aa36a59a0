"""What the tests of the explorer share: keys are looked after every few milliseconds, a stylesheet is parsed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from textual import _wait
from textual.css import stylesheet
from textual.css.parse import parse

# Thousands of keys are pressed; for each the pilot sleeps twice, and as long again while anything is under way.
_wait.SLEEP_GRANULARITY = 0.004
_wait.SLEEP_IDLE = 0.0008

Tokens = Mapping[str, Iterable[Any]]


class _ParsedOnce:
    """Rules by what they are made from: each of hundreds of apps parsed the same ones, twice.

    Textual itself shares the rules of one text among all that have it, and changes none of them.
    """

    def __init__(self) -> None:
        self._parse = cache(self._parsed)
        self._known: tuple[Tokens, frozenset[Any]] = ({}, frozenset())

    def __call__(self, scope: str, css: str, read_from: Any, variable_tokens: Tokens, **more: Any) -> list[Any]:
        if self._known[0] is not variable_tokens:
            self._known = variable_tokens, frozenset((name, tuple(tokens)) for name, tokens in variable_tokens.items())
        return list(self._parse(scope, css, read_from, self._known[1], **more))

    @staticmethod
    def _parsed(scope: str, css: str, read_from: Any, tokens: frozenset[Any], **more: Any) -> tuple[Any, ...]:
        return tuple(parse(scope, css, read_from, variable_tokens={name: list(of) for name, of in tokens}, **more))


stylesheet.parse = _ParsedOnce()  # type: ignore[assignment,attr-defined]  # it is imported there, and looked up with each call
