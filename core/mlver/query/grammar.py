"""Text -> syntax tree, by a lark grammar; the only place that knows lark."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from mlver.errors import FilterInvalid
from mlver.query.syntax import Comparison, Either, Every, Extent, Negation, Node, Word

if TYPE_CHECKING:
    from lark import Lark, ParseTree, Token, UnexpectedInput

MOST_CHARACTERS, MOST_LEVELS = 4000, 50
"""Nobody writes longer or deeper filters; a pasted file must not keep the terminal waiting."""

_GRAMMAR = r"""
start: either?
either: every (_OR every)*
every: _term (_AND? _term)*
_term: negation | group | comparison | at_least | WORD
negation: _NOT _term
group: _OPEN either _CLOSE
comparison: WORD OPERATOR VALUE
at_least: VERDICT_AT_LEAST VALUE

VERDICT_AT_LEAST.4: /verdict\s+at\s+least(?![^\s()|"'])/i
_OR.3: /\||or(?![^\s()|"'])/i
_AND.3: /and(?![^\s()|"'])/i
_NOT.3: /-|not(?![^\s()|"'])/i
OPERATOR.2: /!=|<=|>=|[<>=:]/
_OPEN: "("
_CLOSE: ")"
WORD: /'[^']*'|(?:[^\s"'()|<>=:!-]|!(?!=)|"[^"]*")(?:[^\s"()|<>=:!]|!(?!=)|"[^"]*")*/
VALUE: /'[^']*'|(?:[^\s"'()|]|"[^"]*")(?:[^\s"()|]|"[^"]*")*/

%ignore /\s+/
"""
"""Which words a place may hold decides how it is cut into tokens (the contextual lexer): behind an operator `-0.1` is a
value, elsewhere a `-` leaves something out."""

AT_LEAST = "at least"

_PLAIN = re.compile(r"[^\s\"'()|<>=:!]+")


def written(name: str) -> str:
    """The name of a metric or a param as filters can read it: quoted where it has blanks or signs."""
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


@lru_cache(maxsize=32)
def parse(text: str) -> Node | None:
    """The tree of a filter; None: it says nothing, so everything passes.

    Raises:
        FilterInvalid: it cannot be read; says where.
    """
    from lark import UnexpectedInput

    if len(text) > MOST_CHARACTERS:
        raise FilterInvalid(f"longer than {MOST_CHARACTERS} characters", text=text, start=MOST_CHARACTERS)
    _check_depth(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _mistake(text, error) from error
    return _node(tree.children[0]) if tree.children else None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual")


def _check_depth(text: str) -> None:
    """Each level of the tree is opened by one of these; one pass is cheaper than a stack that overflows."""
    depth = 0
    for place, character in enumerate(text):
        depth = depth + 1 if character == "(" else depth - 1 if character == ")" else depth
        if depth > MOST_LEVELS:
            raise FilterInvalid(f"more than {MOST_LEVELS} levels of parentheses", text=text, start=place)


def _node(tree: ParseTree | Token) -> Node:
    if isinstance(tree, str):
        return _word(tree)
    match tree.data, tree.children:
        case "negation", _:
            return _negated(tree)
        case "comparison", [field, operator, value]:
            return Comparison(_word(field), str(operator), _word(value))
        case "at_least", [verdict, value]:
            start = _word(verdict).at.start
            return Comparison(Word("verdict", Extent(start, start + len("verdict"))), AT_LEAST, _word(value))
        case _, [one]:
            return _node(one)
        case kind, parts:
            nodes = tuple(_node(part) for part in parts)
            return Either(nodes) if kind == "either" else Every(nodes)


def _negated(tree: ParseTree) -> Node:
    """Thousands of signs are no depth: two of them are none."""
    one: ParseTree | Token = tree
    is_left_out = False
    while not isinstance(one, str) and one.data == "negation":
        one, is_left_out = one.children[0], not is_left_out
    return Negation(_node(one)) if is_left_out else _node(one)


def _extent(token: Token) -> Extent:
    return Extent(token.start_pos or 0, token.end_pos or 0)


def _word(token: ParseTree | Token) -> Word:
    text = str(token)
    plain = text[1:-1] if text.startswith("'") else text.replace('"', "")
    return Word(plain, _extent(token))  # type: ignore[arg-type]  # the grammar has a token there


def _mistake(text: str, error: UnexpectedInput) -> FilterInvalid:
    """What a person would say is wrong there."""
    from lark import UnexpectedToken

    if not isinstance(error, UnexpectedToken):
        return _unreadable(text, error.pos_in_stream or 0)
    token = error.token
    if token.type == "$END":
        return _unfinished(text, "VALUE" in error.expected)
    start, end = _extent(token).start, _extent(token).end
    if "VALUE" in error.expected:
        return _unfinished(text, is_value_missing=True, at=start)
    if token.type == "_CLOSE":
        return _unopened(text, start)
    if token.type == "OPERATOR":
        return FilterInvalid(
            f"a field must stand before {token}", text=text, start=start, end=end, hint="like in metric.accuracy>=0.9"
        )
    return FilterInvalid(f"something must stand before {str(token)!r}", text=text, start=start, end=end)


def _unreadable(text: str, start: int) -> FilterInvalid:
    if text[start] in "\"'":
        return FilterInvalid("this quote is not closed", text=text, start=start, end=len(text))
    return FilterInvalid(
        f"{text[start]!r} means nothing here", text=text, start=start, hint="quote it to search for it"
    )


def _unopened(text: str, start: int) -> FilterInvalid:
    if text[:start].rstrip().endswith("("):
        return FilterInvalid("nothing stands in these parentheses", text=text, start=start)
    if text[:start].count("(") > text[:start].count(")"):
        return FilterInvalid("something must stand before this parenthesis", text=text, start=start)
    return FilterInvalid("this parenthesis closes nothing", text=text, start=start, hint="quote it to search for it")


def _unfinished(text: str, is_value_missing: bool, at: int | None = None) -> FilterInvalid:
    end = len(text.rstrip()) if at is None else at
    if is_value_missing:
        return FilterInvalid("a value is missing here", text=text, start=end, hint=_like(text[:end].rstrip()))
    opened = _last_opened(text)
    if opened is not None and not text.rstrip().endswith(("(", "|", "-")):
        return FilterInvalid("this parenthesis is not closed", text=text, start=opened)
    return FilterInvalid("something to look for is missing here", text=text, start=end)


def _like(before: str) -> str:
    """What may follow: only `:`, `=` and `!=` can ask for a text that is empty."""
    if before.endswith((">", "<", ">=", "<=")):
        return "like 0.9, 7d or 2026-01-01"
    return '"" is the empty text' if before.endswith((":", "=")) else "like within-tolerance"


def _last_opened(text: str) -> int | None:
    places = []
    for place, character in enumerate(text):
        if character == "(":
            places.append(place)
        elif character == ")" and places:
            places.pop()
    return places[-1] if places else None
