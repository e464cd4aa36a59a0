"""The params and seeds of a run as its steps will see them, held to the project's schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from mlver.capture.seeds import seed_key, seeds_of
from mlver.documents.document import Document
from mlver.documents.reading import read_document
from mlver.errors import RunRefused
from mlver.manifests.params import Params, collect_params
from mlver.manifests.params_schema import Breach, breaches
from mlver.model.data import Data, Place, Scalar
from mlver.recording.inputs import declared_content
from mlver.recording.layout import Layout
from mlver.recording.overriding import overridden

_MOST_TOLD = 20


class Settings(Struct, frozen=True, kw_only=True):
    """Params and seeds."""

    contents: Mapping[str, bytes]
    """Params files as this run sees them, from the top."""
    overrides: Mapping[str, bytes]
    """Those that differ from the working tree's."""
    params: Mapping[str, Data]
    params_from: Mapping[str, Data]
    seed_paths: tuple[tuple[str, ...], ...]
    seeds: Mapping[str, Scalar]
    seed_keys: Mapping[str, tuple[str, ...]]
    """File, from the top -> dotted keys that count as seeds."""
    warnings: tuple[str, ...] = ()


def read_settings(layout: Layout, top: Path, chosen: Mapping[str, Data], variables: Mapping[str, str]) -> Settings:
    """Read them, with what is `chosen` for this run alone (dotted key -> value).

    Raises:
        RunRefused: a file or a seed is not there, or the params break the schema; each breach is named.
        BadArgument: what is chosen cannot be set.
        DocumentInvalid: a params file or the schema cannot be read.
    """
    on_disk = {path: declared_content(top, path, *said) for path, said in _declared(layout).items()}
    overrides, done = overridden(on_disk, chosen)
    contents = {**on_disk, **overrides}
    documents = {path: read_document(content, name=path) for path, content in contents.items()}
    taken = collect_params(layout.project, documents)
    _hold_to_schema(layout, top, documents, done)
    by_written_path = {layout.relative(path): document.data for path, document in documents.items()}
    places = {name: layout.place_of("seeds", name) for name in layout.project.seeds}
    seeds, warnings = seeds_of(layout.project.seeds, documents=by_written_path, environment=variables, places=places)
    return Settings(
        contents=contents,
        overrides=overrides,
        params=taken.params,
        params_from=_with_choices(taken, done),
        seed_paths=taken.seed_paths,
        seeds=seeds,
        seed_keys=_seed_keys(layout),
        warnings=(*warnings, *_misreadings(documents)),
    )


def _declared(layout: Layout) -> dict[str, tuple[str, Place]]:
    """Every settings file -> what it is declared as, and where."""
    declared = {
        layout.from_top(file): ("a params file", layout.place_of("steps", step.name, "params", file))
        for step in layout.project.steps
        for file in step.params
    }
    for name, place in layout.project.seeds.items():
        if found := seed_key(place):
            declared.setdefault(layout.from_top(found[0]), (f"the file of seed {name}", layout.place_of("seeds", name)))
    return declared


def _seed_keys(layout: Layout) -> dict[str, tuple[str, ...]]:
    keys: dict[str, tuple[str, ...]] = {}
    for place in layout.project.seeds.values():
        if found := seed_key(place):
            file = layout.from_top(found[0])
            keys[file] = (*keys.get(file, ()), found[1])
    return keys


def _hold_to_schema(
    layout: Layout, top: Path, documents: Mapping[str, Document], done: Mapping[str, Mapping[str, Data]]
) -> None:
    path = layout.schema_path
    if path is None:
        return
    schema = read_document(
        declared_content(top, path, "the schema of the params", layout.place_of("config", "schema")), name=path
    )
    found = breaches({file: documents[file] for file in layout.params_files}, schema, name=path)
    if found:
        told = [f"{breach}{' (set for this run)' if _is_chosen(breach, done) else ''}" for breach in found[:_MOST_TOLD]]
        more = [f"and {len(found) - _MOST_TOLD} more"] if len(found) > _MOST_TOLD else []
        raise RunRefused("\n".join([*told, *more]), hint=f"correct the params, or what {path} says of them")


def _is_chosen(breach: Breach, done: Mapping[str, Mapping[str, Data]]) -> bool:
    keys = done.get(breach.place.file, {})
    return any(breach.key == key or breach.key.startswith((f"{key}.", f"{key}[")) for key in keys)


def _with_choices(taken: Params, done: Mapping[str, Mapping[str, Data]]) -> dict[str, Data]:
    """Per params file the keys taken and what was set for this run alone."""
    told: dict[str, Data] = {}
    for path, entry in taken.params_from.items():
        known = dict(entry) if isinstance(entry, dict) else {}
        told[path] = {**known, "set": dict(done[path])} if path in done else known
    return told


def _misreadings(documents: Mapping[str, Document]) -> list[str]:
    return [f"{path}:{one.line}: {one.text}" for path, document in documents.items() for one in document.warnings]
