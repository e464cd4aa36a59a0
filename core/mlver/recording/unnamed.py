"""Params that no step names: they are in no digest, by design, so a run says when they changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlver.documents.reading import read_document
from mlver.errors import MlverError
from mlver.model.canonical import canonical_json
from mlver.model.data import Data, value_at
from mlver.model.nearest import dotted_keys
from mlver.model.version import VersionRow
from mlver.recording.settings import Settings
from mlver.store.repository import Repository

_MOST_NAMED = 5


def unnamed_changes(repository: Repository, settings: Settings, before: VersionRow) -> Iterator[str]:
    """A sentence for each params file of which keys that no step names differ from those of an earlier run."""
    for file, entry in settings.params_from.items():
        keys = entry.get("keys") if isinstance(entry, dict) else None
        recorded = _recorded(repository, before.commit, file)
        if not isinstance(keys, list) or recorded is None:
            continue
        named = [*(key for key in keys if isinstance(key, str)), *settings.seed_keys.get(file, ())]
        now = _unnamed(settings.contents[file], file, named)
        then = _unnamed(recorded, file, named)
        differ = [key for key in dict.fromkeys((*now, *then)) if now.get(key) != then.get(key)]
        if differ:
            more = f" and {len(differ) - _MOST_NAMED} more" if len(differ) > _MOST_NAMED else ""
            shown = ", ".join(differ[:_MOST_NAMED])
            yield f"{file}: {shown}{more} changed since {before.name}; no step names it, so no digest has it"


def _recorded(repository: Repository, commit: str, file: str) -> bytes | None:
    try:
        entry = repository.entry(commit, file)
        return None if entry is None or entry.is_tree or entry.is_link else repository.blob(entry.id)
    except MlverError:
        return None  # not here, as in a partial clone: a remark is not worth fetching it


def _unnamed(content: bytes, file: str, named: Iterable[str]) -> Mapping[str, bytes]:
    """Dotted key -> value, of all that no step names; lists are values."""
    try:
        data = read_document(content, name=file).data
    except MlverError:
        return {}
    names = tuple(named)
    return {key: canonical_json(value) for key, value in _values(data) if not any(_meet(key, name) for name in names)}


def _values(data: Data) -> Iterator[tuple[str, Data]]:
    for key in dotted_keys(data):
        value = value_at(data, key)
        if not isinstance(value, dict):
            yield key, value


def _meet(key: str, name: str) -> bool:
    """Whether a step that names one of the two takes the other: a mapping's inside, or the list it names a part of."""
    return key == name or key.startswith(f"{name}.") or name.startswith(f"{key}.")
