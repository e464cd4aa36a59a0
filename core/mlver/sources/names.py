"""What a file in a foreign repository may be, by its name alone."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache

from mlver.model.project_file import SOURCE_PATTERNS
from mlver.sources.survey import Interest

DOCUMENTS = (".yaml", ".yml", ".json", ".toml")
"""Suffixes of what the documents reader reads."""

TABLES = (".csv", ".tsv")

WEIGHTS = (
    ".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".npy", ".npz", ".onnx", ".gguf", ".h5", ".hdf5", ".keras",
    ".pb", ".tflite", ".pkl", ".pickle", ".joblib", ".model", ".msgpack", ".parquet",
)  # fmt: skip
"""Suffixes of what trainings write and read: weights and tables of data."""

LOCKS = (
    "requirements*.txt", "requirements*.lock", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "conda-lock.yml",
    "environment.yml", "environment.yaml", "conda.yaml", "conda.yml", "pylock*.toml",
)  # fmt: skip
"""Names of files that say which packages the environment had."""

_DVC = ("Dvcfile", "dvc.lock", ".dvcignore", ".gitattributes")
_NOT_CODE = (*DOCUMENTS, ".lock")


@lru_cache(maxsize=65_536)
def interest_of(name: str) -> Interest:
    """What a file may be."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if suffix in DOCUMENTS or suffix in TABLES or suffix in WEIGHTS or suffix == ".dvc" or name in _DVC:
        return Interest.TELLING
    if is_lock(name):
        return Interest.TELLING
    if suffix not in _NOT_CODE and any(fnmatchcase(name, pattern) for pattern in SOURCE_PATTERNS):
        return Interest.CODE
    return Interest.OTHER


def is_lock(name: str) -> bool:
    """Whether a file says which packages the environment had."""
    return any(fnmatchcase(name, pattern) for pattern in LOCKS)
