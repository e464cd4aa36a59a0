"""Holds params to the JSON Schema that a project names. jsonschema is loaded only then, and nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mlver.documents.document import Document
from mlver.errors import DocumentInvalid
from mlver.manifests.params import joined
from mlver.manifests.shapes import shown
from mlver.model.data import Data, Path, Place, dotted
from mlver.model.nearest import did_you_mean, nearest_keys

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_LONGEST_PROBLEM = 200
_MOST_BREACHES = 1000
"""Further ones are not looked for: a list of a million wrong numbers is one mistake."""
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_LATEST = "https://json-schema.org/draft/2020-12/schema"


class Breach(Struct, frozen=True, kw_only=True):
    """Where the params are not what the schema says."""

    place: Place
    key: str
    """Dotted, within its file; empty for the whole."""
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.key + ': ' if self.key else ''}{self.problem}"


def breaches(params: Mapping[str, Document], schema: Document, *, name: str) -> tuple[Breach, ...]:
    """All that is wrong with the params, in the order of files and lines.

    `params` are the params files, whole, by path; several are joined as in a manifest (see `joined`). `name` is the
    schema's file. Raises DocumentInvalid, naming file and line, when the schema is none or refers to another file.
    """
    trees = {file: document.data if isinstance(document.data, dict) else {} for file, document in params.items()}
    tree, is_merged = joined(trees)
    found: set[Breach] = set()
    with _translated(name):
        for error in _validator(schema, name).iter_errors(tree):
            found.update(_located(path, text, params, is_merged=is_merged) for path, text in _told(error))
            if len(found) >= _MOST_BREACHES:
                break
    return tuple(sorted(found, key=lambda one: (one.place.file, one.place.line or 0, one.key, one.problem)))


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """What jsonschema raises on schemas that pass its own check, as DocumentInvalid."""
    from referencing.exceptions import Unresolvable

    try:
        yield
    except RecursionError as error:
        problem = "the schema refers to itself without an end, or it or the params are nested too deep"
        raise DocumentInvalid(problem, name=name) from error
    except Unresolvable as error:  # behind a reference into a part that is no schema of this draft
        problem, hint = _unanswered(str(error.ref))
        raise DocumentInvalid(problem, name=name, hint=hint) from error
    except (ArithmeticError, AttributeError, TypeError, ValueError, re.error) as error:
        # `multipleOf` divides, by tiny numbers and numbers beyond a float; old drafts check neither patterns nor $ref.
        raise DocumentInvalid(f"the params cannot be held to it: {error}", name=name) from error


def _validator(schema: Document, name: str) -> Validator:
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for
    from referencing.jsonschema import EMPTY_REGISTRY

    data = schema.data
    if not isinstance(data, dict):
        raise DocumentInvalid("must hold a mapping to be a JSON Schema", name=name, line=1)
    dialect = data.get("$schema", _LATEST)
    known = isinstance(dialect, str)
    kind = validator_for({"$schema": dialect}, default=None) if known else None  # type: ignore[arg-type]  # it is given back
    if kind is None:
        hint = f"mlver knows the drafts 3, 4, 6, 7, 2019-09 and 2020-12: {_LATEST}"
        raise _wrong(schema, name, ("$schema",), f"{shown(dialect)} is no draft of JSON Schema", hint)
    try:
        kind.check_schema(data)
    except SchemaError as error:
        raise _wrong(schema, name, tuple(error.absolute_path), _worded(error), "correct the schema") from error
    _refuse_outside(schema, name)
    return kind(data, registry=EMPTY_REGISTRY)  # the registry that jsonschema takes by itself goes to the network


def _refuse_outside(schema: Document, name: str) -> None:
    """Raises DocumentInvalid for a reference that this one file does not answer."""
    from referencing import Resource
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012, EMPTY_REGISTRY

    root: Resource[Any] = Resource.from_contents(schema.data, default_specification=DRAFT202012)
    waiting = [(root, EMPTY_REGISTRY.resolver_with_root(root))]
    while waiting:
        resource, resolver = waiting.pop()
        for keyword, target in _references(resource.contents):
            try:
                resolver.lookup(target)
            except (Unresolvable, ValueError, TypeError) as error:  # the latter: pointers and addresses of no form
                place = (*_path_of(schema.data, resource.contents), keyword)
                raise _wrong(schema, name, place, *_unanswered(target)) from error
        waiting += [(inner, resolver.in_subresource(inner)) for inner in resource.subresources()]


def _references(schema: Any) -> Iterator[tuple[str, str]]:
    if isinstance(schema, dict):
        yield from ((word, schema[word]) for word in _REFERENCES if isinstance(schema.get(word), str))


def _unanswered(target: str) -> tuple[str, str]:
    if target.startswith("#"):
        return f"refers to {shown(target)}, which is not in this file", "a reference is written #/$defs/name"
    problem = f"refers to {shown(target)}, outside of this file; nothing is fetched"
    return problem, "copy what is meant under $defs and refer to #/$defs/name"


def _path_of(data: Data, wanted: object) -> Path:
    """Where in the document that very object stands."""
    waiting: list[tuple[Path, Data]] = [((), data)]
    while waiting:
        path, one = waiting.pop()
        if one is wanted:
            return path
        inner = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        waiting += [((*path, key), value) for key, value in inner]
    return ()


def _wrong(schema: Document, name: str, path: Path, problem: str, hint: str) -> DocumentInvalid:
    return DocumentInvalid(problem, name=name, line=schema.nearest_line(path), key=dotted(path), hint=hint)


def _told(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """Path and problem; keys that may not be there are told one by one, each at its own line."""
    from jsonschema.exceptions import best_match

    error = best_match([error]) or error  # of alternatives the one that was meant most likely
    path = tuple(error.absolute_path)
    if (
        error.validator == "additionalProperties"
        and isinstance(error.instance, dict)
        and isinstance(error.schema, dict)
    ):
        known, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
        for key in error.instance:
            if key not in known and not any(re.search(pattern, key) for pattern in patterns):
                yield (
                    (*path, key),
                    "; ".join(filter(None, ("is no key the schema knows", did_you_mean(nearest_keys(key, known))))),
                )
    else:
        yield path, _worded(error)


def _worded(error: Any) -> str:
    """The sentence of jsonschema, with the value as all messages show values."""
    text: str = error.message.replace(repr(error.instance), shown(error.instance), 1)
    return text if len(text) <= _LONGEST_PROBLEM else f"{text[:_LONGEST_PROBLEM]}…"


def _located(path: Path, problem: str, params: Mapping[str, Document], *, is_merged: bool) -> Breach:
    if not path:
        return Breach(place=Place(", ".join(params)), key="", problem=problem)
    top, *rest = path
    if is_merged:
        file, inner = next(file for file, one in params.items() if isinstance(one.data, dict) and top in one.data), path
    else:
        file, inner = str(top), tuple(rest)
    return Breach(place=Place(file, params[file].nearest_line(inner)), key=dotted(inner), problem=problem)
