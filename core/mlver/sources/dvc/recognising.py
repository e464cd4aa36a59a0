"""Finds the files of DVC in a commit, by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from mlver.sources.survey import OTHERS_LISTED, Survey
from mlver.store.repository import Repository, TreeFile

PIPELINE = "dvc.yaml"
LOCK = "dvc.lock"
OWN_FOLDER = ".dvc"
"""Folder at the top of a DVC project: its settings and its cache."""

_POINTER = ".dvc"
_INSIDE = f"{OWN_FOLDER}/"
_NAMES = (PIPELINE, LOCK, "Dvcfile")
_ENDS = (*_NAMES, _POINTER)


class DvcFiles(Struct, frozen=True, kw_only=True):
    """Files of DVC in one commit."""

    pipelines: Mapping[str, TreeFile] = field(default_factory=dict)
    """Folder -> its dvc.yaml; the top is an empty text."""
    locks: Mapping[str, TreeFile] = field(default_factory=dict)
    pointers: tuple[TreeFile, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders of pipelines, with or without their dvc.yaml, sorted."""
        return tuple(sorted(self.pipelines.keys() | self.locks.keys()))

    @property
    def all_folders(self) -> frozenset[str]:
        """Every folder in which a file of DVC lies."""
        return frozenset((*self.folders, *(folder_of(file.path) for file in self.pointers)))


def is_dvc(survey: Survey) -> bool:
    """Whether the commit holds a pipeline or a pointer of DVC, in whatever folder."""
    return next(_files(survey), None) is not None


def is_record(path: str) -> bool:
    """Whether a file only records checksums of others: a lock or a pointer of DVC."""
    name = path[path.rfind("/") + 1 :]
    return name == LOCK or (name.endswith(_POINTER) and name != _POINTER and not _is_own(path))


def dvc_files(survey: Survey) -> DvcFiles:
    """The files of DVC in the commit."""
    pipelines, locks, pointers = {}, {}, []
    for name, file in _files(survey):
        if name == PIPELINE:
            pipelines[folder_of(file.path)] = file
        elif name == LOCK:
            locks[folder_of(file.path)] = file
        else:
            pointers.append(file)
    return DvcFiles(pipelines=pipelines, locks=locks, pointers=tuple(pointers))


def projects(repository: Repository, commit_id: str, survey: Survey, files: DvcFiles) -> tuple[str, ...]:
    """The top folder of every DVC project: the nearest that holds `.dvc`, the repository's top where none does."""
    known = {f"/{path}".partition(f"/{_INSIDE}")[0][1:]: True for path in _own_files(survey)}
    is_whole = len(survey.others) < OTHERS_LISTED

    def holds_settings(folder: str) -> bool:
        if folder not in known:
            entry = None if is_whole else repository.entry(commit_id, f"{folder}/{OWN_FOLDER}".lstrip("/"))
            known[folder] = entry is not None and entry.is_tree
        return known[folder]

    return tuple(sorted({next(filter(holds_settings, _upwards(one)), "") for one in files.all_folders}))


def project_of(path: str, tops: tuple[str, ...]) -> str:
    """The top of the DVC project that a file or folder belongs to."""
    return max((top for top in tops if not top or path == top or path.startswith(f"{top}/")), key=len, default="")


def folder_of(path: str) -> str:
    """The folder a file lies in; empty: the top."""
    return path.rpartition("/")[0]


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""


def _files(survey: Survey) -> Iterator[tuple[str, TreeFile]]:
    for file in survey.telling:
        path = file.path
        if path.endswith(_ENDS):
            name = path[path.rfind("/") + 1 :]
            if (name in _NAMES or (name.endswith(_POINTER) and name != _POINTER)) and not _is_own(path):
                yield name, file


def _is_own(path: str) -> bool:
    """`.dvc/tmp` may hold copies of whole projects."""
    return path.startswith(_INSIDE) or f"/{_INSIDE}" in path


def _own_files(survey: Survey) -> Iterator[str]:
    return (file.path for file in (*survey.others, *survey.telling) if _INSIDE in file.path and _is_own(file.path))
