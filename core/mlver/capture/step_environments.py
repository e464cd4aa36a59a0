"""The software of a whole pipeline: each step is asked in its own Python, and all of them count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mlver.capture.environment import counted_packages, environment_facts
from mlver.capture.interpreter import python_of
from mlver.capture.probe import ProbedEnvironment, probe
from mlver.model.canonical import digest
from mlver.model.manifest import EnvironmentFacts

_MARKS = ("pyvenv.cfg", "conda-meta")
"""What every environment has at its top, be it venv's or conda's."""


class PipelineEnvironment(Struct, frozen=True, kw_only=True):
    """What the steps run in, taken together."""

    facts: EnvironmentFacts
    """Of the first Python; the digest is that of all."""
    packages: Mapping[str, str]
    """Name -> version; where several Pythons have a package, the first one's."""
    warnings: tuple[str, ...] = ()


def probe_steps(
    commands: Iterable[tuple[str | tuple[str, ...], Path]], variables: Mapping[str, str]
) -> tuple[ProbedEnvironment, ...]:
    """Every Python that runs one of the commands (each with its folder), once, in their order.

    Raises RunRefused when one gives no answer.
    """
    first_in: dict[str, Path] = {}
    for run, cwd in commands:
        if interpreter := python_of(run, cwd=cwd, environment=variables):
            first_in.setdefault(interpreter, cwd)
    return tuple(probe(interpreter, cwd=cwd, environment=variables) for interpreter, cwd in first_in.items())


def environments_within(
    top: Path, commands: Iterable[tuple[str | tuple[str, ...], str]], variables: Mapping[str, str]
) -> tuple[str, ...]:
    """The environments in the working tree (`.venv`) that commands, each with its folder from the top, run in.

    A run in a fresh folder needs them: a command may name its Python by a path.
    """
    found: dict[str, None] = {}
    for run, cwd in commands:
        interpreter = python_of(run, cwd=top / cwd, environment=variables)
        for folder in Path(interpreter).parents if interpreter else ():
            if folder != top and folder.is_relative_to(top) and any((folder / mark).exists() for mark in _MARKS):
                found[folder.relative_to(top).as_posix()] = None
    return tuple(found)


def pipeline_environment(
    probed: Sequence[ProbedEnvironment], *, lock: tuple[str, bytes] | None, container: str | None
) -> PipelineEnvironment:
    """All environments as one; `lock` is the lock file's path and content."""
    path, content = lock or (None, None)
    facts = EnvironmentFacts(container=container)
    packages: dict[str, str] = {}
    warnings: list[str] = []
    digests: list[str | None] = []
    for one in reversed(probed):
        facts, seen = environment_facts(one, lock=content, lock_path=path, container=container)
        packages |= seen
        digests.insert(0, facts.digest)
        warnings += counted_packages(one, lock=content, lock_path=path).warnings
    if len(set(digests)) > 1:
        # Steps that run in different environments: all of them count.
        facts = replace(facts, digest=digest(digests))
    return PipelineEnvironment(facts=facts, packages=packages, warnings=tuple(dict.fromkeys(warnings)))
