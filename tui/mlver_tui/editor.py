"""The user's editor: which it is, and what comes out of it. No file of a repository has a say in it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from mlver.errors import BadArgument
from mlver_tui.user_programs import NOT_FOUND, ON_PATH, Choice, ask_program, find_program, program_environment, show_in

NO_EDITOR = "no editor was found"
NO_EDITOR_HINT = "set $VISUAL or $EDITOR"

_USUAL = ("editor", "nano", "vim", "vi")
_GIT_SETTINGS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
_COMMENT = "#"


def find_editor(environment: Mapping[str, str]) -> str | None:
    """The command line of the user's editor, for a shell: variables, then git's settings of the user, then the usual.

    A repository's own `core.editor` is not asked: it may be a stranger's.
    """
    choice = chosen_editor(environment)
    return choice.command if choice else None


def chosen_editor(environment: Mapping[str, str]) -> Choice | None:
    """The same, and who chose it."""
    for variable in ("VISUAL", "EDITOR"):
        if named := environment.get(variable, "").strip():
            return Choice(command=named, by=f"${variable}")
    usual = (Choice(command=name, by=ON_PATH) for name in _USUAL if find_program(name, environment))
    return _git_editor(environment) or next(usual, None)


def edited(editor: str, text: str, environment: Mapping[str, str]) -> str:
    """The text as the editor leaves it. The terminal is the editor's until it ends.

    Raises BadArgument when there is no such program, or it says by its exit code that nothing is to come of it.
    """
    with tempfile.TemporaryDirectory(prefix="mlver-") as folder:
        path = Path(folder, "NOTE_EDITMSG")  # a name by which editors know that it is a message
        path.write_text(text, encoding="utf-8")
        if code := show_in(editor, path, environment):
            problem = "was not found" if code == NOT_FOUND else f"ended with {code}"
            raise BadArgument(f"the editor {editor!r} {problem}: nothing was written", hint=NO_EDITOR_HINT)
        try:
            return path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise BadArgument("the editor left no text: nothing was written") from error


def without_comments(text: str) -> str:
    """What is left without the lines that begin with `#`."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(_COMMENT))


def commented(lines: list[str]) -> str:
    """A text to begin with: an empty line to write in, and these as comments."""
    return "\n" + "".join(f"{_COMMENT} {line}".rstrip() + "\n" for line in lines)


def _git_editor(environment: Mapping[str, str]) -> Choice | None:
    if not find_program("git", environment):
        return None
    kept = {
        name: value
        for name, value in program_environment(environment).items()
        if not name.startswith("GIT_") or name in _GIT_SETTINGS
    }
    for place in ("--global", "--system"):
        command = ["git", "config", place, "--includes", "--get", "core.editor"]
        ended = ask_program(command, kept, folder=Path("/"))
        if ended.problem:
            return None
        if ended.code == 0 and (named := ended.said.decode(errors="replace").strip()):
            return Choice(command=named, by=f"git config {place} core.editor")
    return None
