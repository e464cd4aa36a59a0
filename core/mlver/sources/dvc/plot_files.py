"""Which files hold plots, and which of their columns, by `plots` in `dvc.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.sources.dvc.parts import Part, joined
from mlver.sources.dvc.steps import PlotFile


def plots_of(plots: Part, folder: str) -> Iterator[PlotFile]:
    """The plots declared for a pipeline: paths, or ids with the files and columns of their axes."""
    # Old files have a mapping where newer ones have a list of mappings.
    entries = [plots] if isinstance(plots.data, dict) else plots.items()
    for one in entries:
        if not isinstance(one.data, dict):
            path = one.place(folder)
            yield from (PlotFile(path=path),) if path else ()
        else:
            for name, settings in one.entries():
                yield from _declared(name, settings, folder)


def plot_of(path: str, flags: Part) -> PlotFile:
    """The plot that is a step's output."""
    if isinstance(flags.data, list):
        flags = next(flags.items(), flags)
    return _plot(path, flags, flags.get("x").data, flags.get("y").data)


def _declared(name: str, settings: Part, folder: str) -> Iterator[PlotFile]:
    x, y = settings.get("x").data, settings.get("y").data
    if not isinstance(y, dict):
        path = joined(folder, name)
        yield from (_plot(path, settings, x, y),) if path else ()
        return
    for file, columns in y.items():
        path = joined(folder, file)
        if path:
            yield _plot(path, settings, x.get(file) if isinstance(x, dict) else x, columns)


def _plot(path: str, settings: Part, x: object, y: object) -> PlotFile:
    columns = y if isinstance(y, list) else [y]
    return PlotFile(
        path=path,
        x=x if isinstance(x, str) else None,
        columns=tuple(one for one in columns if isinstance(one, str)),
        template=settings.get("template").text(),
    )
