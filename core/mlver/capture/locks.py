"""Which packages a lock file names, whatever tool wrote it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from mlver.errors import RunRefused
from mlver.model.identity import normalised_name


@dataclass(frozen=True, slots=True)
class LockedPackage:
    """A package as a lock file names it."""

    name: str
    """Normalised."""
    version: str | None = None
    """None: any, or not said in a way that can be compared."""
    is_certain: bool = True
    """False: it may be meant for another system or for an extra, so that it is missing here means nothing."""


Locked: TypeAlias = Mapping[str, LockedPackage]


def locked_packages(content: bytes, *, name: str) -> Locked:
    """Normalised name -> package. `name` is the lock's path: its suffix tells the format.

    Read are requirements files (pip, `uv export`, `pip freeze`), the TOML locks of uv, Poetry, PDM and pylock.toml,
    Pipfile.lock, and conda's environment files, of which only the names count. The project's own entry in a lock is
    left out. Raises RunRefused when the file cannot be read.
    """
    file = PurePosixPath(name)
    reader = _reader(file, content)
    try:
        found = reader(content.decode("utf-8-sig"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # A lock of another shape than its tool writes; which of these it is depends on where the reader tripped.
        raise RunRefused(f"{name}: cannot read the lock file: {error}") from error
    return {package.name: package for package in found}


def _reader(file: PurePosixPath, content: bytes) -> Callable[[str], list[LockedPackage]]:
    if file.suffix in {".yaml", ".yml"}:
        return _conda
    if file.suffix == ".toml" or (file.suffix == ".lock" and re.search(rb"^\[\[packages?\]\]", content, re.MULTILINE)):
        return _toml
    if file.suffix == ".lock" and content.lstrip().startswith(b"{"):
        return _pipfile
    return _requirements


_REQUIREMENT = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)")
_EXACT = re.compile(r"===?\s*([^\s;,*]+)\s*(?:;|--|#|$)")


def _requirements(text: str) -> list[LockedPackage]:
    found = []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        match = _REQUIREMENT.match(line.strip())
        if match:  # options (-r, --hash, -e) and comments do not begin with a letter
            exact = _EXACT.match(match[2])
            found.append(
                LockedPackage(normalised_name(match[1]), exact[1] if exact else None, is_certain=";" not in match[2])
            )
    return found


def _toml(text: str) -> list[LockedPackage]:
    lock = tomllib.loads(text)
    found = []
    for package in lock.get("package", lock.get("packages", [])):
        source = package.get("source", {})
        if isinstance(source, dict) and {"editable", "virtual"} & source.keys():
            continue  # the project itself
        found.append(LockedPackage(normalised_name(package["name"]), package.get("version"), is_certain=False))
    return found


def _pipfile(text: str) -> list[LockedPackage]:
    found = []
    for name, entry in json.loads(text).get("default", {}).items():
        exact = _EXACT.match(entry.get("version", ""))
        found.append(LockedPackage(normalised_name(name), exact[1] if exact else None, "markers" not in entry))
    return found


def _conda(text: str) -> list[LockedPackage]:
    names = re.findall(r"^\s*-\s+[\"']?(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:[=<>!\"'\[].*)?$", text, re.MULTILINE)
    # conda's names and versions are near to, but not the same as, those Python's metadata has.
    return [LockedPackage(normalised_name(name), is_certain=False) for name in names]
