"""The first mlver.yaml of a project: what its files suggest, written with comments that say how to go on.

Names alone are looked at, and the beginnings of small text files; nothing is run. What cannot be guessed stands there
as a comment, so the draft is valid whatever was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlver.model.identity import MODEL_NAME

_SCRIPTS = {
    "prepare": ("prepare", "preprocess", "prepare_data", "make_dataset", "featurize", "features"),
    "train": ("train", "training", "fit", "main", "run"),
    "evaluate": ("evaluate", "eval", "evaluation", "score", "validate"),
}
_SCRIPT_FOLDERS = ("", "src/", "scripts/")
_PARAMS = tuple(
    f"{stem}{end}" for stem in ("params", "config", "hyperparams") for end in (".yaml", ".yml", ".json", ".toml")
)
_OUTPUT_FOLDERS = ("models", "model", "checkpoints", "weights", "artifacts")
_OUTPUT_FILES = re.compile(r"(?:model|weights)\.(?:pkl|joblib|pt|pth|npy|npz|onnx|safetensors|json|txt|bin|h5|keras)")
_METRICS = ("metrics.json", "metrics/eval.json", "metrics/metrics.json", "eval.json", "results.json", "scores.json")
_HISTORY = ("metrics/history.csv", "history.csv")
_PREDICTIONS = ("metrics/predictions.csv", "predictions.csv")
_LOCKS = ("requirements.lock", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")
_DATA = re.compile(r".*\.(?:csv|tsv|parquet|npz|npy|jsonl|arrow|feather)")
_ROLES = {"train": "train", "eval": "eval", "test": "eval", "val": "eval"}
_UPWARDS = ("accuracy", "acc", "f1", "precision", "recall", "auc", "r2", "score", "map", "bleu", "iou", "dice")
_DOWNWARDS = ("loss", "error", "mse", "rmse", "mae", "latency", "perplexity", "wer", "cer")

_READ_LIMIT = 1 << 20
_MOST_FILES, _MOST_METRICS = 5, 6
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a folder suggests; paths are relative to it."""

    folder: Path
    scripts: dict[str, str]
    """Step -> script, in the order they run."""
    params: str | None
    outputs: tuple[str, ...]
    metrics: str | None
    history: str | None
    predictions: str | None
    data: tuple[str, ...]
    lock: str | None
    has_seed: bool
    """The params have a top-level `seed`."""


def looked_at(folder: Path) -> Found:
    """What the folder suggests."""
    params = _first(folder, _PARAMS)
    scripts = {step: script for step, stems in _SCRIPTS.items() if (script := _script(folder, stems))}
    return Found(
        folder=folder,
        scripts=scripts,
        params=params,
        outputs=tuple(_outputs(folder)),
        metrics=_first(folder, _METRICS),
        history=_first(folder, _HISTORY),
        predictions=_first(folder, _PREDICTIONS),
        data=tuple(_data(folder)),
        lock=_first(folder, _LOCKS) or _pinned(folder),
        has_seed=bool(params and _has_seed(_text(folder / params))),
    )


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
    scripts = found.scripts or {"train": "train.py"}
    if not found.scripts:
        yield ["  # No training script was found here: put your command and its files in."]
    measuring = "evaluate" if "evaluate" in scripts else next(reversed(scripts))
    for step, script in scripts.items():
        text = _text(found.folder / script)
        inputs = [script, *_inputs(found, step, text)]
        lines = [f"  {step}:", f"    run: {_quoted(f'python {script}')}", f"    inputs: {_list(inputs)}"]
        if found.params and (step == "train" or Path(found.params).name in text):
            lines.append(f"    params: {_list([found.params])}")
        if step == "train":
            lines += _listed_or_hint("outputs", found.outputs, "models/", "what the step makes: it must exist after it")
            lines += _named_or_hint("history", found.history, "metrics/history.csv", "curves: step, metric, value")
        if step == measuring:
            wanted = [found.metrics] if found.metrics else []
            lines += _listed_or_hint("metrics", wanted, "metrics.json", "numbers, as JSON, YAML or TOML")
            lines += [f"    predictions: {_quoted(found.predictions)}"] if found.predictions else []
        yield lines


def _inputs(found: Found, step: str, text: str) -> list[str]:
    """The data that the first step reads, and what the training made for the one that measures it."""
    if step == "evaluate" and "train" in found.scripts:
        return list(found.outputs)
    is_first = step == next(iter(found.scripts), "train")
    return [path for path in found.data if is_first or Path(path).name in text]


