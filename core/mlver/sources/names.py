"""What a file in a foreign repository may be, by its name alone."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache

from mlver.model.project_file import SOURCE_PATTERNS
from mlver.model.roles import DOCUMENTS, TABLES, WEIGHTS, is_lock
from mlver.sources.survey import Interest

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
