"""Asks the programs mlver works with for their versions: nothing else is ever asked of them, and not for long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mlver_tui.user_programs import ask_program, find_program


class Answer(Struct, frozen=True, kw_only=True):
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
    ended = ask_program([path, *command[1:]], environment)
    if ended.problem:
        return Answer(path=path, problem=ended.problem)
    if ended.code:
        return Answer(path=path, problem=f"ends with {ended.code} when asked for its version")
    said = (ended.said + ended.complained).decode(errors="replace").strip()  # ssh tells its version on the errors
    return Answer(path=path, version=said.partition("\n")[0])
