"""What a file in a project may be, by its path alone; docs/histories.md lists the patterns for users.

Where nobody has said which file is what, names must do. A project file (`mlver.yaml`) says it better, and then counts.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from itertools import pairwise

DOCUMENTS = (".yaml", ".yml", ".json", ".toml")
"""Suffixes of what the documents reader reads."""

TABLES = (".csv", ".tsv")

WEIGHTS = (
    ".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".npy", ".npz", ".onnx", ".gguf", ".h5", ".hdf5", ".keras",
    ".pb", ".tflite", ".pkl", ".pickle", ".joblib", ".model", ".msgpack", ".parquet",
)  # fmt: skip
"""Suffixes of what trainings write and read: weights and tables of data."""

LOCKS = (
    "pylock.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml", "requirements*.lock",
    "pylock*.toml", "requirements.txt", "environment.yml", "environment.yaml", "conda.yaml", "conda.yml",
    "requirements*.txt",
)  # fmt: skip
"""Files that say which packages the environment had. Where a folder has several the first of these counts: those that
pin everything stand before those that may leave versions open."""

PARAMS = (
    "params", "params[._-]*", "*[._-]params", "config", "config[._-]*", "*[._-]config", "cfg", "*[._-]cfg",
    "hparams", "hparams[._-]*", "*[._-]hparams", "hyperparams*", "hyperparameters*", "args", "*[._-]args",
    "opt", "opts",
)  # fmt: skip
"""Names, without suffix, of YAML, JSON and TOML files that hold params."""

PARAMS_YAML = ("train", "train[._-]*", "training", "training[._-]*", "finetune*", "fine[_-]tune*", "sft*")
"""The same for YAML and TOML alone: JSON files of these names are data."""

PARAMS_FOLDERS = ("conf", "config", "configs", "configuration", "cfg", "cfgs", "params", "hparams", "recipes")
"""Folders whose YAML, JSON and TOML files hold params, however deep they are below."""

METRICS = (
    "metrics", "metrics[._-]*", "*[._-]metrics", "metric", "eval", "eval[._-]*", "*[._-]eval", "evaluation*",
    "*[._-]evaluation", "results", "results[._-]*", "*[._-]results", "result", "scores", "scores[._-]*", "*[._-]scores",
    "score", "accuracy", "performance", "classification_report", "wandb-summary",
)  # fmt: skip
"""Names, without suffix, of JSON files that hold metrics."""

METRICS_YAML = ("metrics", "metrics[._-]*", "*[._-]metrics", "scores")
"""The same for YAML and TOML: `eval.yaml` says how to evaluate."""

METRICS_FOLDERS = ("metrics", "scores")
"""Folders whose documents, and tables of one row, hold metrics."""

CURVES = (
    "metrics.csv", "*history*.csv", "log.csv", "logs.csv", "log[._-]*.csv", "*[._-]log.csv", "*[._-]logs.csv",
    "*[._-]log[._-]*.csv", "training.csv", "loss.csv", "losses.csv", "results.csv", "progress.csv",
    "trainer_state.json",
)  # fmt: skip
"""Files that hold curves, if they have a column of steps or epochs."""

DATA_FOLDERS = ("data", "dataset", "datasets")
"""Folders of which each file and each folder directly below is a data set."""

DATA = (
    *TABLES, ".parquet", ".arrow", ".feather", ".jsonl", ".ndjson", ".json", ".txt", ".npy", ".npz", ".h5", ".hdf5",
    ".pkl", ".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".wav",
    ".flac", ".mp3", ".mp4", ".xml", ".tfrecord", ".bin", ".pt", ".lmdb", ".mdb", ".db", ".sqlite", ".xlsx",
)  # fmt: skip
"""Suffixes of what lies in a folder of data."""

DATA_ROLES = {"train": "train", "eval": "eval", "test": "eval", "val": "eval", "valid": "eval", "validation": "eval"}
"""Words in the name of a data set -> its role."""

OUTPUT_FOLDERS = ("models", "model", "checkpoints", "weights", "artifacts")
"""Folders at the top that a training makes."""

RUN_FOLDERS = ("outputs", "output", "runs", "logs", "lightning_logs", "multirun", "wandb", "mlruns", "work_dirs")
"""Folders at the top that every training adds to."""

NOT_OUTPUTS = (
    *DOCUMENTS, *TABLES, ".md", ".rst", ".txt", ".html", ".css", ".xml", ".svg", ".png", ".jpg", ".jpeg", ".gif",
    ".webp", ".ico", ".pdf", ".ttf", ".otf", ".woff", ".woff2", ".mp4", ".mov", ".webm", ".ini", ".cfg", ".lock",
    ".log", ".po", ".java", ".kt", ".swift", ".rb", ".php", ".scala", ".cs", ".m", ".mm", ".tex", ".bib", ".cmake",
    ".proto", ".tsx", ".jsx", ".vue", ".scss", ".less", ".map", ".ps1", ".bat", ".diff", ".patch", ".dvc",
)  # fmt: skip
"""Suffixes of what is no output however large it is: texts, pictures, code of other languages."""

_NEVER = (
    ".*", "_config", "mlver", "dvc", "package", "package-lock", "composer", "docker-compose*", "compose", "mkdocs",
    "codecov", "azure-pipelines*", "renovate", "release-please-config", "*[._-]schema", "schema", "babel.config",
    "jest.config", "commitlint.config", "cspell.config", "markdown-link-check-config", "logging[._-]config",
    "pyproject", "kustomization", "openapi*", "swagger*", "tsconfig*", "jsconfig*", "requirements*",
)  # fmt: skip
"""Names, without suffix, of documents that are about the repository, not about a model."""

OFF = (
    "node_modules", "vendor", "third_party", "thirdparty", "site-packages", "fixtures", "testdata", "tests", "testing",
    "__tests__", "__pycache__", "docs", "doc", "k8s", "kubernetes", "helm", "charts", "terraform", "ansible",
)  # fmt: skip
"""Folders whose files say nothing of a model; hidden folders, save Hydra's, are others."""

