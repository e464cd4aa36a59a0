"""What a DVC project is made of, paths from the repository's top."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from mlver.model.data import Data
from mlver.sources.dvc.tracked import Tracked


class PlotFile(Struct, frozen=True, kw_only=True):
    """A file or folder of plots."""

    path: str
    x: str | None = None
    """The column that says where on the x axis a row is; None: not said."""
    columns: tuple[str, ...] = ()
    """The columns to draw; empty: not said."""
    template: str | None = None


class Output(Struct, frozen=True, kw_only=True):
    """What a step makes, or a pointer tracks."""

    tracked: Tracked
    is_cached: bool = True
    """False: git keeps it."""
    is_metric: bool = False
    plot: PlotFile | None = None


class Step(Struct, frozen=True, kw_only=True):
    """A step of a pipeline, or of an old pointer with a command."""

    name: str
    run: str
    folder: str
    inputs: tuple[Tracked, ...] = ()
    outputs: tuple[Output, ...] = ()
    params: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Params files and the dotted keys taken; no keys: all."""
    values: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    """Params file -> dotted key -> value, as the lock has them."""


class DataSet(Struct, frozen=True, kw_only=True):
    """Data that no step makes."""

    output: Output
    name: str = ""
    source: str | None = None
    """Where it was imported from."""
    revision: str | None = None


class Pipeline(Struct, frozen=True, kw_only=True):
    """What one dvc.yaml with its lock, or one pointer, adds to the version."""

    steps: tuple[Step, ...] = ()
    data: tuple[DataSet, ...] = ()
    params: tuple[str, ...] = ()
    """Params files declared for the pipeline as a whole."""
    used: Mapping[str, Mapping[str, Data]] = field(default_factory=dict)
    """File -> dotted key -> value: what templates took."""
    metrics: tuple[str, ...] = ()
    plots: tuple[PlotFile, ...] = ()
    artifacts: Mapping[str, Data] = field(default_factory=dict)
    """Id -> `path` from the top, `type`, `desc`, `labels`."""
