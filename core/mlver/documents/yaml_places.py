"""Where the values of a YAML text stand. Walks the events again, so that reading without asking costs nothing."""

from __future__ import annotations

from typing import Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mlver.documents.document import Spot
from mlver.documents.places import Places
from mlver.documents.yaml_events import open_parser

_MERGE: Any = object()
"""Stands for an unquoted `<<`, which is no key; a quoted one is."""


def yaml_spots(content: bytes) -> Spot:
    """The spots of a text that read_yaml took: its budgets were checked there."""
    places = Places()
    anchors: dict[str, Spot] = {}
    open_anchors: list[str] = []
    next_event = open_parser(content).get_event
    event: Any
    for event in iter(next_event, None):
        kind = event.__class__
        if kind in (ScalarEvent, AliasEvent):
            _take(places, event, anchors)
        elif kind in (MappingStartEvent, SequenceStartEvent):
            open_anchors.append(event.anchor or "")
            places.start(_spot(event, {} if kind is MappingStartEvent else []))
        elif kind in (MappingEndEvent, SequenceEndEvent):
            spot = places.end(event.end_mark.index)
            _merge(spot)
            if anchor := open_anchors.pop():
                anchors[anchor] = spot
    return places.root


def _take(places: Places, event: Any, anchors: dict[str, Spot]) -> None:
    line = event.start_mark.line + 1
    is_alias = event.__class__ is AliasEvent
    if places.wants_key:
        places.key(_key(event, anchors), line)
        return
    spot = _spot(event, None)
    if is_alias:
        spot.obstacle = "it is an alias"
        spot.children = anchors[event.anchor].children
    elif event.anchor:
        spot.text = event.value
        anchors[event.anchor] = spot
    places.value(spot)


def _key(event: Any, anchors: dict[str, Spot]) -> Any:
    if event.__class__ is AliasEvent:
        return anchors[str(event.anchor)].text
    if event.anchor:
        anchors[event.anchor] = Spot(line=0, text=event.value)
    is_merge = event.value == "<<" and not event.style and not event.tag
    return _MERGE if is_merge else event.value


def _spot(event: Any, children: Any) -> Spot:
    start, end = event.start_mark, event.end_mark
    obstacle = ""
    if event.anchor:
        obstacle = "it has an anchor"
    elif getattr(event, "tag", None):
        obstacle = "it has a tag"
    return Spot(line=start.line + 1, start=start.index, end=end.index, children=children, obstacle=obstacle)


def _merge(mapping: Spot) -> None:
    """What a merge key brings in stands where it was written."""
    own = mapping.children
    if not isinstance(own, dict) or _MERGE not in own:
        return
    merged = own.pop(_MERGE)
    for source in merged.children if isinstance(merged.children, list) else [merged]:
        if isinstance(source.children, dict):
            for key, spot in source.children.items():
                own.setdefault(key, spot)