def _listed_or_hint(key: str, paths: Iterable[str], example: str, what: str) -> list[str]:
    paths = list(paths)
    return [f"    {key}: {_list(paths)}"] if paths else [f"    # {key}: [{example}]   # {what}"]


def _named_or_hint(key: str, path: str | None, example: str, what: str) -> list[str]:
    return [f"    {key}: {_quoted(path)}"] if path else [f"    # {key}: {example}   # {what}"]


def _data_lines(found: Found) -> list[str]:
    head = "# The data sets by name: comparisons say when one of them changed."
    if not found.data:
        return [head, "# data:", "#   train: {path: data/train.csv, role: train}"]
    names = {re.sub(r"[^A-Za-z0-9_.-]", "-", Path(path).stem).lstrip("-._") or "data": path for path in found.data}
    return [head, "data:", *(f"  {name}: {{path: {_quoted(path)}{_role(name)}}}" for name, path in names.items())]


def _role(name: str) -> str:
    role = next((role for word, role in _ROLES.items() if word in name.lower()), None)
    return f", role: {role}" if role else ""


def _seed_lines(found: Found) -> list[str]:
    head = "# Where the seeds are: without one, two runs of the same recipe may differ."
    if found.has_seed:
        return [head, f"seeds: {{seed: {_quoted(f'{found.params}:seed', always=True)}}}"]
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
    """Names of the numbers in the metrics file, if one is there and can be read."""
    try:
        data = json.loads(_text(found.folder / found.metrics)) if found.metrics else {}
    except (ValueError, RecursionError):
        return
    for name, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, (int, float)) and not isinstance(value, bool) and _PLAIN.fullmatch(name):
            yield name


def _has_seed(params: str) -> bool:
    """Whether `seed` stands at the top: a seed that mlver.yaml names and no file has refuses the run."""
    if params.lstrip().startswith("{"):
        try:
            return "seed" in json.loads(params)
        except (ValueError, RecursionError):
            return False
    before_tables = re.split(r"^\[", params, maxsplit=1, flags=re.MULTILINE)[0]
    return bool(re.search(r'^"?seed"?\s*[:=]', before_tables, re.MULTILINE))


def _script(folder: Path, stems: Iterable[str]) -> str | None:
    return _first(folder, [f"{place}{stem}.py" for stem in stems for place in _SCRIPT_FOLDERS])


def _outputs(folder: Path) -> Iterator[str]:
    yield from (
        f"{name}/"
        for name in _OUTPUT_FOLDERS
        if (folder / name).is_dir() and not (folder / name / "__init__.py").exists()
    )
    yield from (name for name in _names(folder) if _OUTPUT_FILES.fullmatch(name) and (folder / name).is_file())


def _data(folder: Path) -> Iterator[str]:
    names = [name for name in _names(folder / "data") if _DATA.fullmatch(name) and (folder / "data" / name).is_file()]
    yield from (f"data/{name}" for name in names[:_MOST_FILES])


def _names(folder: Path) -> list[str]:
    """Names in a folder that a line of YAML can hold as they are read."""
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.name.isprintable())
    except OSError:
        return []


def _pinned(folder: Path) -> str | None:
    """A requirements.txt with every package pinned is as good as a lock."""
    lines = [line.partition("#")[0].strip() for line in _text(folder / "requirements.txt").splitlines()]
    wanted = [line for line in lines if line]
    return "requirements.txt" if wanted and all("==" in line for line in wanted) else None


def _first(folder: Path, paths: Iterable[str]) -> str | None:
    return next((path for path in paths if (folder / path).is_file()), None)


def _text(path: Path) -> str:
    """The beginning of a regular file; nothing when there is none."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(_READ_LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""


def _model_name(folder_name: str) -> str:
    name = re.sub(r"[^a-z0-9-]+", "-", folder_name.lower()).strip("-")
    return name if MODEL_NAME.fullmatch(name) else "model"


def _list(paths: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, paths))}]"


def _quoted(text: str, *, always: bool = False) -> str:
    """The text as YAML: as it stands where that is only text, else in quotes, which YAML has from JSON."""
    is_plain = _PLAIN.fullmatch(text) or (text.startswith("python ") and _PLAIN.fullmatch(text.removeprefix("python ")))
    return text if is_plain and not always else json.dumps(text, ensure_ascii=False)
