"""The first mlver.yaml of a project: what its files suggest, written with comments that say how to go on.

What cannot be guessed stands there as a comment, so the draft is valid whatever was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from mlver.model.names import MODEL_NAME
from mlver.model.roles import data_role
from mlver_tui.commands.project_folder import MOST_FILES, Found, is_within, text_of

_UPWARDS = ("accuracy", "acc", "f1", "precision", "recall", "auc", "r2", "score", "map", "bleu", "iou", "dice")
_DOWNWARDS = ("loss", "error", "mse", "rmse", "mae", "latency", "perplexity", "wer", "cer")

_MOST_METRICS = 6
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")


def drafted(found: Found, model: str | None) -> str:
    """The text of the project file."""
    name = model or _model_name(found.folder.name)
    sections = [
        [
            "# What mlver records when you type `mlver run`. All paths are relative to this file.",
            "mlver: 1",
            f"model: {name}",
        ],
        [
            "# The commands of the training, in order. A step's inputs and outputs are recorded by their content.",
            "steps:",
        ],
        *_steps(found),
        _data_lines(found),
        _seed_lines(found),
        _lock_lines(found),
        _metric_lines(found),
        ["# Keys that are noise in comparisons.", '# ignore: ["**.run_name"]'],
    ]
    text = "\n\n".join("\n".join(lines) for lines in sections)
    return text.replace("steps:\n\n", "steps:\n") + "\n"


def _steps(found: Found) -> Iterator[list[str]]:
    if found.stages:
        yield _stage_lines(found)
    scripts = found.scripts or {"train": "train.py"}
    if not found.scripts:
        yield ["  # No training script was found here: put your command and its files in."]
    measuring = "evaluate" if "evaluate" in scripts else next(reversed(scripts))
    for step, script in scripts.items():
        text = text_of(found.folder / script)
        inputs = [script, *_inputs(found, step, text)]
        lines = [f"  {step}:", f"    run: {_quoted(f'python {script}')}", f"    inputs: {_list(inputs)}"]
        lines += _params_lines(found, step, text)
        if step == "train":
            lines += _listed_or_hint("outputs", found.outputs, "models/", "what the step makes: it must exist after it")
            lines += _named_or_hint("history", found.history, "metrics/history.csv", "curves: step, metric, value")
        lines += _metrics_lines(found, step, is_measuring=step == measuring)
        yield lines


def _stage_lines(found: Found) -> list[str]:
    """The pipeline that is there already, to take the steps from."""
    return [
        "  # dvc.yaml has these stages; what runs here is recorded whether DVC knows of it or not.",
        *(f"  #   {name}: {{run: {json.dumps(command, ensure_ascii=False)}}}" for name, command in found.stages),
    ]


def _params_lines(found: Found, step: str, text: str) -> list[str]:
    """All params for the training; for another step those that its script names."""
    wanted = [path for path in found.params if step == "train" or PurePosixPath(path).name in text]
    if not wanted:
        return []
    lines = [f"    params: {_list(wanted[:MOST_FILES])}"]
    more = wanted[MOST_FILES:]
    if more:
        named = ", ".join(more[:MOST_FILES]) + (", ..." if len(more) > MOST_FILES else "")
        lines.append(f"    # {len(more)} more that may hold params: {named}")
    return lines


def _metrics_lines(found: Found, step: str, *, is_measuring: bool) -> list[str]:
    """Of the step that measures, but for those that lie in what the training makes."""
    made = found.outputs if "train" in found.scripts or not found.scripts else ()
    wanted = [path for path in found.metrics if (step == "train" if is_within(path, made) else is_measuring)]
    if not is_measuring:
        return [f"    metrics: {_list(wanted)}"] if wanted else []
    predictions = [f"    predictions: {_quoted(found.predictions)}"] if found.predictions else []
    return [*_listed_or_hint("metrics", wanted, "metrics.json", "numbers, as JSON, YAML or TOML"), *predictions]


def _inputs(found: Found, step: str, text: str) -> list[str]:
    """The data that the first step reads, and what the training made for the one that measures it."""
    if step == "evaluate" and "train" in found.scripts:
        return list(found.outputs)
    is_first = step == next(iter(found.scripts), "train")
    return [path for path in found.data if is_first or PurePosixPath(path).name in text]


def _listed_or_hint(key: str, paths: Iterable[str], example: str, what: str) -> list[str]:
    paths = list(paths)
    return [f"    {key}: {_list(paths)}"] if paths else [f"    # {key}: [{example}]   # {what}"]


def _named_or_hint(key: str, path: str | None, example: str, what: str) -> list[str]:
    return [f"    {key}: {_quoted(path)}"] if path else [f"    # {key}: {example}   # {what}"]


def _data_lines(found: Found) -> list[str]:
    head = "# The data sets by name: comparisons say when one of them changed."
    if not found.data:
        return [head, "# data:", "#   train: {path: data/train.csv, role: train}"]
    named = {_data_name(path): path for path in found.data}
    return [head, "data:", *(f"  {name}: {{path: {_quoted(path)}{_role(path)}}}" for name, path in named.items())]


def _data_name(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", PurePosixPath(path).stem).lstrip("-._") or "data"


def _role(path: str) -> str:
    role = data_role(path)
    return f", role: {role}" if role else ""


def _seed_lines(found: Found) -> list[str]:
    head = "# Where the seeds are: without one, two runs of the same recipe may differ."
    if found.seed_file:
        return [head, f"seeds: {{seed: {_quoted(f'{found.seed_file}:seed', always=True)}}}"]
    return [head, '# seeds: {numpy: "params.yaml:seed"}']


def _lock_lines(found: Found) -> list[str]:
    head = "# The lock file of the environment, so that other machines can have the same."
    lock = f"environment: {{lock: {_quoted(found.lock)}}}" if found.lock else "# environment: {lock: requirements.lock}"
    return [head, lock]


def _metric_lines(found: Found) -> list[str]:
    head = "# Which direction is better, and how much of a move is none."
    names = list(_measured(found))[:_MOST_METRICS]
    lines: list[str] = []
    for name in names:
        goal = _goal(name)
        primary = ", primary: true" if goal and not any("primary" in one for one in lines) else ""
        lines.append(f"  {_quoted(name)}: {{goal: {goal}{primary}}}" if goal else f"  # {name}: {{goal: maximise}}")
    if not any(not line.startswith("  #") for line in lines):
        return [head, "# metrics:", "#   accuracy: {goal: maximise, tolerance: 0.005, primary: true}"]
    return [head, "metrics:", *lines]


def _goal(metric: str) -> str | None:
    words = re.split(r"[^a-z0-9]+", metric.lower())
    if any(word in _DOWNWARDS for word in words):
        return "minimise"
    return "maximise" if any(word in _UPWARDS for word in words) else None


def _measured(found: Found) -> Iterator[str]:
    """Names of the numbers in the first metrics file, if one is there and can be read."""
    try:
        data = json.loads(text_of(found.folder / found.metrics[0])) if found.metrics else {}
    except (ValueError, RecursionError):
        return
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and _PLAIN.fullmatch(name):
            yield name


def _model_name(folder_name: str) -> str:
    name = re.sub(r"[^a-z0-9-]+", "-", folder_name.lower()).strip("-")
    return name if MODEL_NAME.fullmatch(name) else "model"


def _list(paths: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, paths))}]"


def _quoted(text: str, *, always: bool = False) -> str:
    """The text as YAML: as it stands where that is only text, else in quotes, which YAML has from JSON."""
    is_plain = _PLAIN.fullmatch(text) or (text.startswith("python ") and _PLAIN.fullmatch(text.removeprefix("python ")))
    return text if is_plain and not always else json.dumps(text, ensure_ascii=False)
