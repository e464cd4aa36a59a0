"""YAML text to plain data on the parser's events, with YAML 1.2 core typing and budgets.

Merge keys (`<<`) are no part of YAML 1.2 but people's configs use them: they are followed, and what they bring in
counts like what aliases bring in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, ClassVar, NamedTuple, NoReturn

from msgspec import Struct
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from mlver.documents.document import MAX_DIGITS, MOST_WARNINGS, NORMAL, Budget, Document, DocumentWarning, Lines
from mlver.documents.encoding import decoded
from mlver.documents.yaml_events import open_parser, translated
from mlver.documents.yaml_places import yaml_spots
from mlver.documents.yaml_scalars import (
    LONGEST_NOTED,
    MAY_BE_TYPED,
    NumberTooLong,
    core_value,
    plain_value,
)
from mlver.errors import DocumentInvalid
from mlver.model.data import Data, Path, Scalar, dotted
from mlver.progress import breathe


def read_yaml(content: bytes, *, name: str, budget: Budget = NORMAL) -> Document:
    """The data of one YAML document; None for a text that holds no document.

    Raises DocumentInvalid, which names the line, for what is not YAML, for duplicate keys, more than one document and
    everything past the budget. Tags construct nothing.
    """
    clean = decoded(content, name=name, budget=budget).encode()
    builder = _Builder(clean, name, budget)
    try:
        data = builder.build()
    except YAMLError as error:
        raise translated(error, clean, name) from error
    return Document(data=data, lines=Lines(partial(yaml_spots, clean)), warnings=tuple(builder.warnings))


class _Marker:
    """A state of the place where the next value goes, told apart from every real key by identity."""


_ITEM = _Marker()
"""The value goes to the end of a list."""
_KEY = _Marker()
"""What comes next is a key."""
_MERGE = _Marker()
"""The value belongs to a merge key."""

_BAD_MERGE = "a merge key << takes a mapping or a list of mappings"
_CORE = "tag:yaml.org,2002:"
_TYPES = {"null": (type(None),), "bool": (bool,), "int": (int,), "float": (float, int)}
_LONGEST_PATH = 20
_COLLECTION_TAGS = (None, "!", _CORE + "map", _CORE + "seq")


def _is_float(value: Any) -> bool:
    try:
        float(value)
    except OverflowError:
        return False
    return True


class _Anchored(NamedTuple):
    """What an alias stands for."""

    value: Data
    nodes: int
    nesting: int
    """Collections within collections, itself included."""


class _OpenAnchor(Struct):
    """An anchored collection that has not ended."""

    name: str
    depth: int
    seen: int
    """The count of nodes at its start."""
    deepest: int = 0
    """The deepest nesting in it so far."""


class _Builder:
    """Turns events into data; the open collections stand on a stack of its own, so depth costs no recursion."""

    def __init__(self, content: bytes, name: str, budget: Budget) -> None:
        self.warnings: list[DocumentWarning] = []
        self._next = open_parser(content).get_event
        self._name = name
        self._max_depth = budget.max_depth
        self._max_nodes = budget.max_nodes
        self._roots: list[Data] = []
        self._container: Any = self._roots
        self._key: Any = _ITEM
        self._stack: list[tuple[Any, Any]] = []
        """Per open collection the container and the key it goes to."""
        self._seen = 0
        """Events so far: what the nodes are counted by."""
        self._repeated = 0
        """Events that aliases stood for."""
        self._anchors: dict[str, _Anchored | None] = {}
        """None: its collection is still open."""
        self._open_anchors: list[_OpenAnchor] = []
        self._merges: dict[int, tuple[Any, list[dict[str, Data]]]] = {}
        """id of an open mapping -> the event of its merge key, and what that brings in."""

    def build(self) -> Data:  # noqa: C901, PLR0912  # split up, this loop is a third slower
        """The data of the only document."""
        handlers, may_be_typed = self._handlers, MAY_BE_TYPED
        # The state lives in local names here: this loop is most of the time of a first look at a repository.
        container, key = self._container, self._key
        events = islice(iter(self._next, None), self._max_nodes)
        for seen, event in enumerate(events):
            kind = event.__class__
            if not seen & 255:
                breathe()
            if kind is ScalarEvent:
                value = text = event.value
                if (
                    (not event.style and (not text or text[0] in may_be_typed))
                    or event.tag is not None
                    or event.anchor is not None
                ):
                    self._container, self._key = container, key
                    value = self._unusual_scalar(event)
                if key is _ITEM:
                    container.append(value)
                elif key is not _KEY:
                    container[key] = value
                    key = _KEY
                elif value is text and text not in container:
                    key = text
                else:
                    self._container = container
                    key = self._unusual_key(event, value)
            elif kind in handlers:
                self._container, self._key, self._seen = container, key, seen
                handlers[kind](self, event)
                container, key = self._container, self._key
        if event.__class__ is not StreamEndEvent:
            self._refuse_size(event)
        return self._roots[0] if self._roots else None

    def _unusual_key(self, event: Any, value: Any) -> Any:
        """The state after a key that is not simply new text."""
        text: str = event.value
        self._key = text
        if value is _MERGE:
            if id(self._container) in self._merges:
                self._refuse("the merge key stands twice in one mapping", event)
            self._merges[id(self._container)] = (event, [])
            return _MERGE
        if text in self._container:
            self._refuse("the key stands twice in one mapping", event)
        if not isinstance(value, str):
            self._warn(event, f"the key {text or 'null'} is not text; it is read as {text!r}")
        return text

    def _put(self, value: Data, event: Any) -> None:
        """A collection or an alias goes where the state says."""
        key = self._key
        if key is _ITEM:
            self._container.append(value)
        elif key is _KEY:
            if not isinstance(value, str) or value in self._container:
                self._refuse("an alias as a key must stand for text that is no key yet", event)
            self._key = value
        elif key is _MERGE:
            self._merge(value, event)
            self._key = _KEY
        else:
            self._container[key] = value
            self._key = _KEY

    def _merge(self, value: Data, event: Any) -> None:
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                self._refuse(_BAD_MERGE, event)
            self._merges[id(self._container)][1].append(source)

    def _start(self, event: Any) -> None:
        stack = self._stack
        if self._key is _KEY or event.tag or event.anchor or self._open_anchors or len(stack) >= self._max_depth:
            self._unusual_start(event, len(stack) + 1)
        stack.append((self._container, self._key))
        if event.__class__ is MappingStartEvent:
            self._container, self._key = {}, _KEY
        else:
            self._container, self._key = [], _ITEM

    def _unusual_start(self, event: Any, depth: int) -> None:
        if self._key is _KEY:
            self._refuse("a key must be text, here it is a list or a mapping", event)
        if event.tag not in _COLLECTION_TAGS:
            self._warn(event, f"the tag {event.tag} is unknown; the value is kept as plain data")
        if event.anchor:
            self._anchors[event.anchor] = None
            self._open_anchors.append(_OpenAnchor(event.anchor, depth, self._seen + self._repeated))
        self._go_down(depth, event)

    def _go_down(self, depth: int, event: Any) -> None:
        """Something stands that deep."""
        if depth > self._max_depth:
            self._refuse(f"nested deeper than {self._max_depth} levels", event)
        if self._open_anchors:
            innermost = self._open_anchors[-1]
            innermost.deepest = max(innermost.deepest, depth)

    def _end(self, event: Any) -> None:
        value = self._container
        if self._merges and id(value) in self._merges:
            self._finish_merge(value)
        if self._open_anchors and self._open_anchors[-1].depth == len(self._stack):
            self._finish_anchor(value)
        self._container, self._key = self._stack.pop()
        self._put(value, event)

    def _finish_merge(self, value: Any) -> None:
        event, mappings = self._merges.pop(id(value))
        if _MERGE in value:
            self._refuse(_BAD_MERGE, event)
        for mapping in mappings:
            for key, inner in mapping.items():
                value.setdefault(key, inner)

    def _finish_anchor(self, value: Data) -> None:
        done = self._open_anchors.pop()
        nodes = self._seen + self._repeated - done.seen
        self._anchors[done.name] = _Anchored(value, nodes, done.deepest - done.depth + 1)
        if self._open_anchors:
            outer = self._open_anchors[-1]
            outer.deepest = max(outer.deepest, done.deepest)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor)
        if known is None:
            inside = event.anchor in self._anchors
            self._refuse(f"*{event.anchor} {'stands inside itself' if inside else 'has no anchor before it'}", event)
        self._repeated += known.nodes
        if self._seen + self._repeated > self._max_nodes:
            self._refuse_size(event)
        self._go_down(len(self._stack) + known.nesting, event)
        self._put(known.value, event)

    def _start_document(self, event: Any) -> None:
        if self._roots:
            self._refuse("a second document starts here; a file holds one", event)

    def _unusual_scalar(self, event: Any) -> Any:
        """A scalar that may be more than its text."""
        tag, value = event.tag, event.value
        if tag is None and not event.style:
            value = self._plain(event, value)
        elif tag not in (None, "!", _CORE + "str"):
            value = self._tagged(event, tag, value)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        return value

    def _plain(self, event: Any, text: str) -> Any:
        if text == "<<" and self._key is _KEY:
            return _MERGE
        if len(text) > LONGEST_NOTED:
            return self._core(event, text)
        value, note = plain_value(text)
        if note:
            self._warn(event, note)
        return text if value.__class__ is str else value

    def _core(self, event: Any, text: str) -> Any:
        try:
            return core_value(text)
        except NumberTooLong:
            self._refuse(f"a number of more than {MAX_DIGITS} digits", event)

    def _tagged(self, event: Any, tag: str, text: str) -> Scalar:
        wanted = _TYPES.get(tag.removeprefix(_CORE))
        if wanted is None:
            self._warn(event, f"the tag {tag} is unknown; the value is kept as text")
            return text
        value = self._core(event, text)
        is_whole = isinstance(value, int) and float in wanted
        if type(value) not in wanted or (is_whole and not _is_float(value)):
            self._refuse(f"{text!r} is not what its tag {tag.replace(_CORE, '!!')} says", event)
        return float(value) if is_whole else value

    def _path(self) -> Path:
        if not self._stack:
            return ()
        states = [*self._stack[1:], (self._container, self._key)]
        parts = [len(container) if key is _ITEM else key for container, key in states]
        return tuple("<<" if part is _MERGE else part for part in parts if part is not _KEY)

    def _warn(self, event: Any, text: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(DocumentWarning(path=self._path(), line=event.start_mark.line + 1, text=text))

    def _refuse(self, problem: str, event: Any) -> NoReturn:
        path = self._path()
        key = dotted(path) if len(path) <= _LONGEST_PATH else f"{dotted(path[:3])}…"
        raise DocumentInvalid(problem, name=self._name, line=event.start_mark.line + 1, key=key)

    def _refuse_size(self, event: Any) -> NoReturn:
        self._refuse(f"holds more than {self._max_nodes} values, aliases followed", event)

    _handlers: ClassVar[dict[type, Callable[[_Builder, Any], None]]] = {
        MappingStartEvent: _start,
        SequenceStartEvent: _start,
        MappingEndEvent: _end,
        SequenceEndEvent: _end,
        AliasEvent: _alias,
        DocumentStartEvent: _start_document,
    }
