"""Programs of the user's: where they lie, and how they are started. The front ends start none but here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

NOT_FOUND = 127
"""What a shell ends with when there is no such program."""
_PATIENCE_S = 5.0


ON_PATH = "found on PATH"
"""Who chose a program that nobody chose."""


class Choice(Struct, frozen=True, kw_only=True):
    """A program that the user wants."""

    command: str
    """For a shell."""
    by: str
    """Where that is said: `$EDITOR`."""


class Ended(Struct, frozen=True, kw_only=True):
    """How a program ended that did not own the terminal."""

    code: int = 0
    said: bytes = b""
    complained: bytes = b""
    problem: str = ""
    """Why it did not come to an end of its own."""


def fixed_places(path: str) -> str:
    """PATH without what is relative: such a place could lie in a repository."""
    return os.pathsep.join(place for place in path.split(os.pathsep) if os.path.isabs(place))  # noqa: PTH117 - text stays text


def find_program(name: str, environment: Mapping[str, str]) -> str | None:
    """Where a program lies; None: nowhere on the PATH."""
    return shutil.which(name, path=fixed_places(environment.get("PATH", "")))


def program_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's variables, for a program of the user's."""
    return {**environment, "PATH": fixed_places(environment.get("PATH", ""))}


def show_in(command_line: str, file: Path, environment: Mapping[str, str]) -> int:
    """Give the terminal to a program that shows or edits the file, until it ends: what it ends with.

    As git does it: the command line is the user's, for a shell; the file is an argument that no shell takes apart. The
    program starts where the file lies, not in the repository: some obey what lies in the folder they are started in.

    Raises OSError when not even a shell can be started.
    """
    command = ["/bin/sh", "-c", f'{command_line} "$@"', command_line, str(file)]
    # The errors by name: in the explorer their descriptor leads nowhere (native_noise.py).
    done = subprocess.run(
        command, cwd=file.parent, env=program_environment(environment), stderr=sys.__stderr__, check=False
    )
    return done.returncode


def ask_program(command: Sequence[str], environment: Mapping[str, str], *, folder: Path | None = None) -> Ended:
    """What a program says when nothing is told it; it is given five seconds."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(problem=f"says nothing for {_PATIENCE_S:.0f} s")
    except OSError as error:
        return Ended(problem=f"cannot be started: {error.strerror}")
    return Ended(code=done.returncode, said=done.stdout, complained=done.stderr)


def feed_program(command: Sequence[str], text: str, environment: Mapping[str, str]) -> Ended:
    """Hand a text to a program on its input; it is given five seconds."""
    try:
        done = subprocess.run(
            command,
            input=text.encode(errors="replace"),
            env=program_environment(environment),
            # xclip stays behind to serve the clipboard: with a pipe nobody would ever see its end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ended(problem="took too long")
    except OSError as error:
        return Ended(problem=f"cannot be started: {error.strerror}")
    return Ended(code=done.returncode)
