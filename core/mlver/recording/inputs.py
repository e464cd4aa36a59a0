"""Inputs that no step makes: data and files that must be there before the first step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mlver.capture.expanding import matches
from mlver.capture.fingerprints import fingerprint
from mlver.capture.tables import rows_of
from mlver.errors import MlverError, RunRefused
from mlver.model.canonical import digest
from mlver.model.data import Place
from mlver.model.manifest import DataFacts, FileFact
from mlver.model.project_file import DataSet
from mlver.recording.layout import Layout

COPY_LIMIT_BYTES = 1 << 30
"""Data up to this size is copied into the store unless the project says otherwise."""


class External(Struct, frozen=True, kw_only=True):
    """The external inputs as they are before the first step."""

    files: tuple[FileFact, ...]

    @property
    def digests(self) -> dict[str, str]:
        """Path -> sha256, as the recipe holds them."""
        return {file.path: file.sha256 or "" for file in self.files}


def external_inputs(top: Path, layout: Layout) -> External:
    """Every input and data set that no step makes, fingerprinted once; params files are left out: they count by value.

    Raises:
        RunRefused: a declared input is not there; nothing was started.
    """
    paths: set[str] = set()
    for what, pattern, place in _declared(layout):
        found = matches(top, (pattern,))[pattern]
        if not found:
            raise RunRefused(f"{place}: {what} {pattern} does not exist", hint="create it, or correct mlver.yaml")
        paths.update(found)
    wanted = sorted(path for path in paths if not layout.is_product(path) and path not in layout.params_files)
    return External(files=tuple(fingerprint(top, path) for path in wanted))


def declared_content(top: Path, path: str, what: str, place: Place) -> bytes:
    """The bytes of a file that mlver.yaml declares, at `place`, as `what`. Raises RunRefused where there is none."""
    try:
        return (top / path).read_bytes()
    except OSError as error:
        raise RunRefused(
            f"{place}: {path} is declared as {what} and cannot be read: {error.strerror}",
            hint="make it, or correct mlver.yaml",
        ) from error


def _declared(layout: Layout) -> Iterator[tuple[str, str, Place]]:
    """What each pattern is, the pattern, from the top, and where it is declared; products are left out."""
    for step in layout.project.steps:
        for index, path in enumerate(layout.all_from_top(step.inputs)):
            if not layout.is_product(path):
                yield f"step {step.name}: its input", path, layout.place_of("steps", step.name, "inputs", index)
    for name, path in layout.named_data():
        yield f"data set {name}:", path, layout.place_of("data", name, "path")


def data_facts(folder: Path, layout: Layout, referenced: Iterable[str]) -> tuple[DataFacts, ...]:
    """The named data sets as they are now; one that is not there (its step never ran) has no digest."""
    by_reference = set(referenced)
    return tuple(_data(folder, layout, entry, by_reference) for entry in layout.project.data)


def is_copied(layout: Layout, fact: FileFact) -> bool:
    """Whether an untracked data file goes into the store, or is only named by its digest."""
    chosen = next(
        (entry.store for entry in layout.project.data if entry.store and layout.from_top(entry.path) == fact.path), None
    )
    return chosen == "copy" or (chosen is None and (fact.size or 0) <= COPY_LIMIT_BYTES)


def _data(folder: Path, layout: Layout, entry: DataSet, referenced: set[str]) -> DataFacts:
    path = layout.from_top(entry.path)
    known = DataFacts(
        name=entry.name,
        path=path,
        role=entry.role,
        source=entry.source,
        snapshot=entry.snapshot,
        target=entry.target,
        store="reference" if path in referenced else None,
    )
    try:
        files = [fingerprint(folder, found) for found in matches(folder, (path,))[path]]
    except MlverError:
        return known  # what is no regular file has no digest; its step has said so already
    if len(files) == 1 and files[0].path == path:
        rows, columns = rows_of(folder / path) or (None, None)
        return replace(known, sha256=files[0].sha256, size=files[0].size, rows=rows, columns=columns)
    if not files:
        return known
    listing = digest([(file.path.removeprefix(path + "/"), file.sha256, file.size) for file in files])
    return replace(known, sha256=listing.removeprefix("sha256:"), size=sum(file.size or 0 for file in files))
