"""What `mlver doctor` looks at, one function for each thing; looking changes nothing."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from mlver.errors import MlverError, NotARepository
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.programs import ask_version
from mlver_tui.commands.settings import ANSI_COLOURS, Settings
from mlver_tui.commands.wishes import read_user_config
from mlver_tui.user_programs import Choice, find_program
from mlver_tui.view_models.chrome import LEAST_HEIGHT, LEAST_WIDTH


class Verdict(StrEnum):
    """How it is."""

    OK = "ok"
    MISSING = "missing"
    """Not there; only what needs it is affected."""
    WRONG = "wrong"


class Finding(Struct, frozen=True):
    """One thing that was looked at."""

    subject: str
    verdict: Verdict
    said: str
    hint: str = ""
    """What to do."""


def examine(invocation: Invocation) -> Iterator[Finding]:
    """Everything that was found, in the order it is shown."""
    settings = invocation.settings
    yield from (_terminal(settings), _size(settings), _colours(settings), _signs(settings), _clipboard(settings))
    yield from _own_programs(invocation)
    yield from _programs(settings)
    yield _python()
    yield from _config(invocation)
    yield _index(invocation)
    yield _folder("state", settings.state, "marks, filters and the order are not kept")
    yield _folder("cache", settings.cache, "what is trusted is not remembered")


def _terminal(settings: Settings) -> Finding:
    term = settings.environment.get("TERM", "")
    if not settings.output_is_terminal:
        return Finding("terminal", Verdict.MISSING, "the output is no terminal", "the explorer prints the list instead")
    if settings.is_dumb:
        said = f"TERM is {term}" if term else "TERM is not set"
        return Finding("terminal", Verdict.WRONG, said, "set TERM to what your terminal is, such as xterm-256color")
    return Finding("terminal", Verdict.OK, f"TERM is {term}{', in tmux' if settings.environment.get('TMUX') else ''}")


def _size(settings: Settings) -> Finding:
    said = f"{settings.width}x{settings.height}"
    if settings.output_is_terminal and (settings.width < LEAST_WIDTH or settings.height < LEAST_HEIGHT):
        return Finding("size", Verdict.WRONG, said, f"the explorer needs {LEAST_WIDTH}x{LEAST_HEIGHT}")
    return Finding("size", Verdict.OK, said)


def _colours(settings: Settings) -> Finding:
    variables = settings.environment
    if variables.get("NO_COLOR"):
        return Finding("colours", Verdict.OK, "none: NO_COLOR is set")
    if settings.is_dumb:
        return Finding("colours", Verdict.MISSING, "none", "TERM says what the terminal can show")
    if settings.colours > 256:  # noqa: PLR2004 - more than a palette has
        return Finding("colours", Verdict.OK, "16 million")
    hint = "the theme is ansi, unless --theme says another" if settings.colours == ANSI_COLOURS else ""
    return Finding("colours", Verdict.OK, str(settings.colours), hint)


def _signs(settings: Settings) -> Finding:
    if settings.needs_ascii:
        hint = "ASCII signs are used; a UTF-8 locale shows the others: LANG=C.UTF-8"
        return Finding("signs", Verdict.MISSING, "the locale shows no Unicode, or signs two cells wide", hint)
    return Finding("signs", Verdict.OK, "UTF-8")


def _clipboard(settings: Settings) -> Finding:
    """Whether the terminal obeys the sequence cannot be asked; which way is taken can be said."""
    from mlver_tui.clipboard import SEQUENCE, route_of

    route = route_of(settings.environment)
    if route is not SEQUENCE:
        return Finding("clipboard", Verdict.OK, f"{route.name}: {' '.join(route.command)}")
    hint = "tmux is not found on PATH, and passes the sequence on only after: tmux set -g set-clipboard on"
    return Finding("clipboard", Verdict.OK, route.name, hint if settings.environment.get("TMUX") else "")


def _own_programs(invocation: Invocation) -> Iterator[Finding]:
    """What `e` and `o` of the explorer start: the user's alone, so whether they work is theirs to see."""
    from mlver_tui.editor import NO_EDITOR, NO_EDITOR_HINT, chosen_editor
    from mlver_tui.opening import chosen_pager

    config, variables = read_user_config(invocation).config, invocation.settings.environment
    editor = _of_config(config.editor) or chosen_editor(variables)
    pager = _of_config(config.pager) or chosen_pager(variables)
    needed = "files, and notes without -m, need it"
    without = "set $PAGER; without one logs are opened in the editor"
    yield _own("editor", _told(editor, variables), NO_EDITOR, f"{NO_EDITOR_HINT}: {needed}")
    yield _own("pager", _told(pager, variables), "no pager was found", without)
    if config.viewers:
        named = ", ".join(f".{ending} {command}" for ending, command in config.viewers.items())
        yield Finding("viewers", Verdict.OK, named)


