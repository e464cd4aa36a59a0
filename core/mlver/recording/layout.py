"""Which path of a project is what: product, params, data, or code.

All paths here are relative to the top of the repository; the project file's are relative to its own folder.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache

from mlver.model.project_file import ProjectFile, Step

OWN_FOLDER = ".mlver"
PROJECT_FILE = "mlver.yaml"


@dataclass(frozen=True)
class Layout:
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
        """Files that params are read from, each once, those that only seeds name included."""
        named = [file for step in self.project.steps for file in step.params]
        named += [place.rpartition(":")[0] for place in self.project.seeds.values() if ":" in place]
        return tuple(dict.fromkeys(self.all_from_top(named)))

    @cached_property
    def data_paths(self) -> tuple[str, ...]:
        """Paths of the named data sets."""
        return self.all_from_top(entry.path for entry in self.project.data)

    def external_inputs(self, step: Step) -> tuple[str, ...]:
        """The step's inputs, as patterns, that no step makes."""
        return tuple(path for path in self.all_from_top(step.inputs) if not self.is_product(path))

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
        """Whether it is external data: a named data set, or a step's input that is not source code."""
        if any(covers(pattern, path) for pattern in self.data_paths):
            return True
        if self.is_source(path):
            return False
        return any(covers(pattern, path) for step in self.project.steps for pattern in self.external_inputs(step))

    def is_outside_code(self, path: str) -> bool:
        """Whether it belongs to no code tree: see model/identity.py for the rule."""
        return self.is_own(path) or self.is_product(path) or path in self.params_files or self.is_data(path)


def covers(pattern: str, path: str) -> bool:
    """Whether a path is the pattern, lies in the folder it names, or matches it as a glob (`**` crosses folders)."""
    if pattern in {".", path} or path.startswith(pattern + "/"):
        return True
    return bool(_glob(pattern).fullmatch(path)) if any(mark in pattern for mark in "*?[") else False


_GLOB_TOKEN = re.compile(r"(\*\*/)|(\*\*)|(\*)|(\?)|(\[!?\]?[^\]]*\])|(.)", re.DOTALL)


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    # A glob that names a folder covers what lies in it, as a plain folder does.
    return re.compile("".join(_translated(token) for token in _GLOB_TOKEN.finditer(pattern)) + "(?:/.*)?")


def _translated(token: re.Match[str]) -> str:
    folders, everything, some, one, choice, plain = token.groups()
    if choice:
        inner = choice[1:-1].replace("\\", r"\\")
        return f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    fixed = {folders: "(?:[^/]+/)*", everything: ".*", some: "[^/]*", one: "[^/]"}
    return fixed[token[0]] if token[0] in fixed else re.escape(plain)
