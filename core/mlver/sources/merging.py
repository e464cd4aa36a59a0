"""Several files of one role as one: keys that more than one file has stand under their file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from mlver.model.data import Data
from mlver.model.metric import Metric, MetricMeaning

WHOLE = "value"
"""The key of a document that is no map."""

_BOOKKEEPING = ("epoch", "step", "global_step", "total_flos", "iteration")
_COSTS = ("_runtime", "_per_second", "_samples", "_mem_gpu_peaked_delta")


def merged_params(files: Mapping[str, Data]) -> dict[str, Data]:
    """Params of several files, by path, as one tree.

    A key at the top of more than one file stands below the path of its file: `{"conf/a.yaml": {"lr": 0.1}}`; all others
    stand at the top.
    """
    tops = {path: data if isinstance(data, dict) else {WHOLE: data} for path, data in files.items()}
    counts = Counter(key for data in tops.values() for key in data)
    merged: dict[str, Data] = {}
    for path, data in tops.items():
        own = {key: value for key, value in data.items() if counts[key] == 1}
        shared = {key: value for key, value in data.items() if counts[key] > 1}
        merged.update(own)
        if shared:
            merged[path] = shared
    return merged


def merged_metrics(files: Mapping[str, Data]) -> dict[str, Metric]:
    """Metrics of several files, by path: the numbers and texts in them by dotted key.

    A key that more than one file has is `file:key`. Lists are no metrics.
    """
    flat = {path: dict(_leaves(data)) for path, data in files.items()}
    counts = Counter(key for values in flat.values() for key in values)
    return {
        key if counts[key] == 1 else f"{path}:{key}": Metric(value=value, meaning=MetricMeaning())
        for path, values in flat.items()
        for key, value in values.items()
    }


def telling_first(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """Measured numbers before counts, times and texts: the first metric is the one a list shows."""
    groups: defaultdict[int, dict[str, Metric]] = defaultdict(dict)
    for name, metric in metrics.items():
        key = name.rpartition(":")[2].rpartition(".")[2]
        groups[_weight(key, metric)][name] = metric
    return {name: metric for weight in sorted(groups) for name, metric in groups[weight].items()}


def _leaves(data: Data, above: str = "") -> Iterator[tuple[str, float | int | str | None]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, f"{above}.{key}" if above else key)
    elif isinstance(data, bool):
        yield above or WHOLE, str(data).lower()
    elif data is None or isinstance(data, (int, float, str)):
        yield above or WHOLE, data


def _weight(key: str, metric: Metric) -> int:
    if metric.number is None:
        return 2
    return 1 if key in _BOOKKEEPING or key.endswith(_COSTS) else 0
