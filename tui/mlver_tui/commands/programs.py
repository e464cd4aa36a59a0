"""Asks the programs mlver works with for their versions: nothing else is ever asked of them, and not for long."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlver_tui.user_programs import find_program

_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of asking."""

    path: str = ""
    """Where the program lies; empty: it was not found."""
    version: str = ""
    """The first line it said."""
    problem: str = ""
    """Why it said nothing."""


def ask_version(command: Sequence[str], environment: Mapping[str, str]) -> Answer:
    """The version a program tells, as `git --version`."""
    path = find_program(command[0], environment)
    if path is None:
        return Answer()
    try:
        done = subprocess.run(
            [path, *command[1:]],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(path=path, problem=f"says nothing for {_PATIENCE_S:.0f} s")
    except OSError as error:
        return Answer(path=path, problem=f"cannot be started: {error.strerror}")
    said = (done.stdout + done.stderr).decode(errors="replace").strip()  # ssh tells its version on the errors
    if done.returncode:
        return Answer(path=path, problem=f"ends with {done.returncode} when asked for its version")
    return Answer(path=path, version=said.partition("\n")[0])
