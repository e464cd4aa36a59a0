"""Reads the constants of a Python file as DVC does: from its syntax tree, never by running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from mlver.documents.document import MAX_DIGITS, Document
from mlver.errors import DocumentInvalid
from mlver.model.data import Data

LIMIT = 1 << 20
"""Bytes; no file of constants is as long."""


def read_python_constants(content: bytes, *, name: str) -> Document:
    """Constants of the module, of its classes, and those that `__init__` gives to `self`.

    What is no literal is no constant. Raises DocumentInvalid for what is no Python.
    """
    if len(content) > LIMIT:
        raise DocumentInvalid(f"is {len(content)} bytes; constants are read up to {LIMIT}", name=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes: they are the project's affair, and would reach the screen
            data = _constants(ast.parse(content).body)
    except SyntaxError as error:
        raise DocumentInvalid(error.msg or "is no Python", name=name, line=error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nested deeper than Python's own parser goes
        raise DocumentInvalid("is no Python that can be read", name=name) from error
    return Document(data=data, lines={})


def _constants(body: list[ast.stmt], *, of_self: bool = False) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                found.update(_assigned(target, value, of_self=of_self))
            case ast.ClassDef(name=name, body=inner):
                found[name] = _constants(inner)
            case ast.FunctionDef(name="__init__", body=inner):
                found.update(_constants(inner, of_self=True))
    return found


def _assigned(target: ast.expr, value: ast.expr, *, of_self: bool) -> Iterator[tuple[str, Data]]:
    match target:
        case ast.Name(id=name) if not of_self:
            pass
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            pass
        case _:
            return
    try:
        yield name, _plain(ast.literal_eval(value))
    except (ValueError, TypeError):
        return  # computed: no constant


def _plain(value: Any) -> Data:
    """The constant as plain data; ValueError for numbers and texts that no document can hold."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return [_plain(inner) for inner in sorted(value, key=repr)]
    if isinstance(value, int) and value.bit_length() > MAX_DIGITS * 4:
        raise ValueError(value.bit_length())
    if isinstance(value, str):
        value.encode()
    if value is None or isinstance(value, (str, int, float)):
        return value
    return repr(value)
