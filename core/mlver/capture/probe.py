"""Asks a step's interpreter what it is made of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from msgspec import Struct, field

from mlver.capture.probe_script import MARK
from mlver.errors import RunRefused

TIME_LIMIT_S = 30.0

_SCRIPT = Path(__file__).with_name("probe_script.py")


class Package(Struct, frozen=True, kw_only=True):
    """An installed package."""

    name: str
    """As its metadata spells it."""
    version: str
    needs: tuple[str, ...] = ()
    """Requirements as the metadata holds them, markers included."""
    is_requested: bool = False
    """The installer was asked for it by name, rather than by another package."""


class ProbedEnvironment(Struct, frozen=True, kw_only=True):
    """What an interpreter says of itself; only what is set stands in the mappings."""

    python: str
    """`3.11.7`."""
    implementation: str
    executable: str
    """What it calls itself: behind a launcher (pyenv's shims) this is the real one."""
    prefix: str
    """The environment's folder."""
    os: str
    installed: tuple[Package, ...] = ()
    """By normalised name."""
    variables: Mapping[str, str] = field(default_factory=dict)
    threads: Mapping[str, str] = field(default_factory=dict)
    determinism: Mapping[str, str] = field(default_factory=dict)
    blas: str | None = None
    """What numpy was built with: `scipy-openblas 0.3.31`."""

    @property
    def packages(self) -> dict[str, str]:
        """Name -> version of everything."""
        return {package.name: package.version for package in self.installed}


def probe(interpreter: str, *, cwd: Path, environment: Mapping[str, str]) -> ProbedEnvironment:
    """Run the probe by `interpreter`, in the step's folder and with its variables, so that it sees what the step sees.

    Takes about 60 ms. Raises RunRefused when there is no answer: not a Python, an environment that does not start,
    30 s gone by.
    """
    output, errors = _output(interpreter, cwd, environment)
    # Start-up files of the environment may print too: what counts is the last marked line.
    _, mark, answer = output.rpartition("\n" + MARK)
    if not mark:
        reason = errors.strip().splitlines()[-1:] or ["it gave no answer"]
        raise RunRefused(
            f"cannot tell what {interpreter} is made of: {reason[0]}",
            hint=f"try: {interpreter} -c pass",
        )
    try:
        return _probed(json.loads(answer.partition("\n")[0]))
    except (ValueError, KeyError) as error:
        raise RunRefused(f"{interpreter} gave an answer that cannot be read: {error}") from error


class _PackageAnswer(TypedDict):
    name: str
    version: str
    needs: list[str]
    requested: bool


class _Answer(TypedDict):
    """The line of probe_script.py."""

    python: str
    implementation: str
    executable: str
    prefix: str
    os: str
    packages: list[_PackageAnswer]
    variables: dict[str, str]
    threads: dict[str, str]
    determinism: dict[str, str]
    blas: str | None


def _probed(answer: _Answer) -> ProbedEnvironment:
    return ProbedEnvironment(
        python=answer["python"],
        implementation=answer["implementation"],
        executable=answer["executable"],
        prefix=answer["prefix"],
        os=answer["os"],
        installed=tuple(
            Package(
                name=package["name"],
                version=package["version"],
                needs=tuple(package["needs"]),
                is_requested=package["requested"],
            )
            for package in answer["packages"]
        ),
        variables=answer["variables"],
        threads=answer["threads"],
        determinism=answer["determinism"],
        blas=answer["blas"],
    )


def _output(interpreter: str, cwd: Path, environment: Mapping[str, str]) -> tuple[str, str]:
    try:
        process = subprocess.Popen(
            [interpreter, str(_SCRIPT)],
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that what it starts can be ended with it
        )
    except OSError as error:
        raise RunRefused(f"cannot start {interpreter}: {error.strerror}") from error
    with process:
        try:
            output, errors = process.communicate(timeout=TIME_LIMIT_S)
        except subprocess.TimeoutExpired as error:
            raise RunRefused(
                f"{interpreter} did not answer within {TIME_LIMIT_S:g} s",
                hint=f"does it start at all? try: {interpreter} -c pass",
            ) from error
        finally:
            _end(process)
    return output.decode(errors="replace"), errors.decode(errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        return  # it has ended, and left nothing behind
