"""Which files Git LFS keeps, as the `.gitattributes` of a commit say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from mlver.errors import MlverError
from mlver.sources.commits import Commits
from mlver.sources.survey import Survey

NAME = ".gitattributes"

MOST_PATTERNS = 20_000

MOST_GLOBS = 500

_LIMIT = 4 << 20
_FILTER = "filter=lfs"


def given_to_lfs(commits: Commits, survey: Survey) -> Callable[[str], bool]:
    """Tells of a path whether a pattern gives it to Git LFS.

    A first sieve, looser than git's own rules: whether a file is a pointer its bytes say.
    """
    patterns: list[_Pattern] = []
    for file in survey.telling:
        folder, _, name = file.path.rpartition("/")
        if name == NAME:
            patterns += _patterns(commits, file.id, folder)
    return _matcher(tuple(patterns))


class _Pattern(NamedTuple):
    """One line of a `.gitattributes`."""

    folder: str
    """Of the file, with `/` at its end; empty at the top."""
    words: str


def _patterns(commits: Commits, blob_id: str, folder: str) -> list[_Pattern]:
    try:
        content = commits.repository.blob(blob_id, _LIMIT)
    except MlverError:
        return []
    lines = (line.split() for line in content.decode(errors="replace").splitlines())
    below = f"{folder}/" if folder else ""
    return [_Pattern(below, words[0]) for words in lines if _FILTER in words[1:]][:MOST_PATTERNS]


@lru_cache(maxsize=256)
def _matcher(patterns: tuple[_Pattern, ...]) -> Callable[[str], bool]:
    # Tools write a line per file: those are looked up, and only globs are tried one after the other.
    files = {f"{folder}{words.lstrip('/')}" for folder, words in patterns if not _is_glob(words)}
    globs = [_expression(pattern) for pattern in patterns if _is_glob(pattern.words)][:MOST_GLOBS]
    match = re.compile("|".join(globs)).match if globs else None

    @lru_cache(maxsize=65_536)
    def is_given(path: str) -> bool:
        return path in files or (match is not None and match(path) is not None)

    return is_given


def _is_glob(words: str) -> bool:
    """A name without a folder is meant at any depth."""
    return "/" not in words.rstrip("/") or any(mark in words for mark in "*?[")


def _expression(pattern: _Pattern) -> str:
    """The regular expression for whole paths; `*` is let cross folders."""
    folder, words = pattern
    anywhere = "" if "/" in words.rstrip("/") else "(?:.*/)?"
    return f"{re.escape(folder)}{anywhere}{translate(words.lstrip('/').replace('/**/', '/*'))}"
