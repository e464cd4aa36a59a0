"""Reads `dvc.lock`: what was run, and what it read and made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from mlver.model.data import Data
from mlver.sources.dvc.parts import Part
from mlver.sources.dvc.tracked import Tracked, tracked


class LockedStep(Struct, frozen=True, kw_only=True):
    """A step as it ran; paths as the lock writes them, from the step's own folder."""

    command: str
    inputs: tuple[Part, ...] = ()
    outputs: tuple[Part, ...] = ()
    params: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    """File -> dotted key -> value."""


def locked_steps(lock: Part) -> dict[str, LockedStep]:
    """The steps of a lock: under `stages` since schema 2.0, at top level before."""
    stages = lock.get("stages")
    is_new = lock.get("schema").text() not in (None, "1.0") or (
        isinstance(stages.data, dict) and "cmd" not in stages.data
    )
    entries = stages.entries() if is_new else ((name, one) for name, one in lock.entries() if name != "schema")
    return {name: _step(entry) for name, entry in entries if _is_step(entry)}


def locked_datasets(lock: Part) -> dict[str, Part]:
    """The data sets of a lock, by name."""
    return {name: one for one in lock.get("datasets").items() if (name := one.get("name").text())}


def tracked_by_path(entries: tuple[Part, ...], folder: str) -> dict[str, Tracked]:
    """What the entries say, by path from the repository's top."""
    return {one.path: one for entry in entries if (one := tracked(entry, folder))}


def command_of(part: Part) -> str:
    """A command, or several that run one after the other."""
    if isinstance(part.data, list):
        return "\n".join(text for one in part.items() if (text := one.text()))
    return part.text() or ""


def _is_step(entry: Part) -> bool:
    if isinstance(entry.data, dict):
        return True
    entry.note("should be a step")
    return False


def _step(entry: Part) -> LockedStep:
    return LockedStep(
        command=command_of(entry.get("cmd")),
        inputs=tuple(entry.get("deps").items()),
        outputs=tuple(entry.get("outs").items()),
        params=dict(_params(entry.get("params"))),
    )


def _params(files: Part) -> Iterator[tuple[str, dict[str, Data]]]:
    for file, keys in files.entries():
        yield file, {key: value.data for key, value in keys.entries()}
