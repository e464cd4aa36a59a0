"""What a folder suggests for its first mlver.yaml.

Names are looked at, by the patterns that find versions in repositories without one, and the beginnings of small text
files; nothing is run, no link is followed.
"""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from mlver.model.roles import (
    DATA_FOLDERS,
    DATA_ROLES,
    OUTPUT_FOLDERS,
    RUN_FOLDERS,
    TABLES,
    WEIGHTS,
    Role,
    data_set_of,
    is_off,
    lock_rank,
    role_of,
)

MOST_FILES = 5
"""Listed of one kind; the others are told of."""

_LOOKED_AT = 20_000
_LOOKED_AT_OF_DATA = 100
_DEEPEST = 6
_READ_LIMIT = 1 << 20

_SCRIPTS = {
    "prepare": ("prepare", "preprocess", "prepare_data", "make_dataset", "featurize", "features"),
    "train": ("train", "training", "fit", "main", "run"),
    "evaluate": ("evaluate", "eval", "evaluation", "score", "validate"),
}
_SCRIPT_FOLDERS = ("", "src/", "scripts/")
_OUTPUT_FILES = re.compile(r"(?:model|weights)\.(?:json|txt|xml|cbm|ubj)")
_GIVEN = frozenset({*DATA_ROLES, *DATA_FOLDERS, "input", "inputs", "raw", "pretrained", "assets"})
"""Words in the path of a file of arrays that lies further below and is no output."""
_PREDICTIONS = re.compile(r"(?:.*/)?predictions\.csv")
_STAGE = re.compile(r"^  ([\w-]+):[ \t]*\n((?:    .*\n|[ \t]*\n)*)", re.MULTILINE)
_COMMAND = re.compile(r"^    cmd:[ \t]+([^\s|>&*-].*)$", re.MULTILINE)


class Found(Struct, frozen=True, kw_only=True):
    """What a folder suggests; paths are relative to it."""

    folder: Path
    scripts: dict[str, str]
    """Step -> script, in the order they run."""
    params: tuple[str, ...]
    """Files of params, those nearest to the top first."""
    outputs: tuple[str, ...]
    """Folders end with `/`."""
    metrics: tuple[str, ...]
    history: str | None
    predictions: str | None
    data: tuple[str, ...]
    lock: str | None
    seed_file: str | None
    """The params file with a `seed` at its top."""
    stages: tuple[tuple[str, str], ...] = ()
    """Name and command of the stages of a dvc.yaml."""


def looked_at(folder: Path) -> Found:
    """What the folder suggests."""
    paths = sorted(_paths(folder), key=lambda path: (path.count("/"), path))
    outputs = tuple(_outputs(folder, paths))
    beside = [path for path in paths if not is_within(path, (*outputs, *(f"{name}/" for name in RUN_FOLDERS)))]
    params = tuple(_of(Role.PARAMS, beside))
    metrics = _of(Role.METRICS, beside) or _of(Role.METRICS, [path for path in paths if is_within(path, outputs)])
    locks = [path for path in _of(Role.LOCK, beside) if _pins(folder / path)]
    return Found(
        folder=folder,
        scripts={step: script for step, stems in _SCRIPTS.items() if (script := _script(paths, stems))},
        params=params,
        outputs=outputs,
        metrics=tuple(metrics[:MOST_FILES]),
        history=next((path for path in _of(Role.CURVES, beside) if path.lower().endswith(TABLES)), None),
        predictions=next((path for path in beside if _PREDICTIONS.fullmatch(path)), None),
        data=tuple(dict.fromkeys(data_set_of(path) or path for path in _of(Role.DATA, beside)))[:MOST_FILES],
        lock=min(locks, key=lock_rank, default=None),
        seed_file=next((path for path in params if _has_seed(text_of(folder / path))), None),
        stages=tuple(_stages(text_of(folder / "dvc.yaml"))),
    )


def is_within(path: str, outputs: Iterable[str]) -> bool:
    """Whether a file is one of the outputs or lies in one that is a folder."""
    return any(path == output or (output.endswith("/") and path.startswith(output)) for output in outputs)


