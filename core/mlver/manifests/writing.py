"""A manifest as canonical YAML: the same manifest always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from mlver.documents.writing import write_yaml
from mlver.manifests.reading import MANIFEST
from mlver.model.data import Data
from mlver.model.manifest import FORMAT, EnvironmentFacts, HardwareFacts, Manifest
from mlver.model.metric import Metric, Tolerance


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest as it is recorded: keys in their fixed order; what is None, empty or unsaid is left out.

    Raises InvalidInput for text that is not Unicode.
    """
    data: dict[str, Data] = {"mlver": FORMAT, "model": manifest.model, "run": manifest.run}
    data["status"] = manifest.status.value
    told = _record_data(manifest)
    data.update({key: told[key] for key in MANIFEST if key in told})
    data.update({key: value for key, value in manifest.unknown.items() if key not in MANIFEST})
    if manifest.run is None:
        del data["run"]
    return write_yaml(data).encode()


def environment_data(environment: EnvironmentFacts) -> dict[str, Data]:
    """The environment as a manifest and a replay record hold it."""
    return _record_data(environment)


def hardware_data(hardware: HardwareFacts) -> dict[str, Data]:
    """The hardware as a manifest and a replay record hold it."""
    return _record_data(hardware)


def _record_data(told: Any) -> dict[str, Data]:
    """The fields of one of the model's records by their names, which are the keys of the document."""
    data: dict[str, Data] = {}
    for field in fields(told):
        value = getattr(told, field.name)
        if not _is_unsaid(field, value):
            data[field.name] = _data(value)
    return data


def _is_unsaid(field: Field[Any], value: Any) -> bool:
    if field.default is MISSING and field.default_factory is MISSING:
        return False  # it has to stand there: `sha256: null` says that the digest is not known
    if value is None or value in ((), {}):
        return True
    return value == field.default and (value == "" or is_dataclass(value))


def _data(value: Any) -> Data:
    if isinstance(value, Metric):
        return _metric_data(value)
    if isinstance(value, Enum):
        return str(value.value)
    if is_dataclass(value):
        return _record_data(value)
    if isinstance(value, (tuple, list)):
        return [_data(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _data(inner) for key, inner in value.items()}
    return value  # type: ignore[no-any-return]  # a leaf


def _metric_data(metric: Metric) -> dict[str, Data]:
    meaning = metric.meaning
    data: dict[str, Data] = {"value": metric.value}
    if meaning.goal:
        data["goal"] = meaning.goal.value
    if meaning.tolerance:
        data["tolerance"] = _tolerance_data(meaning.tolerance)
    if meaning.unit:
        data["unit"] = meaning.unit
    if meaning.primary:
        data["primary"] = True
    return data


def _tolerance_data(tolerance: Tolerance) -> Data:
    if not tolerance.percent:
        return tolerance.amount
    amount = int(tolerance.amount) if tolerance.amount.is_integer() else tolerance.amount
    return f"{amount!r}%"
