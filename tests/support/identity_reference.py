"""The identity rules once more, written only from docs/format.md, to hold the digests in tests/data/identity.

It shares no line with mlver: no json module, no model. Whoever changes a rule has to change it here, too, and would
see every vector fail.
"""

from __future__ import annotations

import hashlib
from typing import Any


def canonical(data: Any) -> str:  # noqa: PLR0911  # a case per line is the point
    """Canonical JSON, one case of the rules per line."""
    if data is None:
        return "null"
    if data is True:
        return "true"
    if data is False:
        return "false"
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, int):
        return str(data)
    if isinstance(data, float):
        names = {"nan": '{"$float":"nan"}', "inf": '{"$float":"inf"}', "-inf": '{"$float":"-inf"}'}
        return names.get(repr(data), repr(data))
    if isinstance(data, dict):
        keys = sorted(data, key=lambda key: [ord(character) for character in key])
        return "{" + ",".join(quoted(key) + ":" + canonical(data[key]) for key in keys) + "}"
    return "[" + ",".join(canonical(item) for item in data) + "]"


def quoted(text: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(short.get(c, f"\\u{ord(c):04x}" if ord(c) < 0x20 else c) for c in text) + '"'


def digest(data: Any) -> str:
    return "sha256:" + hashlib.sha256(canonical(data).encode("utf-8")).hexdigest()


def recipe(given: dict[str, Any]) -> str:
    return digest(_whole(given, given["params"]) | {"seeds": given["seeds"]})


def family(given: dict[str, Any]) -> str:
    params = given["params"]
    for path in given["seed_params"]:
        params = _cut(params, path)
    return digest(_whole(given, params))


def _cut(tree: Any, path: list[str]) -> Any:
    if not isinstance(tree, dict) or path[0] not in tree:
        return tree
    if len(path) == 1:
        return {key: value for key, value in tree.items() if key != path[0]}
    return tree | {path[0]: _cut(tree[path[0]], path[1:])}


def _whole(given: dict[str, Any], params: Any) -> dict[str, Any]:
    steps = [
        {
            "name": step["name"],
            "run": step["run"],
            "inputs": sorted(step["inputs"]),
            "outputs": sorted(step["outputs"]),
        }
        for step in given["steps"]
    ]
    parts = {key: given[key] for key in ("code", "inputs", "environment", "bases")}
    return {"mlver": 1, "steps": steps, "params": params} | parts


def result(files: list[dict[str, Any]]) -> str | None:
    rows = sorted([file["path"], file["sha256"] or "", file["size"] or 0] for file in files)
    return digest(rows) if rows else None


def environment(given: dict[str, Any]) -> str:
    packages = sorted(f"{_normal(name)}=={version}" for name, version in given["packages"].items())
    return digest(
        {
            "python": given["python"],
            "implementation": given["implementation"],
            "packages": packages,
            "container": given["container"],
        }
    )


def _normal(name: str) -> str:
    joined = name.replace("_", "-").replace(".", "-").lower()
    return "-".join(part for part in joined.split("-") if part)