def _of_config(command: str | None) -> Choice | None:
    return Choice(command=command, by="the config") if command else None


def _told(choice: Choice | None, variables: Mapping[str, str]) -> str:
    """`/usr/bin/vim.basic  found on PATH: editor`: a name like `editor` says not which program it is."""
    if choice is None:
        return ""
    path = find_program(choice.command.split()[0], variables)
    return f"{f'{Path(path).resolve()}  ' if path else ''}{choice.by}: {choice.command}"


def _own(subject: str, told: str, missing: str, hint: str) -> Finding:
    return Finding(subject, Verdict.OK, told) if told else Finding(subject, Verdict.MISSING, missing, hint)


_PROGRAMS = (
    (("git", "--version"), Verdict.WRONG, "recording and replaying need it: install git"),
    (("git-lfs", "version"), Verdict.MISSING, "only repositories with LFS files need it: https://git-lfs.com"),
    (("uv", "--version"), Verdict.MISSING, "only projects whose own steps use it need it"),
    (("ssh", "-V"), Verdict.MISSING, "only git remotes reached by ssh need it"),
)
"""How each is asked, what it is when it is not there, and what to do then."""


def _programs(settings: Settings) -> Iterator[Finding]:
    for command, verdict, hint in _PROGRAMS:
        name = command[0]
        answer = ask_version(command, settings.environment)
        if answer.version:
            yield Finding(name, Verdict.OK, f"{answer.version}  {answer.path}")
        elif answer.path:
            yield Finding(name, Verdict.WRONG, f"{answer.path} {answer.problem or 'says nothing'}", "install it anew")
        else:
            yield Finding(name, verdict, "not found on PATH", hint)


def _python() -> Finding:
    return Finding("python", Verdict.OK, f"{platform.python_version()}  {sys.executable}")


def _config(invocation: Invocation) -> Iterator[Finding]:
    read = read_user_config(invocation)
    if not read.is_there:
        yield Finding("config", Verdict.OK, f"none at {read.path}: the defaults are used")
    elif not read.problems:
        yield Finding("config", Verdict.OK, str(read.path))
    for problem in read.problems:
        place = f"{read.path}:{problem.line}" if problem.line else str(read.path)
        said = f"{problem.key}: {problem.problem}" if problem.key else problem.problem
        yield Finding("config", Verdict.WRONG, f"{place}: {said}", problem.hint)


def _index(invocation: Invocation) -> Finding:
    try:
        with invocation.open_project() as project:
            place = project.index_file
    except NotARepository as error:
        return Finding("index", Verdict.MISSING, error.message, error.hint)
    except MlverError as error:
        return Finding("index", Verdict.WRONG, error.message, error.hint)
    if place is None:
        hint = "every start reads all versions anew; make the git directory or the cache writable"
        return Finding("index", Verdict.WRONG, "no place for it can be written", hint)
    return Finding("index", Verdict.OK, str(place))


def _folder(name: str, folder: Path, otherwise: str) -> Finding:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding(name, Verdict.OK, str(folder))
    return Finding(name, Verdict.WRONG, f"{folder} cannot be written", f"{otherwise}; make {there} writable")
