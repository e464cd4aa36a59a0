"""Fills the templates of `dvc.yaml`: `${a.b[0]}` by what params files and `vars` say.

Rules as in DVC: a whole `${key}` keeps its type, one within a text becomes text; a key may not be said twice; only in a
command a mapping becomes arguments. Nothing is evaluated: a template is a path of keys.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.model.data import Data
from mlver.sources.dvc.parts import joined

DEFAULT_PARAMS = "params.yaml"

MOST_TEXTS = 200_000
"""Texts filled for one dvc.yaml, generated steps included."""

LONGEST_TEXT = 100_000
"""Characters; a template may name a long value many times."""

_TEMPLATE = re.compile(r"(?<!\\)\$\{([^}\n]*)\}")

ReadParams: TypeAlias = Callable[[str], Data]
"""Gives the data of a params file by its path from the top; raises Unresolved."""

Steps: TypeAlias = tuple[str, ...]
"""Keys and positions, one after the other."""

Names: TypeAlias = Mapping[str, Any]
"""`item` and `key` of a generated step: data in which an Alias may stand."""


class Unresolved(Exception):
    """A template cannot be filled; its text says why."""


class Alias(Struct, frozen=True):
    """Stands for a value of the context, so that it is still known where the value was written."""

    place: Steps


class Context(Struct, kw_only=True):
    """What templates can name. It is read when the first template asks."""

    read: ReadParams
    waiting: list[tuple[str, Data]]
    """Folders and the `vars` lists of theirs that are still to be read."""
    default: str | None = None
    """The params file that is read first, if it is there."""
    data: dict[str, Data] = field(default_factory=dict)
    sources: list[tuple[str | None, dict[str, Data]]] = field(default_factory=list)
    """What `data` was merged of; without a file: said in dvc.yaml itself."""
    used: dict[str, dict[str, Data]] = field(default_factory=dict)
    """File -> dotted key -> value: what the templates filled so far took from files."""
    spent: list[int] = field(default_factory=lambda: [0])
    """One number, shared by the contexts of a dvc.yaml: texts filled."""
    failure: str = ""

    @classmethod
    def of_pipeline(cls, folder: str, variables: Data, read: ReadParams) -> Context:
        """What a dvc.yaml in `folder` can name; `variables` is its `vars` list."""
        return cls(read=read, waiting=[(folder, variables)], default=joined(folder, DEFAULT_PARAMS))

    def with_vars(self, folder: str, variables: Data) -> Context:
        """The same and the `vars` of one step. Raises Unresolved."""
        self._load()
        return replace(self, waiting=[(folder, variables)], data=_copied(self.data), sources=list(self.sources))

    def deref(self, value: Any) -> Any:
        """The value itself, where an alias stands for it."""
        while isinstance(value, Alias):
            value = self._walk(value.place)
        return value

    def fill(self, value: Any, names: Names, key: str = "", *, keep_alias: bool = False) -> Any:
        """The data with its templates filled. Raises Unresolved."""
        if isinstance(value, str):
            return self._filled(value, names, key, keep_alias=keep_alias)
        if isinstance(value, dict):
            return {
                str(self.fill(one, names, key)): self.fill(inner, names, key, keep_alias=keep_alias)
                for one, inner in value.items()
            }
        if isinstance(value, list):
            return [self.fill(inner, names, key, keep_alias=keep_alias) for inner in value]
        return value

    def _filled(self, text: str, names: Names, key: str, *, keep_alias: bool) -> Any:
        self.spent[0] += 1
        if self.spent[0] > MOST_TEXTS:
            raise Unresolved(f"more than {MOST_TEXTS} texts to fill")
        if "${" not in text:
            return text
        whole = _TEMPLATE.fullmatch(text)
        if not whole:
            return self._interpolated(text, names, key)
        value, place = self._select(whole[1], names)
        if keep_alias:
            return Alias(place) if place else value
        value = self._single(text, value, place, key)
        return as_text(value) if isinstance(value, dict) else value

    def _interpolated(self, text: str, names: Names, key: str) -> str:
        pieces: list[str] = []
        end, length = 0, len(text)
        for found in _TEMPLATE.finditer(text):
            piece = as_text(self._single(found[0], *self._select(found[1], names), key))
            length += len(piece)
            if length > LONGEST_TEXT:
                raise Unresolved(f"longer than {LONGEST_TEXT} characters when filled")
            pieces += text[end : found.start()], piece
            end = found.end()
        return ("".join(pieces) + text[end:]).replace("\\${", "${")

    def _select(self, expression: str, names: Names) -> tuple[Any, Steps | None]:
        """The value under a path of keys, and where in the context it stands; None: in no params file."""
        first, *rest = _keys(expression)
        self._load()
        place: Steps | None = None if first in names else (first,)
        node = names[first] if place is None else self._step(self.data, first, expression)
        for part in rest:
            if isinstance(node, Alias):
                place, node = node.place, self.deref(node)
            node = self._step(node, part, expression)
            place = (*place, part) if place else None
        if isinstance(node, Alias):
            place, node = node.place, self.deref(node)
        return node, place

    def _single(self, template: str, value: Any, place: Steps | None, key: str) -> Any:
        """The value of a template, its use remembered; a mapping only where a command wants arguments."""
        if isinstance(value, list) or (isinstance(value, dict) and key != "cmd"):
            raise Unresolved(f"{template} is no single value")
        if place and not isinstance(value, dict):
            self._note_use(place, value)
        return value

    def _step(self, node: Any, part: str, expression: str) -> Any:
        try:
            return node[int(part)] if isinstance(node, list) else node[part]
        except (KeyError, IndexError, ValueError, TypeError):
            raise Unresolved(f"nothing is called ${{{expression}}}") from None

    def _walk(self, place: Steps) -> Any:
        node: Any = self.data
        for part in place:
            node = self._step(node, part, ".".join(place))
        return node

    def _note_use(self, place: Steps, value: Data) -> None:
        file = next((file for file, data in self.sources if _has(data, place)), None)
        if file is not None:
            self.used.setdefault(file, {})[".".join(place)] = value

    def _load(self) -> None:
        if self.failure:
            raise Unresolved(self.failure)
        try:
            self._load_waiting()
        except Unresolved as error:
            self.failure = str(error)
            raise

    def _load_waiting(self) -> None:
        if self.default is not None:
            default, self.default = self.default, None
            data = self.read(default)
            if isinstance(data, dict):
                self._merge(default, data)
        while self.waiting:
            folder, variables = self.waiting.pop(0)
            for one in variables if isinstance(variables, list) else ():
                if isinstance(one, dict):
                    self._merge(None, one)
                elif isinstance(one, str):
                    self._merge_file(folder, one)

    def _merge_file(self, folder: str, item: str) -> None:
        written, _, keys = item.partition(":")
        path = joined(folder, written)
        if path is None or "://" in path:
            raise Unresolved(f"vars name {written}, which is not in the repository")
        if not keys and any(file == path for file, _ in self.sources):
            return
        data = self.read(path)
        if not isinstance(data, dict):
            raise Unresolved(f"vars name {path}, which is not there or holds no mapping")
        wanted = [key for key in keys.split(",") if key]
        if missing := [key for key in wanted if key not in data]:
            raise Unresolved(f"vars name {missing[0]}, which {path} does not have")
        self._merge(path, {key: data[key] for key in wanted} if wanted else data)

    def _merge(self, file: str | None, data: dict[str, Data]) -> None:
        _merge_into(self.data, data)
        self.sources.append((file, data))


@lru_cache(maxsize=4096)
def _keys(expression: str) -> Steps:
    return tuple(part.strip() for part in expression.replace("[", ".").replace("]", "").split("."))


def as_text(value: Any) -> str:
    """A value within a text; a mapping as the arguments of a command."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(_arguments(value)) if isinstance(value, dict) else str(value)


def _arguments(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, dict):
            yield from _arguments(value, name)
        elif isinstance(value, bool):
            yield from (f"--{name}",) if value else ()
        elif isinstance(value, list):
            words = [shlex.quote(one) if isinstance(one, str) else str(one) for one in value]
            yield " ".join((f"--{name}", *words)) if words else ""
        else:
            yield f"--{name} {shlex.quote(value) if isinstance(value, str) else value}"


def _merge_into(into: dict[str, Data], data: Mapping[str, Data]) -> None:
    for key, value in data.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _merge_into(known, value)
        elif key in into:
            raise Unresolved(f"{key} is said twice by params files and vars")
        else:
            into[key] = _copied(value) if isinstance(value, dict) else value


def _copied(data: dict[str, Data]) -> dict[str, Data]:
    """Mappings anew, for others are merged into them; what they hold stays."""
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in data.items()}


def _has(data: Data, place: Steps) -> bool:
    node: Any = data
    for part in place:
        try:
            node = node[int(part)] if isinstance(node, list) else node[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return False
    return True
