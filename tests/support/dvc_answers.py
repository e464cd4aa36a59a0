"""Holds what mlver says of two versions to what dvc says of them, key by key.

Meant differences, all in how dvc writes and not in what it finds:
- dvc writes a list as one text, and so is ours here; a flag among metrics is text with us (`true`);
- dvc holds `1`, `1.0` and `true` for equal, and a key that is not there for one without a value;
- a metrics file that is one number has its value under no key with dvc, under `value` with us;
- a date in TOML metrics is text with us, and with dvc no metric;
- dvc's paths begin at the top of its project, ours at the repository's;
- what dvc calls renamed is a path that went and one that came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlver.model.data import Data
from mlver.model.manifest import Artifact, Manifest
from mlver.sources.source import Source

Leaves = Mapping[tuple[str, str], Any]
"""(File, or nothing where the key stands at the top; dotted key) -> value."""


def params_of(manifest: Manifest) -> dict[tuple[str, str], Any]:
    """The leaves of a version's params."""
    found: dict[tuple[str, str], Any] = {}
    for key, value in manifest.params.items():
        is_file = key in manifest.params_from and isinstance(value, dict)
        inner = _leaves(value) if is_file else _leaves({key: value})
        found.update(((key if is_file else "", name), leaf) for name, leaf in inner)
    return found


def metrics_of(manifest: Manifest) -> dict[tuple[str, str], Any]:
    """The leaves of a version's metrics."""
    found: dict[tuple[str, str], Any] = {}
    for name, metric in manifest.metrics.items():
        file, colon, key = name.partition(":")
        found[(file, key) if colon else ("", name)] = metric.value
    return found


def tracked_of(source: Source, place: str, manifest: Manifest) -> dict[str, str | None]:
    """Path -> hash of all that DVC tracks, the files of folders too; folders end in `/`."""
    found: dict[str, str | None] = {}
    data = (Artifact(path=one.path, sha256=None, checksum=one.checksum, files=one.files) for one in manifest.data)
    for artifact in (*manifest.artifacts, *data):
        scheme, _, value = (artifact.checksum or "").partition(":")
        if scheme != "git" and artifact.sha256 is None and "://" not in artifact.path:
            found[f"{artifact.path}/" if value.endswith(".dir") else artifact.path] = value or None
            for member in source.members(place, artifact) or ():
                found[member.path] = (member.checksum or "").partition(":")[2]
    return found


def disagreements(answer: Mapping[str, Mapping[str, Any]], before: Leaves, after: Leaves, top: str = "") -> list[str]:
    """Where the leaves of two versions do not differ as `dvc params diff --json` or `dvc metrics diff --json` say."""
    wrong = []
    told = {(_at(top, file), key or "value"): one for file, keys in answer.items() for key, one in keys.items()}
    for (file, key), one in told.items():
        ours = tuple(_as_dvc(side.get((file, key), side.get(("", key)))) for side in (before, after))
        theirs = (_as_dvc(one["old"]), _as_dvc(one["new"]))
        if ours != theirs:
            wrong.append(f"{file}: {key}: dvc says {theirs}, mlver {ours}")
    known = {key for _, key in told}
    for file, key in dict.fromkeys((*before, *after)):
        sides = [_as_dvc(side.get((file, key), side.get(("", key)))) for side in (before, after)]
        if sides[0] != sides[1] and ((file, key) not in told if file else key not in known):
            wrong.append(f"{file}: {key}: mlver says {sides}, dvc nothing")
    return wrong


def tracked_disagreements(
    answer: Mapping[str, Any], before: Mapping[str, str | None], after: Mapping[str, str | None], top: str = ""
) -> list[str]:
    """Where what two versions track does not differ as `dvc diff --json` says."""
    theirs = {_at(top, path): pair for path, pair in _tracked_changes(answer)}
    ours = {
        path: (before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if (path in before, before.get(path)) != (path in after, after.get(path))
    }
    return [
        f"{path}: dvc says {theirs.get(path)}, mlver {ours.get(path)}"
        for path in sorted(theirs.keys() | ours.keys())
        if theirs.get(path) != ours.get(path)
    ]


def _tracked_changes(answer: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    for one in answer.get("added", ()):
        yield one["path"], (None, one["hash"])
    for one in answer.get("deleted", ()):
        yield one["path"], (one["hash"], None)
    for one in answer.get("modified", ()):
        yield one["path"], (one["hash"]["old"], one["hash"]["new"])
    for one in answer.get("renamed", ()):
        yield one["path"]["old"], (one["hash"], None)
        yield one["path"]["new"], (None, one["hash"])


def _leaves(data: Data, above: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, f"{above}.{key}" if above else key)
    else:
        yield above, data


def _as_dvc(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, list) else value


def _at(top: str, path: str) -> str:
    return f"{top}/{path}" if top else path
