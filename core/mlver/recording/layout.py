"""Which path of a project is what: product, params, data, or code.

All paths here are relative to the top of the repository; the project file's are relative to its own folder.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from msgspec import Struct

from mlver.capture.expanding import shape
from mlver.documents.document import nearest_line
from mlver.model.data import Place
from mlver.model.names import PROJECT_FILE
from mlver.model.project_file import ProjectFile, Step

OWN_FOLDER = ".mlver"


class Layout(Struct, frozen=True, dict=True):
    """The project's declarations, asked about paths."""

    project: ProjectFile

    def from_top(self, path: str) -> str:
        """A path of the project file, from the top of the repository; a trailing slash is dropped."""
        return posixpath.normpath(posixpath.join(self.project.folder, path))

    def all_from_top(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Several paths of the project file, from the top of the repository."""
        return tuple(self.from_top(path) for path in paths)

    def relative(self, path: str) -> str:
        """A path from the top as the project file writes it."""
        return posixpath.relpath(path, self.project.folder)

    @property
    def project_path(self) -> str:
        """The project file itself."""
        return self.from_top(PROJECT_FILE)

    def place_of(self, *path: str | int) -> Place:
        """File and line at which the project file says something."""
        return Place(self.project_path, nearest_line(self.project.lines, path))

    def products_of(self, step: Step) -> tuple[str, ...]:
        """All that a step makes: outputs, metrics, history, predictions; patterns, from the top."""
        single = (step.history, step.predictions)
        return self.all_from_top((*step.outputs, *step.metrics, *(path for path in single if path)))

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Declared outputs of all steps, as patterns."""
        return tuple(path for step in self.project.steps for path in self.all_from_top(step.outputs))

    @cached_property
    def products(self) -> tuple[str, ...]:
        """All that any step makes, as patterns."""
        return tuple(path for step in self.project.steps for path in self.products_of(step))

    @cached_property
    def metrics_files(self) -> tuple[str, ...]:
        """Files that hold metrics, in the order of their steps."""
        return tuple(path for step in self.project.steps for path in self.all_from_top(step.metrics))

    @cached_property
    def history_files(self) -> tuple[str, ...]:
        """Files that hold curves."""
        return self.all_from_top(step.history for step in self.project.steps if step.history)

    @cached_property
    def params_files(self) -> tuple[str, ...]:
        """Files that steps take params from, each once: in a recipe they count by value."""
        return tuple(dict.fromkeys(self.all_from_top(file for step in self.project.steps for file in step.params)))

    @cached_property
    def settings_files(self) -> tuple[str, ...]:
        """Params files, and those that only seeds name, which stay code: all of their text counts."""
        seeds = [place.rpartition(":")[0] for place in self.project.seeds.values() if ":" in place]
        return tuple(dict.fromkeys((*self.params_files, *self.all_from_top(seeds))))

    @property
    def schema_path(self) -> str | None:
        """The JSON Schema of the params."""
        return self.from_top(self.project.schema) if self.project.schema else None

    @property
    def lock_path(self) -> str | None:
        """The environment's lock file."""
        return self.from_top(self.project.lock) if self.project.lock else None

    @cached_property
    def data_paths(self) -> tuple[str, ...]:
        """Paths of the named data sets."""
        return self.all_from_top(entry.path for entry in self.project.data)

    def is_product(self, path: str) -> bool:
        """Whether a step makes it."""
        return any(covers(pattern, path) for pattern in self.products)

    def is_output(self, path: str) -> bool:
        """Whether it is a declared output: what the result is made of."""
        return any(covers(pattern, path) for pattern in self.outputs)

    def is_own(self, path: str) -> bool:
        """Whether it is mlver's folder or below."""
        return covers(OWN_FOLDER, path)

    def is_own_or_product(self, path: str) -> bool:
        """Whether it belongs to no snapshot."""
        return self.is_own(path) or self.is_product(path)

    def is_source(self, path: str) -> bool:
        """Whether its name is that of source code."""
        name = posixpath.basename(path)
        return any(fnmatchcase(name, pattern) for pattern in self.project.code_include)

    def is_data(self, path: str) -> bool:
        """Whether an external input is data rather than code: a named data set, or not source by its name."""
        return path in self.data_paths or not self.is_source(path)

    def named_data(self) -> tuple[tuple[str, str], ...]:
        """Name and path of the data sets that no step makes."""
        named = zip((entry.name for entry in self.project.data), self.data_paths, strict=True)
        return tuple((name, path) for name, path in named if not self.is_product(path))


def covers(pattern: str, path: str) -> bool:
    """Whether a path is the pattern, lies in the folder it names, or is among the files the glob stands for."""
    if pattern in {".", path} or path.startswith(pattern + "/"):
        return True
    return bool(_shape(pattern).fullmatch(path)) if any(mark in pattern for mark in "*?[") else False


_shape = lru_cache(maxsize=1024)(shape)
