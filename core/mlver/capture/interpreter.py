"""Which program a step's command starts, and above all which Python: the one whose packages are recorded."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

PYTHON = re.compile(r"(?:python|pypy)\d*(?:\.\d+)*t?")
"""Names under which a Python is installed; the `t` is that of builds without the lock."""

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})

_STARTERS = frozenset(
    {
        "env", "exec", "command", "nice", "nohup", "time", "timeout", "taskset", "numactl", "stdbuf", "chrt", "ionice",
        "uv", "poetry", "pipenv", "pdm", "hatch", "rye", "srun", "mpirun", "mpiexec", "xvfb-run", "setsid",
    }
)  # fmt: skip
"""Programs that start another one, which stands somewhere behind their options."""

_OTHER_ENVIRONMENTS = frozenset({"conda", "mamba", "micromamba", "pixi", "docker", "podman", "singularity", "ssh"})
"""These run Python somewhere PATH does not tell of: better unknown than wrong."""

_BUILTINS = frozenset({"cd", "export", "set", "unset", "ulimit", "umask", "echo", "mkdir", "test", "[", "true", ":"})
"""What a shell line does before its real command."""

_KEYWORDS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "{"})
"""Shell words that stand before a command."""

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_OPERATORS = frozenset(";&|()<>\n")
_PIP_LONG_SHEBANG = re.compile(rb"'''exec' \"?(/[^\"\n]*?)\"? \"\$0\"")
"""The second line pip writes when an interpreter's path is too long for a `#!` line."""


def interpreter_of(run: str | tuple[str, ...], *, cwd: Path, environment: Mapping[str, str]) -> str | None:
    """The Python that the step's command runs in, else the program it starts; None when that cannot be told.

    `run` as in a step: text for the shell, or argv. Nothing is started: words are resolved along PATH, scripts by
    their `#!` line. Of a shell line the first command counts that leads to a Python.
    """
    return python_of(run, cwd=cwd, environment=environment) or _first_program(run, cwd, environment)


def python_of(run: str | tuple[str, ...], *, cwd: Path, environment: Mapping[str, str]) -> str | None:
    """The Python that the step's command runs in; None when it runs none, or none that can be told."""
    for words in _commands(run):
        place = _Place(cwd, environment)
        if found := place.python_in(words):
            return found
        if words and Path(words[0]).name in _OTHER_ENVIRONMENTS:
            return None
    return None


def step_environment(environment: Mapping[str, str], *, project: Path) -> dict[str, str]:
    """The variables a step gets: those given, with PATH arranged and Python's output unbuffered.

    `<project>/.venv/bin` comes first when it exists, as an activated environment would. The folder of mlver's own
    interpreter comes last, so that `python` means something on a machine that has only `python3`. PYTHONUNBUFFERED=1,
    unless set already: a step writes to a pipe, and without it Python would keep its output back until the end, out
    of order with its errors. Nothing that changes a result is touched.
    """
    path = environment.get("PATH") or os.defpath
    venv = project / ".venv" / "bin"
    first = [str(venv)] if venv.is_dir() else []
    own = str(Path(sys.executable).parent)
    folders = [*first, *(folder for folder in path.split(os.pathsep) if folder not in first)]
    if own not in folders:
        folders.append(own)
    return {"PYTHONUNBUFFERED": "1", **environment, "PATH": os.pathsep.join(folders)}


def _first_program(run: str | tuple[str, ...], cwd: Path, environment: Mapping[str, str]) -> str | None:
    for words in _commands(run):
        if words and words[0] not in _BUILTINS and (program := _Place(cwd, environment).program(words[0])):
            return program
    return None