def text_of(path: Path) -> str:
    """The beginning of a regular file; nothing when there is none."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(_READ_LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""


def _of(role: Role, paths: Iterable[str]) -> list[str]:
    return [path for path in paths if role_of(path) is role]


def _paths(folder: Path) -> Iterator[str]:
    """The files of a folder, the nearest to its top first; of a data set only some, for it may hold millions."""
    waiting = deque([("", 0)])
    seen = 0
    while waiting and seen < _LOOKED_AT:
        below, depth = waiting.popleft()
        is_data_set = data_set_of(f"{below}file") not in {None, f"{below}file"}
        for entry in _entries(folder / below, _LOOKED_AT_OF_DATA if is_data_set else _LOOKED_AT - seen):
            seen += 1
            path = f"{below}{entry.name}"
            if entry.is_file(follow_symlinks=False):
                yield path
            elif entry.is_dir(follow_symlinks=False) and depth < _DEEPEST and not is_off(path):
                waiting.append((f"{path}/", depth + 1))


def _entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    """What is in a folder, if a line of YAML and a path of the project file can hold the name as it is read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry for entry in islice(entries, most) if entry.name.isprintable() and "\\" not in entry.name),
                key=lambda entry: entry.name,
            )
    except OSError:
        return []


def _outputs(folder: Path, paths: Iterable[str]) -> Iterator[str]:
    """Folders that trainings make, but for packages of code; files of weights at the top, and those further below."""
    paths = list(paths)
    packages = {path.partition("/")[0] for path in paths if path.count("/") == 1 and path.endswith(".py")}
    named = [f"{name}/" for name in OUTPUT_FOLDERS if name not in packages and (folder / name).is_dir()]
    yield from named
    yield from [path for path in paths if "/" not in path and _is_weights(path)][:MOST_FILES]
    yield from list(_nested_outputs([path for path in paths if not is_within(path, named)]))[:MOST_FILES]


def _nested_outputs(paths: list[str]) -> Iterator[str]:
    """Weights in folders of other names: the file, or the folder where it holds several of them and nothing else."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        if "/" in path and _is_weights(path) and not _is_given(path):
            by_folder.setdefault(path.rpartition("/")[0], []).append(path)
    for below, weights in by_folder.items():
        others = sum(path.startswith(f"{below}/") for path in paths) - len(weights)
        is_whole = len(weights) > 1 and not others and below not in RUN_FOLDERS
        yield from [f"{below}/"] if is_whole else weights


def _is_weights(path: str) -> bool:
    role = role_of(path)
    is_named = role is Role.OUTPUT and path.lower().endswith(WEIGHTS)
    return is_named or (role is not Role.PARAMS and _OUTPUT_FILES.fullmatch(path.rpartition("/")[2]) is not None)


def _is_given(path: str) -> bool:
    """Whether trainings read the file rather than make it, or make it in another place every time."""
    top, *below = path.lower().split("/")
    is_of_one_run = top in RUN_FOLDERS and len(below) > 1
    return is_of_one_run or path.endswith(".parquet") or bool(_GIVEN & set(re.split(r"[^a-z]+", path.lower())))


def _script(paths: Iterable[str], stems: Iterable[str]) -> str | None:
    known = set(paths)
    return next((path for stem in stems for place in _SCRIPT_FOLDERS if (path := f"{place}{stem}.py") in known), None)


def _pins(path: Path) -> bool:
    """A requirements.txt with every package pinned is as good as a lock."""
    if path.suffix != ".txt":
        return True
    lines = [line.partition("#")[0].strip() for line in text_of(path).splitlines()]
    wanted = [line for line in lines if line and not line.startswith("--")]
    return bool(wanted) and all("==" in line for line in wanted)


def _has_seed(params: str) -> bool:
    """Whether `seed` stands at the top: a seed that mlver.yaml names and no file has refuses the run."""
    if params.lstrip().startswith("{"):
        try:
            return "seed" in json.loads(params)
        except (ValueError, RecursionError):
            return False
    before_tables = re.split(r"^\[", params, maxsplit=1, flags=re.MULTILINE)[0]
    return bool(re.search(r'^"?seed"?\s*[:=]', before_tables, re.MULTILINE))


def _stages(text: str) -> Iterator[tuple[str, str]]:
    """Stages whose command is one line; the others a person finds in the file."""
    pipeline = re.split(r"^stages:", text.replace("\r\n", "\n"), maxsplit=1, flags=re.MULTILINE)
    for name, body in _STAGE.findall(pipeline[-1]):
        command = _COMMAND.search(body)
        if command and command[1].isprintable():
            yield name, command[1].strip()
