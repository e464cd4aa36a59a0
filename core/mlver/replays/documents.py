"""A replay record as a YAML document, and back."""

from __future__ import annotations

from collections.abc import Mapping

from mlver.documents.reading import read_yaml
from mlver.documents.writing import write_yaml
from mlver.errors import DocumentInvalid
from mlver.manifests.reading import environment_from, hardware_from
from mlver.manifests.writing import environment_data, hardware_data
from mlver.model.data import Data, Scalar
from mlver.model.manifest import FORMAT, FileFact
from mlver.model.person import Person
from mlver.model.replay import MetricVerdict, OutputVerdict, ReplayRecord
from mlver.model.version import Agreement


def write_record(record: ReplayRecord) -> bytes:
    """The record as canonical YAML; what is None or empty is left out."""
    data: dict[str, Data] = {
        "mlver": FORMAT,
        "replay": record.id,
        "version": record.version,
        "model": record.model,
        "run": record.run,
        "verdict": record.agreement.value,
        "problem": record.problem,
        "first_divergence": record.first_divergence,
        "created": record.created,
        "ended": record.ended,
        "author": _without_none({"name": record.author.name, "email": record.author.email}),
        "host": record.host,
        "writer": record.writer,
        "drift": list(record.drift),
        "environment": environment_data(record.environment),
        "hardware": hardware_data(record.hardware),
        "steps": [dict(step) for step in record.steps],
        "outputs": [_output_data(output) for output in record.outputs],
        "metrics": [_metric_data(metric) for metric in record.metrics],
    }
    return write_yaml(_without_none(data)).encode()


def read_record(content: bytes, *, name: str) -> ReplayRecord:
    """The record in a document.

    Raises:
        DocumentInvalid: it is no replay record, or breaks its rules; names file and key.
    """
    data = read_yaml(content, name=name).data
    if not isinstance(data, dict) or data.get("mlver") != FORMAT:
        raise DocumentInvalid("is no replay record that this mlver reads", name=name, key="mlver")
    try:
        return _record(data, name)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise DocumentInvalid(f"breaks the form of a replay record: {error}", name=name) from error


def _record(data: Mapping[str, Data], name: str) -> ReplayRecord:
    author = _mapping(data.get("author"))
    return ReplayRecord(
        id=_text(data["replay"]),
        version=_text(data["version"]),
        model=_text(data["model"]),
        run=_optional(data.get("run")),
        agreement=Agreement(_text(data["verdict"])),
        problem=_optional(data.get("problem")),
        first_divergence=_optional(data.get("first_divergence")),
        created=_text(data["created"]),
        ended=_text(data["ended"]),
        author=Person(name=_text(author.get("name", "")), email=_text(author.get("email", ""))),
        host=_optional(data.get("host")),
        writer=_optional(data.get("writer")),
        drift=tuple(_text(line) for line in _list(data.get("drift"))),
        environment=environment_from(data.get("environment") or {}, name=name),
        hardware=hardware_from(data.get("hardware") or {}, name=name),
        steps=tuple(_step(step) for step in _list(data.get("steps"))),
        outputs=tuple(_output(_mapping(output)) for output in _list(data.get("outputs"))),
        metrics=tuple(_metric(_mapping(metric)) for metric in _list(data.get("metrics"))),
    )


def _output_data(output: OutputVerdict) -> Data:
    return _without_none(
        {
            "path": output.path,
            "step": output.step,
            "verdict": output.agreement.value,
            "recorded": _file_data(output.recorded),
            "replayed": _file_data(output.replayed) if output.replayed else None,
            "note": output.note or None,
        }
    )


def _output(data: Mapping[str, Data]) -> OutputVerdict:
    path = _text(data["path"])
    return OutputVerdict(
        path=path,
        step=_optional(data.get("step")),
        agreement=Agreement(_text(data["verdict"])),
        recorded=_file(path, data["recorded"]),
        replayed=_file(path, data["replayed"]) if data.get("replayed") is not None else None,
        note=_text(data.get("note", "")),
    )


def _file_data(file: FileFact) -> Data:
    return {"sha256": file.sha256, "size": file.size}


def _file(path: str, data: Data) -> FileFact:
    parts = _mapping(data)
    size = parts.get("size")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int)):
        raise TypeError(f"{path}: size is no whole number")
    return FileFact(path=path, sha256=_optional(parts.get("sha256")), size=size)


def _metric_data(metric: MetricVerdict) -> Data:
    return _without_none(
        {
            "name": metric.name,
            "verdict": metric.agreement.value,
            "recorded": metric.recorded,
            "replayed": metric.replayed,
            "tolerance": metric.tolerance or None,
        }
    )


def _metric(data: Mapping[str, Data]) -> MetricVerdict:
    return MetricVerdict(
        name=_text(data["name"]),
        agreement=Agreement(_text(data["verdict"])),
        recorded=_scalar(data.get("recorded")),
        replayed=_scalar(data.get("replayed")),
        tolerance=_text(data.get("tolerance", "")),
    )


def _step(data: Data) -> dict[str, str | int | float | None]:
    return {key: _scalar(value) for key, value in _mapping(data).items()}


def _without_none(data: Mapping[str, Data]) -> dict[str, Data]:
    return {key: value for key, value in data.items() if value is not None and value not in ([], {})}


def _text(value: Data) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _optional(value: Data) -> str | None:
    return None if value is None else _text(value)


def _scalar(value: Data) -> Scalar:
    if isinstance(value, (list, dict)):
        raise TypeError("a list or mapping stands where a value belongs")
    return value


def _list(value: Data) -> list[Data]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return value


def _mapping(value: Data) -> dict[str, Data]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no mapping")
    return value
