"""The software of a run: what counts for its identity, and what is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from msgspec import Struct

from mlver.capture.probe import Package, ProbedEnvironment
from mlver.errors import DocumentInvalid, RunRefused
from mlver.manifests.locks import Lock, read_lock
from mlver.model.identity import environment_digest, normalised_name
from mlver.model.manifest import EnvironmentFacts, LockFacts

OWN_PACKAGE = "mlver-tui"


class CountedPackages(Struct, frozen=True, kw_only=True):
    """The packages that count for the environment's identity."""

    packages: Mapping[str, str]
    """Normalised name -> the version that is really installed."""
    warnings: tuple[str, ...] = ()


def counted_packages(probed: ProbedEnvironment, *, lock: bytes | None, lock_path: str | None) -> CountedPackages:
    """Those the lock names; without a lock all but mlver and what only mlver needs.

    What counts is what is installed: where the lock says otherwise there is a warning.
    """
    installed = {normalised_name(package.name): package for package in probed.installed}
    if lock is not None:
        return _locked(installed, _lock(lock, lock_path or "requirements.txt"))
    mine = _only_for_mlver(installed)
    hidden = len(mine - {OWN_PACKAGE})
    told = (
        f"{hidden} package{'s' if hidden > 1 else ''} that only mlver needs {'do' if hidden > 1 else 'does'} not count"
    )
    return CountedPackages(
        packages={name: package.version for name, package in installed.items() if name not in mine},
        warnings=(f"no lock file: {told}; environment.lock in mlver.yaml says which do",) if hidden else (),
    )


def environment_facts(
    probed: ProbedEnvironment, *, lock: bytes | None, lock_path: str | None, container: str | None
) -> tuple[EnvironmentFacts, dict[str, str]]:
    """The environment as the manifest holds it, and every package the interpreter sees, name -> version."""
    counted = counted_packages(probed, lock=lock, lock_path=lock_path)
    facts = EnvironmentFacts(
        digest=environment_digest(
            python=probed.python,
            implementation=probed.implementation,
            packages=counted.packages,
            container=container,
        ),
        python=probed.python,
        implementation=probed.implementation,
        os=probed.os,
        lock=None if lock is None or lock_path is None else LockFacts(path=lock_path, sha256=sha256(lock).hexdigest()),
        container=container,
        variables=probed.variables,
        threads=probed.threads,
        determinism=probed.determinism,
    )
    return facts, probed.packages


def environment_text(packages: Mapping[str, str]) -> str:
    """The content of `environment.txt`: `name==version` lines, sorted as people sort."""
    lines = sorted((f"{name}=={version}\n" for name, version in packages.items()), key=str.lower)
    return "".join(lines)


def _lock(content: bytes, path: str) -> Lock:
    try:
        return read_lock(content, name=path)
    except DocumentInvalid as error:
        raise RunRefused(f"cannot read the lock file: {error.message}", hint=error.hint) from error


def _locked(installed: Mapping[str, Package], lock: Lock) -> CountedPackages:
    locked = {package.name: package for package in lock.packages}
    here = [(package, installed[name]) for name, package in locked.items() if name in installed]
    warnings = [
        f"the lock says {package.name} {package.version}, installed is {found.version}"
        for package, found in here
        if package.version is not None and not _same_version(package.version, found.version)
    ]
    missing = sorted(name for name, package in locked.items() if package.is_certain and name not in installed)
    if missing:
        warnings.append(f"in the lock but not installed: {', '.join(missing)}")
    return CountedPackages(
        packages={package.name: found.version for package, found in here if package.name != OWN_PACKAGE},
        warnings=tuple(warnings),
    )


def _same_version(locked: str, installed: str) -> bool:
    """Whether two spellings mean one version: `1.0` is `1.0.0`, and a local part (`+cpu`) counts only if locked."""
    if "+" not in locked:
        installed = installed.partition("+")[0]
    return _plain(locked) == _plain(installed)


def _plain(version: str) -> str:
    release, rest = re.fullmatch(r"(v?[\d.]*)(.*)", version.lower(), re.DOTALL).groups()  # type: ignore[union-attr]  # matches any text
    return re.sub(r"(\.0+)*$", "", release.removeprefix("v")) + rest


def _only_for_mlver(installed: Mapping[str, Package]) -> set[str]:
    """Mlver and the packages that are here for its sake alone.

    A package stays the project's when the installer was asked for it by name, or when something that is not mlver's
    needs it; a need under an extra counts, for it cannot be known whether the extra was asked for.
    """
    if OWN_PACKAGE not in installed:
        return set()
    candidates = _reached(installed, [OWN_PACKAGE], with_extras=False)
    others = [name for name, package in installed.items() if name not in candidates or package.is_requested]
    kept = _reached(installed, (name for name in others if name != OWN_PACKAGE), with_extras=True)
    return candidates - kept


def _reached(installed: Mapping[str, Package], roots: Iterable[str], *, with_extras: bool) -> set[str]:
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in installed:
            continue
        reached.add(name)
        waiting += _needed(installed[name], with_extras)
    return reached


def _needed(package: Package, with_extras: bool) -> list[str]:
    names = []
    for need in package.needs:
        requirement, _, marker = need.partition(";")
        match = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
        if match and (with_extras or not re.search(r"\bextra\b", marker)):
            names.append(normalised_name(match[0]))
    return names
