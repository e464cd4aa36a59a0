"""Which packages a lock file names, whatever tool wrote it.

Read are requirements files (pip, `uv export`, `pip freeze`), the TOML locks of uv, Poetry, PDM and pylock.toml,
Pipfile.lock, conda's environment files and conda-lock.yml. The project's own entry in a lock is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct

from mlver.documents.reading import read_json, read_toml, read_yaml
from mlver.errors import DocumentInvalid
from mlver.model.data import Data
from mlver.model.identity import normalised_name


class LockedPackage(Struct, frozen=True):
    """A package as a lock file names it."""

    name: str
    """Normalised."""
    version: str | None = None
    """None: any, or not said in a way that can be compared."""
    is_certain: bool = True
    """False: it may be meant for another system or for an extra, so that it is missing here means nothing."""
    stated: str = ""
    """The version, or what it may be, as the lock says it: `1.26.4`, `>=1.20`; empty: any."""


class Lock(Struct, frozen=True, dict=True):
    """What a lock file says."""

    packages: tuple[LockedPackage, ...]
    """In the order of the file; a package that has other versions on other systems stands there several times."""
    python: str | None = None
    """The Python it was made for, as the lock says it: `3.11`, `>=3.11`; None: it does not say."""

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Normalised name -> what the lock says of the version; several are told apart by commas."""
        found: dict[str, dict[str, None]] = {}
        for package in self.packages:
            found.setdefault(package.name, {})[package.stated or "any"] = None
        return {name: ", ".join(stated) for name, stated in sorted(found.items())}


_Read: TypeAlias = Callable[[bytes, str], Lock]


def read_lock(content: bytes, *, name: str) -> Lock:
    """What the lock says. `name` is its path: the suffix tells the format. Raises DocumentInvalid."""
    return _reader(PurePosixPath(name), content)(content, name)


def _reader(file: PurePosixPath, content: bytes) -> _Read:
    if file.suffix in {".yaml", ".yml"}:
        return _conda
    if file.suffix == ".toml" or (file.suffix == ".lock" and _TOML_ENTRY.search(content)):
        return _toml
    if file.suffix == ".lock" and content.lstrip().startswith(b"{"):
        return _pipfile
    return _requirements


_REQUIREMENT = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)")
_EXACT = re.compile(r"===?\s*([^\s;,*]+)\s*(?:;|--|#|$)")
_BEHIND = re.compile(r"\s*(?:;|--|#).*$")
_CONTINUED = re.compile(r"\\\r?\n")
_FOR_PYTHON = re.compile(r"^#.*?(?:with [Pp]ython |--python-version[ =])(\d[\d.]*)", re.MULTILINE)


def _requirements(content: bytes, name: str) -> Lock:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentInvalid(f"byte 0x{content[error.start]:02x} is not UTF-8", name=name, line=line) from error
    python = _FOR_PYTHON.search(text)
    lines = _CONTINUED.sub(" ", text).splitlines()
    # Options (-r, --hash, -e) and comments do not begin with a letter.
    matches = [match for line in lines if (match := _REQUIREMENT.match(line.strip()))]
    return Lock(
        packages=tuple(_required(match[1], match[2], is_certain=";" not in match[2]) for match in matches),
        python=python[1] if python else None,
    )


def _required(name: str, rest: str, *, is_certain: bool) -> LockedPackage:
    exact = _EXACT.match(rest)
    version = exact[1] if exact else None
    return LockedPackage(normalised_name(name), version, is_certain, version or _BEHIND.sub("", rest).strip())


_TOML_ENTRY = re.compile(rb"^\[\[packages?\]\]", re.MULTILINE)
_TOML_HEAD = re.compile(
    r'^\[\[packages?\]\]\nname = "([^"\\\n]*)"\n(?:version = "([^"\\\n]*)"\n)?(?:source = (\{[^\n]*)\n)?', re.MULTILINE
)
"""An entry begins so in the locks of uv, PDM and Poetry since 1.0."""

_TOML_PYTHON = re.compile(
    r'\A(?:[^\[\n][^\n]*\n|\n)*?requires-python = "([^"\\\n]*)"$'
    r'|^\[metadata\]\n(?:[^\[\n][^\n]*\n)*?python-versions = "([^"\\\n]*)"$',
    re.MULTILINE,
)
_TOML_INNER = (" ", "#", "[", "]")
_TOML_USUAL = re.compile(
    # The keys that count, in the one spelling that is looked for; of all others whatever begins like a value.
    r"""(?:(?:name|version|source|requires-python|python-versions) = (?:"[^"\\]*"|\{.*|\d+)$"""
    r"""|(?!"?(?:name|version|source|requires-python|python-versions)"? )"""
    r"""(?:[\w.-]+|"[^"]*") = (?:["'\[{\d]|true$|false$))"""
)
_OWN = re.compile(r"\{ ?(?:editable|virtual)\b")


