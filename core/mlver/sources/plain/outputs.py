"""Data sets and outputs of a plain repository: what lies in folders of data, weights, and large files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mlver.model.manifest import Artifact, DataFacts, FileFact
from mlver.model.roles import WEIGHTS, data_role, data_set_of
from mlver.sources.commits import Commits
from mlver.sources.plain.attributes import given_to_lfs
from mlver.sources.plain.blobs import blob_facts, file_fact, folder_fact
from mlver.sources.plain.noting import Notes
from mlver.sources.survey import Survey
from mlver.store.repository import TreeFile

LARGE = 1_000_000
"""Bytes from which a file of any name is an output."""

MOST_LISTED = 2_000
"""Data sets, and outputs, of one version."""


def data_of(commits: Commits, place: str, files: Iterable[TreeFile], notes: Notes) -> tuple[DataFacts, ...]:
    """The data sets, each by the name of its file or folder; where two have one name, by the path."""
    found = sorted(_data_sets(commits, place, files), key=lambda fact: fact.path)
    if len(found) > MOST_LISTED:
        notes.others.append(f"{len(found)} data sets: the first {MOST_LISTED} are listed")
    facts = {fact.path: fact for fact in found[:MOST_LISTED]}
    stems = [PurePosixPath(path).stem for path in facts]
    counts = Counter(stems)
    return tuple(
        DataFacts(
            name=stem if counts[stem] == 1 else path,
            path=path,
            role=data_role(path),
            sha256=fact.sha256,
            size=fact.size,
            checksum=fact.checksum,
        )
        for stem, (path, fact) in zip(stems, facts.items(), strict=True)
    )


def artifacts_of(commits: Commits, survey: Survey, files: Iterable[TreeFile], notes: Notes) -> tuple[Artifact, ...]:
    """The files that are an output by name, by size or because Git LFS keeps them."""
    named = {file.path: file for file in files if _is_output(commits, file)}
    is_lfs = given_to_lfs(commits, survey)
    others = (file for file in (*survey.telling, *survey.others) if file.path not in named and is_lfs(file.path))
    kept = {file.path: file for file in others if blob_facts(commits, file.id).pointer and not data_set_of(file.path)}
    found = sorted((named | kept).values(), key=lambda file: file.path)
    if len(found) > MOST_LISTED:
        notes.others.append(f"{len(found)} weights and large files: the first {MOST_LISTED} are listed")
    return tuple(as_artifact(file_fact(commits, file)) for file in found[:MOST_LISTED])


def as_artifact(fact: FileFact, step: str | None = None) -> Artifact:
    """The file as an output."""
    return Artifact(path=fact.path, sha256=fact.sha256, size=fact.size, checksum=fact.checksum, step=step)


def _is_output(commits: Commits, file: TreeFile) -> bool:
    if file.path.lower().endswith(WEIGHTS):
        return True
    size, pointer = blob_facts(commits, file.id)
    return pointer is not None or (size or 0) > LARGE


def _data_sets(commits: Commits, place: str, files: Iterable[TreeFile]) -> Iterator[FileFact]:
    """Each file alone that lies in no folder of data, or directly in one; of deeper ones the folder."""
    seen: set[str] = set()
    for file in files:
        path = data_set_of(file.path) or file.path
        if path in seen:
            continue
        seen.add(path)
        if path == file.path:
            yield file_fact(commits, file)
        elif (entry := commits.repository.entry(place, path)) is not None:
            yield folder_fact(path, entry.id)