OFF_AT_TOP = (
    "test", "env", "venv", "build", "dist", "website", "site", "web", "ui", "frontend", "static", "infra", "docker",
    "deploy", "ci",
)  # fmt: skip
"""The same, only at the top of the repository."""


class Role(Enum):
    """What a file may be."""

    PARAMS = auto()
    METRICS = auto()
    TABLE = auto()
    """Metrics when it has one row, curves when it has steps."""
    CURVES = auto()
    LOCK = auto()
    DATA = auto()
    OUTPUT = auto()
    """If it is large, is a Git LFS pointer or has a suffix of WEIGHTS."""


@lru_cache(maxsize=262_144)
def role_of(path: str) -> Role | None:
    """What the file at a path may be; None: it says nothing of a model."""
    *folders, name = path.split("/")
    if _are_off(folders):
        return None
    if is_lock(name):
        return Role.LOCK
    stem, dot, end = name.rpartition(".")
    suffix = f".{end.lower()}" if dot and stem else ""
    role = _told_by_name(folders, name, stem, suffix)
    if role or name.startswith("."):
        return role
    if data_set_of(path) and suffix in DATA:
        return Role.DATA
    if suffix in TABLES and set(re.split(r"[^a-z]+", stem.lower())) & {*DATA_ROLES, *DATA_FOLDERS}:
        return Role.DATA
    return None if suffix in NOT_OUTPUTS else Role.OUTPUT


def is_off(folder: str) -> bool:
    """Whether no file in the folder, or below, says anything of a model."""
    return _are_off(folder.split("/"))


@lru_cache(maxsize=65_536)
def data_set_of(path: str) -> str | None:
    """The data set a file belongs to: what lies directly in a folder of data; None: it is in no such folder."""
    parts = path.split("/")
    place = next((place for place, name in enumerate(parts[:-1]) if name.lower() in DATA_FOLDERS), None)
    return None if place is None else "/".join(parts[: place + 2])


def data_role(path: str) -> str | None:
    """What a data set is for, if its name says it: `train`, `eval`."""
    words = re.split(r"[^a-z]+", path.rpartition("/")[2].lower())
    return next((role for word, role in DATA_ROLES.items() if word in words), None)


def is_lock(name: str) -> bool:
    """Whether a file of that name, its folder left out, says which packages the environment had."""
    return _IS_LOCK(name) is not None


def lock_rank(path: str) -> tuple[int, bool, int, str]:
    """Sorts lock files: the one that counts is the least. Nearer to the top, not for tests or docs, then by LOCKS."""
    folder, _, name = path.rpartition("/")
    place = next((place for place, pattern in enumerate(LOCKS) if fnmatchcase(name, pattern)), len(LOCKS))
    return path.count("/"), bool(_BESIDE.search(f"{folder}/{name.rpartition('.')[0]}")), place, path


_BESIDE = re.compile(r"(?:^|[/._-])(?:dev|tests?|docs?|lint|ci|build|typing|optional)(?=[/._-]|$)", re.IGNORECASE)


def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))


_IS_LOCK = _one_of(LOCKS).match
_IS_PARAMS, _IS_PARAMS_YAML = _one_of(PARAMS).match, _one_of(PARAMS_YAML).match
_IS_METRICS, _IS_METRICS_YAML = _one_of(METRICS).match, _one_of(METRICS_YAML).match
_IS_CURVES, _IS_NEVER = _one_of(CURVES).match, _one_of(_NEVER).match


def _are_off(folders: list[str]) -> bool:
    """Folders of other matters: tests, documentation, deployment, hidden ones save Hydra's."""
    if folders and folders[0].lower() in OFF_AT_TOP:
        return True
    return any((name.startswith(".") and name != ".hydra") or name.lower() in OFF for name in folders)


def _told_by_name(folders: list[str], name: str, stem: str, suffix: str) -> Role | None:
    if _IS_CURVES(name.lower()):
        return Role.TABLE if name.lower() == "metrics.csv" else Role.CURVES
    if suffix == ".tsv" and _is_live(folders):
        return Role.CURVES
    if suffix == ".csv" and _among(folders, METRICS_FOLDERS):
        return Role.TABLE
    if suffix in DOCUMENTS and not _IS_NEVER(stem.lower()):
        return _document(folders, stem.lower(), suffix)
    return None


def _document(folders: list[str], stem: str, suffix: str) -> Role | None:
    if ".hydra" in folders:
        return Role.PARAMS if stem == "config" else None
    if _among(folders, PARAMS_FOLDERS) or _IS_PARAMS(stem):
        return Role.PARAMS
    is_data = _among(folders, DATA_FOLDERS)  # where eval.json is what to evaluate on
    if _among(folders, METRICS_FOLDERS) or (_IS_METRICS_YAML if is_data or suffix != ".json" else _IS_METRICS)(stem):
        return Role.METRICS
    return Role.PARAMS if suffix != ".json" and _IS_PARAMS_YAML(stem) else None


def _among(folders: list[str], names: tuple[str, ...]) -> bool:
    return any(name.lower() in names for name in folders)


def _is_live(folders: list[str]) -> bool:
    """A folder of DVCLive's curves: `dvclive/plots/metrics`, and folders below."""
    return any(pair == ("plots", "metrics") for pair in pairwise(folders))