def _toml(content: bytes, name: str) -> Lock:
    return _toml_by_line(content) or _toml_whole(content, name)


def _toml_by_line(content: bytes) -> Lock | None:
    """A lock in the very form its tool writes; None where any line is in another one.

    The parser takes 0.3 s per megabyte, and a history has a new lock in every other commit.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    entries = _TOML_HEAD.findall(text)
    if len(entries) != len(_TOML_ENTRY.findall(content)) or not entries or not _is_usual(text):
        return None
    packages = [(name, version) for name, version, source in entries if not _OWN.match(source)]
    if not all(version for _, version in packages):
        return None
    python = _TOML_PYTHON.search(text)
    return Lock(
        tuple(_toml_package(name, version) for name, version in packages), python[1] or python[2] if python else None
    )


def _is_usual(text: str) -> bool:
    """Whether every line is one that uv, Poetry or PDM would write."""
    if '"""' in text or "'''" in text:
        return False
    told = [line for line in text.split("\n") if line and not line.startswith(_TOML_INNER)]
    return all(map(_TOML_USUAL.match, told))


def _toml_whole(content: bytes, name: str) -> Lock:
    lock = _mapping(read_toml(content, name=name).data, name)
    packages = lock.get("package", lock.get("packages", []))
    metadata = lock.get("metadata")
    python = lock.get("requires-python") or (metadata.get("python-versions") if isinstance(metadata, dict) else None)
    return Lock(tuple(_toml_packages(packages, name)), python if isinstance(python, str) else None)


def _toml_packages(packages: Data, name: str) -> Iterator[LockedPackage]:
    if not isinstance(packages, list):
        raise _not_a_lock(name)
    for package in packages:
        entry = _mapping(package, name)
        source, version = entry.get("source"), entry.get("version")
        if not (isinstance(source, dict) and {"editable", "virtual"} & source.keys()):  # else it is the project itself
            yield _toml_package(_text(entry.get("name"), name), version if isinstance(version, str) else None)


def _toml_package(name: str, version: str | None) -> LockedPackage:
    return LockedPackage(normalised_name(name), version, is_certain=False, stated=version or "")


def _pipfile(content: bytes, name: str) -> Lock:
    lock = _mapping(read_json(content, name=name).data, name)
    packages = _mapping(lock.get("default", {}), name)
    found = []
    for package, entry in packages.items():
        known = _mapping(entry, name)
        version = _text(known.get("version", ""), name)
        found.append(_required(package, version, is_certain="markers" not in known))
    meta = lock.get("_meta")
    requires = meta.get("requires") if isinstance(meta, dict) else None
    wanted = requires if isinstance(requires, dict) else {}
    python = wanted.get("python_full_version") or wanted.get("python_version")
    return Lock(tuple(found), python if isinstance(python, str) else None)


_CONDA = re.compile(r"(?:[\w./-]+::)?([A-Za-z0-9_][\w.-]*)\s*(.*)", re.DOTALL)


def _conda(content: bytes, name: str) -> Lock:
    """Names count; conda's names and versions are near to, but not the same as, those Python's metadata has."""
    data = read_yaml(content, name=name).data
    known = _mapping({} if data is None else data, name)
    entries = known.get("package") if "package" in known else known.get("dependencies")
    packages = list(_conda_packages(entries or [], name))
    python = next((package.stated for package in packages if package.name == "python"), None)
    return Lock(tuple(packages), python or None)


def _conda_packages(entries: Data, name: str) -> Iterator[LockedPackage]:
    if not isinstance(entries, list):
        raise _not_a_lock(name)
    for entry in entries:
        if isinstance(entry, str) and (match := _CONDA.match(entry)):
            yield _conda_package(match[1], match[2])
        elif isinstance(entry, dict) and isinstance(entry.get("pip"), list):
            yield from _conda_packages(entry["pip"], name)
        elif isinstance(entry, dict) and isinstance(entry.get("name"), str):  # conda-lock
            yield _conda_package(str(entry["name"]), str(entry.get("version", "")))


def _conda_package(name: str, rest: str) -> LockedPackage:
    """`=1.26` and `=1.26=py311_0` name a version; `>=1.20` and `1.2,<3` a range."""
    version = re.sub(r"^=+\s*", "", rest.strip()).partition("=")[0] if not re.match(r"[<>!~]", rest.strip()) else rest
    return LockedPackage(normalised_name(name), is_certain=False, stated=version.strip())


def _mapping(data: Data, name: str) -> dict[str, Data]:
    if not isinstance(data, dict):
        raise _not_a_lock(name)
    return data


def _text(data: Data, name: str) -> str:
    if not isinstance(data, str):
        raise _not_a_lock(name)
    return data


def _not_a_lock(name: str) -> DocumentInvalid:
    return DocumentInvalid("is not written as a lock file is", name=name)
