"""Params set for one run alone: `--set optimiser.lr=0.003` changes the snapshot's file, never the user's."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.documents.document import Document
from mlver.documents.editing import set_value
from mlver.documents.reading import read_document
from mlver.errors import BadArgument
from mlver.model.data import Data, value_at
from mlver.model.nearest import did_you_mean, dotted_keys, nearest_keys


def overridden(
    contents: Mapping[str, bytes], settings: Mapping[str, Data]
) -> tuple[dict[str, bytes], dict[str, dict[str, Data]]]:
    """The params files that change (path -> new bytes) and what was set in each (path -> dotted key -> value).

    Raises:
        BadArgument: no params file has the key, or several have it and the setting does not name one.
    """
    documents = {path: read_document(content, name=path) for path, content in contents.items()}
    changed: dict[str, bytes] = {}
    done: dict[str, dict[str, Data]] = {}
    for setting, value in settings.items():
        path, key = _place(setting, documents)
        changed[path] = set_value(changed.get(path, contents[path]), key, value, name=path)
        done.setdefault(path, {})[key] = value
    return changed, done


def _place(setting: str, documents: Mapping[str, Document]) -> tuple[str, str]:
    named, colon, key = setting.partition(":")
    if colon and named in documents:
        if not _has(documents[named].data, key):
            raise _unknown(key, {named: documents[named]})
        return named, key
    found = [path for path, document in documents.items() if _has(document.data, setting)]
    if not found:
        raise _unknown(setting, documents)
    if len(found) > 1:
        raise BadArgument(
            f"{setting} is in {' and in '.join(found)}", hint=f"say which: --set {found[0]}:{setting}=..."
        )
    return found[0], setting


def _has(data: Data, key: str) -> bool:
    try:
        value_at(data, key)
    except KeyError:
        return False
    return True


def _unknown(key: str, documents: Mapping[str, Document]) -> BadArgument:
    if not documents:
        return BadArgument(f"no step has a params file, so {key} cannot be set", hint="declare it under params:")
    known = (name for document in documents.values() for name in dotted_keys(document.data))
    hint = did_you_mean(nearest_keys(key, known)) or "keys are dotted: optimiser.lr"
    return BadArgument(f"no params file has {key} ({', '.join(documents)})", hint=hint)
