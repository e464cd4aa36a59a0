"""The models as plain data for `--json`: stable keys, one document, described in docs/commands.md."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

import msgspec.json
from msgspec import Struct

from mlver.model.change import Missing
from mlver.model.ledger import LedgerEvent
from mlver.model.metric import Metric, MetricDelta, MetricMeaning, Tolerance
from mlver.model.note import Note
from mlver.model.version import VersionRow

Json: TypeAlias = object
"""What `json.dumps` takes; checked by the tests, which read it back."""


def json_text(document: Mapping[str, Json]) -> str:
    """The document as text: pure ASCII, so that no terminal obeys what a repository holds."""
    spelled = _spelled(document)
    try:
        # Python's own writer is ten times slower when it is to indent, which is felt by thousands of versions.
        return msgspec.json.format(json.dumps(spelled, allow_nan=False), indent=2)
    except msgspec.DecodeError:  # half a surrogate pair: in the name of a file it stands for a byte that is no text
        return json.dumps(spelled, indent=2, allow_nan=False)


def plain(value: object) -> Json:
    """Frozen data as maps and lists: a map per struct with its fields as keys."""
    if isinstance(value, Struct) and not isinstance(value, Tolerance):
        return plain_fields(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return None if isinstance(value, Missing) else str(value)


def plain_fields(value: Struct) -> dict[str, Json]:
    """A struct as a map."""
    return {name: plain(getattr(value, name)) for name in value.__struct_fields__}


def row_document(row: VersionRow) -> dict[str, Json]:
    """A version as `list` shows it."""
    return {
        "name": row.name,
        "names": list(row.names),
        "stages": list(row.stages),
        "model": row.model,
        "run": row.run,
        "key": row.key,
        "source": row.source,
        "ref": row.ref,
        "commit": row.commit,
        "status": row.status.value,
        "running": row.is_running,
        "broken": row.is_broken,
        "problem": row.problem,
        "created": moment(row.created),
        "author": row.author,
        "title": row.title,
        "reason": row.reason,
        "strip": row.strip,
        "dirty": row.is_dirty,
        "recipe": row.recipe,
        "family": row.family,
        "result": row.result,
        "parent": row.parent,
        "code_commit": row.code_commit,
        "overrides": row.has_overrides,
        "primary": row.primary,
        "metrics": {name: metric_document(metric) for name, metric in row.metrics.items()},
        "tags": dict(row.tags),
        "replay": {"agreement": row.replay.agreement.value, "count": row.replay.count} if row.replay else None,
    }


def event_document(event: LedgerEvent) -> dict[str, Json]:
    """A release or a move between stages."""
    return {
        "move": event.move.value,
        "model": event.model,
        "version": event.version,
        "stage": event.stage,
        "number": event.number,
        "place": event.place,
        "tag": event.tag,
        "made": moment(event.made),
        "author": {"name": event.author.name, "email": event.author.email},
        "message": event.message,
        "source": event.source,
    }


def note_document(note: Note) -> dict[str, Json]:
    """What was written about a version."""
    return {
        "id": note.id,
        "written": note.written,
        "author": {"name": note.author.name, "email": note.author.email},
        "model": note.model,
        "text": note.text,
    }


def metric_document(metric: Metric) -> dict[str, Json]:
    """A measured value with its meaning."""
    return {"value": metric.value, **_meaning(metric.meaning)}


def delta_document(delta: MetricDelta) -> dict[str, Json]:
    """How a metric moved."""
    return {
        "name": delta.name,
        "before": delta.before,
        "after": delta.after,
        "absolute": delta.absolute,
        "relative": delta.relative,
        "judgement": delta.judgement.value,
        **_meaning(delta.meaning),
    }


def _meaning(meaning: MetricMeaning) -> dict[str, Json]:
    return {
        "goal": meaning.goal.value if meaning.goal else None,
        "tolerance": str(meaning.tolerance) if meaning.tolerance else None,
        "unit": meaning.unit,
        "primary": meaning.primary,
    }


def moment(seconds: float | None) -> str | None:
    """A moment as ISO 8601 in UTC; None: it is not known, or no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="seconds") if seconds is not None else None
    except (ValueError, OverflowError, OSError):
        return None


def _spelled(value: Json) -> Json:
    """JSON has no NaN: a float that is no number is written as the canonical rules of the format do."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
    if isinstance(value, Mapping):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_spelled(item) for item in value]
    return value
