"""The metrics of a run, from its metrics files.

- A nested value goes by its dotted name: `{eval: {loss: 0.1}}` is `eval.loss`.
- A name that stands in several files is told apart by the file's name without suffix: `eval.loss`, `test.loss`; where
  that is the same too, by its path. A name that stands in one file goes without.
- `slices:` at the top of a file is a list of `{metric, slice: {class: 3}, value}`: a metric on a part of the data.
- Text is kept as it was measured, and so are NaN and infinities. Other lists are no metrics: a note tells of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from mlver.documents.document import Document
from mlver.errors import DocumentInvalid
from mlver.manifests.reading import SLICE
from mlver.manifests.shapes import Misshapen, Strangers, list_of, record, root
from mlver.model.data import Data, Path, Scalar, dotted
from mlver.model.manifest import Slice
from mlver.model.metric import Metric, MetricMeaning
from mlver.model.project_file import ProjectFile

MOST_METRICS = 1000
"""More of them are a curve or a table, which belong into a history or an output."""

_SLICES = "slices"
_slices = list_of(record(Slice, SLICE, required=("metric", "slice", "value"), nullable=("value",)))


class Measured(NamedTuple):
    """What the metrics files hold."""

    metrics: Mapping[str, Metric]
    slices: tuple[Slice, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out, and declared metrics that no file holds."""


def collect_metrics(project: ProjectFile, documents: Mapping[str, Document]) -> Measured:
    """The metrics in the documents (path -> document, in the order of the steps), with what the project says of them.

    Raises DocumentInvalid, naming file, line and key: a file that holds no mapping, slices of another shape, a name
    that stands twice, more metrics than MOST_METRICS.
    """
    notes: list[str] = []
    found = {file: _values(file, document, notes) for file, document in documents.items()}
    names = Counter(name for values in found.values() for name in values)
    prefixes = _prefixes(list(documents))
    metrics: dict[str, Metric] = {}
    for file, values in found.items():
        for name, value in values.items():
            full = name if names[name] == 1 else f"{prefixes[file]}.{name}"
            if full in metrics:
                raise DocumentInvalid("is the name of two metrics", name=file, key=full)
            meaning = project.metrics.get(full) or project.metrics.get(name) or MetricMeaning()
            metrics[full] = Metric(value=value, meaning=meaning)
    unmeasured = [name for name in project.metrics if name not in metrics and name not in names]
    notes += [f"{name} is declared and no metrics file holds it" for name in unmeasured]
    slices = tuple(part for file, document in documents.items() for part in _slices_of(file, document))
    return Measured(metrics, slices, tuple(notes))


def _values(file: str, document: Document, notes: list[str]) -> dict[str, Scalar]:
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        raise DocumentInvalid("must hold a mapping of metrics", name=file, line=1)
    values: dict[str, Scalar] = {}
    for path, value in _leaves({key: inner for key, inner in data.items() if key != _SLICES}):
        name = ".".join(str(part) for part in path)
        if isinstance(value, list):
            notes.append(f"{file}: {name} is a list and no metric; write curves to a history file")
        elif name in values:
            raise DocumentInvalid("is the name of two metrics", name=file, line=document.lines.get(path), key=name)
        elif not isinstance(value, dict):
            values[name] = value
        if len(values) > MOST_METRICS:
            hint = "write curves to a history file and tables to an output"
            raise DocumentInvalid(f"holds more than {MOST_METRICS} metrics", name=file, hint=hint)
    return values


def _leaves(data: Data, path: Path = ()) -> Iterator[tuple[Path, Data]]:
    """Everything below the data that is no mapping, in order."""
    if not isinstance(data, dict):
        yield path, data
        return
    for key, value in data.items():
        yield from _leaves(value, (*path, key))


def _slices_of(file: str, document: Document) -> tuple[Slice, ...]:
    data = document.data.get(_SLICES) if isinstance(document.data, dict) else None
    if data is None:
        return ()
    try:
        return _slices(data, (root(Strangers()), _SLICES))
    except Misshapen as error:
        line = document.lines.get(error.path)
        hint = error.hint or "a slice is {metric: recall, slice: {class: 3}, value: 0.95}"
        raise DocumentInvalid(error.problem, name=file, line=line, key=dotted(error.path), hint=hint) from error


def _prefixes(files: list[str]) -> dict[str, str]:
    """File -> what its names get in front where they stand in another file too."""
    paths = {file: PurePosixPath(file) for file in files}
    stems = Counter(path.stem for path in paths.values())
    return {file: path.stem if stems[path.stem] == 1 else str(path.with_suffix("")) for file, path in paths.items()}
