"""Which files Git LFS keeps, as the `.gitattributes` of a commit say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache

from mlver.errors import MlverError
from mlver.sources.commits import Commits
from mlver.sources.survey import Survey

NAME = ".gitattributes"

_LIMIT = 1 << 20
_FILTER = "filter=lfs"


def given_to_lfs(commits: Commits, survey: Survey) -> Callable[[str], bool]:
    """Tells of a path whether a pattern gives it to Git LFS.

    A first sieve, looser than git's own rules: whether a file is a pointer its bytes say.
    """
    patterns: list[str] = []
    for file in survey.telling:
        if file.path.rpartition("/")[2] == NAME:
            patterns += _patterns(commits, file.id, file.path.rpartition("/")[0])
    return _matcher(tuple(patterns))


def _patterns(commits: Commits, blob_id: str, folder: str) -> list[str]:
    """Regular expressions for whole paths."""
    try:
        content = commits.repository.blob(blob_id, _LIMIT)
    except MlverError:
        return []
    lines = (line.split() for line in content.decode(errors="replace").splitlines())
    return [_pattern(words[0], folder) for words in lines if _FILTER in words[1:]]


def _pattern(words: str, folder: str) -> str:
    """A name alone is meant at any depth below the folder; `*` is let cross folders."""
    prefix = re.escape(f"{folder}/") if folder else ""
    anywhere = "" if "/" in words.rstrip("/") else "(?:.*/)?"
    return f"{prefix}{anywhere}{translate(words.lstrip('/').replace('/**/', '/*'))}"


@lru_cache(maxsize=256)
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    if not patterns:
        return lambda _path: False
    match = re.compile("|".join(patterns)).match

    @lru_cache(maxsize=65_536)
    def is_given(path: str) -> bool:
        return match(path) is not None

    return is_given
