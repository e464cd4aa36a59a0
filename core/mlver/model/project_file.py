"""What `mlver.yaml` says, as frozen data."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct, field

from mlver.model.data import Data, Path
from mlver.model.metric import MetricMeaning

SOURCE_PATTERNS = (
    "*.py", "*.pyi", "*.pyx", "*.ipynb", "*.sh", "*.bash", "*.r", "*.R", "*.jl", "*.lua", "*.sql", "*.c", "*.cc",
    "*.cpp", "*.cu", "*.cuh", "*.h", "*.hpp", "*.rs", "*.go", "*.js", "*.ts", "*.toml", "*.cfg", "*.ini",
    "*.yaml", "*.yml", "*.lock", "Makefile", "Dockerfile", "requirements*.txt",
)  # fmt: skip
"""What counts as source when the project file says nothing: matched against the file's name."""

SOURCE_LIMIT_BYTES = 1_000_000
"""An untracked source file larger than this is left out, and listed."""


class Step(Struct, frozen=True, kw_only=True):
    """One command of the training pipeline."""

    name: str
    run: str | tuple[str, ...]
    """Text goes to `/bin/sh -ec`; a tuple is argv."""
    inputs: tuple[str, ...] = ()
    """Paths from the project file's folder; a folder or a glob stands for its files."""
    params: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    """Params file -> dotted keys; None: the whole file."""
    outputs: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    history: str | None = None
    predictions: str | None = None


class DataSet(Struct, frozen=True, kw_only=True):
    """A named data set."""

    name: str
    path: str
    role: str | None = None
    source: str | None = None
    snapshot: str | None = None
    store: str | None = None
    """`copy` or `reference`; None: by size."""
    target: str | None = None
    """The column that is learned; None: it is guessed by its name."""


class ProjectFile(Struct, frozen=True, kw_only=True):
    """A validated `mlver.yaml`."""

    model: str
    folder: str = "."
    """The file's folder from the top of the repository; all its paths are relative to it."""
    steps: tuple[Step, ...] = ()
    """In the order they run."""
    data: tuple[DataSet, ...] = ()
    seeds: Mapping[str, str] = field(default_factory=dict)
    """Name -> `file:dotted.key` or the name of an environment variable."""
    lock: str | None = None
    container: str | None = None
    bases: tuple[Mapping[str, Data], ...] = ()
    metrics: Mapping[str, MetricMeaning] = field(default_factory=dict)
    schema: str | None = None
    """JSON Schema the params must satisfy, as a path."""
    ignore: tuple[str, ...] = ()
    code_include: tuple[str, ...] = SOURCE_PATTERNS
    tags: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    """Where in the file each value stands, for messages."""
    warnings: tuple[str, ...] = ()
    """What a reader should know though it is no error: unknown keys, values YAML 1.1 reads differently."""

    def from_top(self, path: str) -> str:
        """One of its paths from the top of the repository."""
        return posixpath.normpath(posixpath.join(self.folder, path))
