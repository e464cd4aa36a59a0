"""A manifest as canonical YAML: the same manifest always gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import NODEFAULT, Struct

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


def _record_data(told: Struct) -> dict[str, Data]:
    """The fields of one of the model's records by their names, which are the keys of the document."""
    names, defaults = told.__struct_fields__, told.__struct_defaults__
    required = (NODEFAULT,) * (len(names) - len(defaults))
    data: dict[str, Data] = {}
    for name, default in zip(names, (*required, *defaults), strict=True):
        value = getattr(told, name)
        if not _is_unsaid(default, value):
            data[name] = _data(value)
    return data


def _is_unsaid(default: Any, value: Any) -> bool:
    if default is NODEFAULT:
        return False  # it has to stand there: `sha256: null` says that the digest is not known
    if value is None or value in ((), {}):
        return True
    return bool(value == default) and (value == "" or isinstance(value, Struct))


def _data(value: Any) -> Data:
    if isinstance(value, Metric):
        return _metric_data(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Struct):
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