def _commands(run: str | tuple[str, ...]) -> Iterator[list[str]]:
    """The simple commands of a shell line, or the one of an argv, without what stands before the program."""
    if not isinstance(run, str):
        yield list(run)
        return
    lexer = shlex.shlex(run.replace("\\\n", " "), posix=True, punctuation_chars=";&|()<>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    words: list[str] = []
    try:
        for word in lexer:
            if word and set(word) <= _OPERATORS:
                yield _from_program(words)
                words = []
            else:
                words.append(word)
    except ValueError:
        return  # an open quote: the shell will say so itself
    yield _from_program(words)


def _from_program(words: Sequence[str]) -> list[str]:
    count = 0
    while count < len(words) and (words[count] in _KEYWORDS or _ASSIGNMENT.match(words[count])):
        count += 1
    return list(words[count:])


class _Place:
    """Where words are resolved: a folder and its PATH."""

    def __init__(self, cwd: Path, environment: Mapping[str, str]) -> None:
        self.cwd = cwd
        self.environment = environment

    def program(self, word: str) -> str | None:
        """The file that `word` starts."""
        if word.startswith("~/") and "HOME" in self.environment:
            word = self.environment["HOME"] + word[1:]
        if "/" in word:
            file = self.cwd / word
            return os.path.normpath(file) if os.access(file, os.X_OK) and file.is_file() else None
        return shutil.which(word, path=self.environment.get("PATH") or os.defpath)

    def python_in(self, words: Sequence[str]) -> str | None:
        """The Python behind a simple command."""
        words = _from_program(words)
        if not words:
            return None
        name = Path(words[0]).name
        if name in _SHELLS:
            return self._in_shell(words)
        if name in _STARTERS:
            return self._behind(words[1:])
        if words[0] in {".", "source"}:
            return self._activated(words)
        return self._python(words[0])

    def _python(self, word: str) -> str | None:
        word = self._expanded(word)
        program = self.program(word)
        return program if PYTHON.fullmatch(Path(word).name) else self._of_script(program)

    def _expanded(self, word: str) -> str:
        """`$PYTHON` and `${PYTHON}` as the environment has them."""
        variable = re.fullmatch(r"\$\{?(\w+)\}?", word)
        return self.environment.get(variable[1], word) if variable else word

    def _behind(self, words: Sequence[str]) -> str | None:
        # Options of the starter may take values, so it is not known which word is the program: a Python's name is
        # taken first, then a script by its suffix (`uv run train.py`), then the first word that leads to a Python.
        named = [word for word in words if PYTHON.fullmatch(Path(word).name)]
        scripts = [word for word in words if word.endswith(".py")]
        if not named and scripts:
            return self._of_script(self.program(scripts[0])) or self.program("python")
        candidates = named or [word for word in words if not word.startswith("-")]
        return next((found for word in candidates if (found := self._python(word))), None)

    def _in_shell(self, words: Sequence[str]) -> str | None:
        """`sh -c "..."`: what the line inside starts."""
        for option, line in pairwise(words[1:]):
            if option.startswith("-") and not option.startswith("--") and option.endswith("c"):
                return python_of(line, cwd=self.cwd, environment=self.environment)
        return None

    def _activated(self, words: Sequence[str]) -> str | None:
        """`. venv/bin/activate`: the Python beside it."""
        if len(words) < 2 or Path(words[1]).name != "activate":  # noqa: PLR2004 - the command and its file
            return None
        return self.program(f"{Path(words[1]).parent}/python")

    def _of_script(self, program: str | None) -> str | None:
        """The Python that a script's `#!` line names."""
        if program is None:
            return None
        try:
            with Path(program).open("rb") as file:
                head = file.read(1024)
        except OSError:
            return None
        if not head.startswith(b"#!"):
            return None
        if long_path := _PIP_LONG_SHEBANG.search(head):
            return os.fsdecode(long_path[1])
        words = os.fsdecode(head[2:].split(b"\n", 1)[0]).split()
        if words and Path(words[0]).name == "env":
            words = [word for word in words[1:] if not word.startswith("-")]
        return self._named_python(words)

    def _named_python(self, words: Sequence[str]) -> str | None:
        words = _from_program(words)
        return self.program(words[0]) if words and PYTHON.fullmatch(Path(words[0]).name) else None
