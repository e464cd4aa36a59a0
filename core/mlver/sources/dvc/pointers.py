"""Reads pointers (`*.dvc`, `Dvcfile`) of every DVC: data that is tracked or imported, and steps of DVC 0.x."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mlver.sources.dvc.lock import command_of
from mlver.sources.dvc.parts import Part
from mlver.sources.dvc.recognising import folder_of
from mlver.sources.dvc.steps import DataSet, Output, Pipeline, PlotFile, Step
from mlver.sources.dvc.tracked import checksum_of, tracked
from mlver.store.urls import without_user


def read_pointer(document: Part) -> Pipeline:
    """What the pointer adds to its version."""
    own = folder_of(document.file)
    folder = document.get("wdir").folder(own)
    outputs = tuple(_outputs(document.get("outs"), folder))
    if document.get("cmd").data is not None:
        return Pipeline(steps=(_step(document, folder, outputs),))
    source, revision = _origin(document.get("deps"))
    if len(outputs) == 1 and outputs[0].tracked.checksum is None:
        outputs = (_not_fetched(outputs[0], document.get("deps")),)
    return Pipeline(data=tuple(DataSet(output=one, source=source, revision=revision) for one in outputs))


def _not_fetched(output: Output, deps: Part) -> Output:
    """An import whose data never were here is known by what it is imported from."""
    for entry in deps.items():
        if checksum := checksum_of(entry):
            known = replace(output.tracked, checksum=checksum, size=entry.get("size").count())
            return replace(output, tracked=replace(known, files=entry.get("nfiles").count()))
    return output


def _step(document: Part, folder: str, outputs: tuple[Output, ...]) -> Step:
    deps = tuple(document.get("deps").items())
    params = tuple(
        (path, tuple(key for key, _ in one.get("params").entries()))
        for one in deps
        if isinstance(one.get("params").data, dict) and (path := one.get("path").place(folder))
    )
    files = [one for one in deps if one.get("params").data is None]
    return Step(
        name=document.file,
        run=command_of(document.get("cmd")),
        folder=folder,
        inputs=tuple(one for entry in files if (one := tracked(entry, folder))),
        outputs=outputs,
        params=params,
    )


def _outputs(outs: Part, folder: str) -> Iterator[Output]:
    for entry in outs.items():
        found = tracked(entry, folder)
        if found:
            yield Output(
                tracked=found,
                is_cached=entry.get("cache").data is not False,
                # `metric: true`, or a mapping that says of which type and where in it.
                is_metric=entry.get("metric").data not in (None, False),
                plot=PlotFile(path=found.path) if entry.get("plot").data not in (None, False) else None,
            )


def _origin(deps: Part) -> tuple[str | None, str | None]:
    """Where imported data come from: another repository, a database, an address."""
    for entry in deps.items():
        repository, path = entry.get("repo"), entry.get("path").text()
        if repository.data is not None:
            url = without_user(repository.get("url").text() or "")
            return ":".join(filter(None, (url, path))) or None, next(
                filter(None, (repository.get(key).text() for key in ("rev_lock", "rev"))), None
            )
        database = entry.get("db")
        if database.data is not None:
            return database.get("table").text() or database.get("query").text(), None
        if path:
            return without_user(path), entry.get("version_id").text()
    return None, None
