"""Shows a file of a version in a program of the user's: as a copy that nobody can write, in a folder of its own."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path, PurePosixPath

from mlver_tui.user_programs import NOT_FOUND, ON_PATH, Choice, find_program, show_in

NO_PROGRAM = "neither an editor nor a pager was found: set $VISUAL, $EDITOR or $PAGER"

_PAGERS = ("less", "more")
_LONGEST_NAME = 100
_READ_ONLY = 0o400
_SAFELY = {"LESSSECURE": "1"}
"""No shell out of the pager, no program made of what it shows: the text may be a stranger's."""

Suspend = Callable[[], AbstractContextManager[None]]


def find_pager(of_config: str | None, environment: Mapping[str, str]) -> str | None:
    """The command line of the user's pager: of the config, $PAGER, else a usual one; None: there is none."""
    if of_config:
        return of_config
    choice = chosen_pager(environment)
    return choice.command if choice else None


def chosen_pager(environment: Mapping[str, str]) -> Choice | None:
    """The pager where the config names none, and who chose it."""
    if named := environment.get("PAGER", "").strip():
        return Choice(command=named, by="$PAGER")
    return next((Choice(command=name, by=ON_PATH) for name in _PAGERS if find_program(name, environment)), None)


def viewer_of(path: str, viewers: Mapping[str, str]) -> str | None:
    """The command line that shows such a file; the longest ending counts: `tar.gz` before `gz`."""
    _, *endings = PurePosixPath(path).name.lower().split(".")
    return next((viewers[end] for at in range(len(endings)) if (end := ".".join(endings[at:])) in viewers), None)


def is_text(content: bytes) -> bool:
    """Whether an editor or a pager can show it."""
    return b"\0" not in content[:8000]


def show_file(command: str, path: str, content: bytes, environment: Mapping[str, str], suspend: Suspend) -> str:
    """Give the terminal to the program until it ends; what went wrong, nothing when all went well."""
    with tempfile.TemporaryDirectory(prefix="mlver-") as folder:
        copy = Path(folder, copy_name(path))
        copy.write_bytes(content)
        copy.chmod(_READ_ONLY)
        with suspend():
            _forget_typed_ahead()
            try:
                code = show_in(command, copy, {**environment, **_SAFELY})
            except OSError as error:
                return f"{command} cannot be started: {error.strerror}"
    if code == NOT_FOUND:
        return f"{command} was not found"
    return f"{command} ended with {code}" if code else ""


def copy_name(path: str) -> str:
    """The last part of the path as a file's name that no program could take for an option or a setting of its own."""
    plain = re.sub(r"[^A-Za-z0-9_.+-]+", "_", PurePosixPath(path).name)[-_LONGEST_NAME:]
    return plain.lstrip(".-") or "file"


def _forget_typed_ahead() -> None:
    """What was typed for the explorer is not meant for the program."""
    import termios

    with suppress(OSError, ValueError, termios.error):
        termios.tcflush(sys.__stdin__.fileno() if sys.__stdin__ else 0, termios.TCIFLUSH)
