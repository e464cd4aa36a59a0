"""Calls `mlver` in this process, as a shell would: arguments in; exit code, output and errors out."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click

from mlver_tui.commands.explorer import mlver_tui
from mlver_tui.commands.failures import exit_code_of
from mlver_tui.commands.program import called, mlver
from mlver_tui.view_models.text import cell_width


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one call."""

    code: int
    out: str
    err: str
    written: bytes
    """The output, byte for byte."""

    @property
    def document(self) -> Any:
        """The JSON document on the output; NaN would not be one."""
        return json.loads(self.out, parse_constant=lambda word: (_ for _ in ()).throw(ValueError(word)))

    @property
    def lines(self) -> list[str]:
        """The lines of the output."""
        return self.out.splitlines()

    @property
    def widest(self) -> int:
        """Cells of the longest line of the output."""
        return max(map(cell_width, self.lines))


class Stream(io.TextIOWrapper):
    """A stream that may say it is a terminal."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    @property
    def written(self) -> bytes:
        self.seek(0)
        return bytes(self.buffer.read())

    @property
    def text(self) -> str:
        return io.TextIOWrapper(io.BytesIO(self.written), encoding="utf-8", errors="backslashreplace").read()


class Shell:
    """Calls commands in one folder, with an environment of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str], **more: str) -> None:
        self.folder = folder
        self.environment = {"LANG": "C.UTF-8", "TERM": "xterm-256color", **environment, **more}

    def with_variables(self, **more: str) -> Shell:
        """The same with other variables."""
        return Shell(self.folder, self.environment | more)

    def mlver(self, *arguments: str, at_terminal: bool = False) -> Ran:
        """Call `mlver`."""
        return self._call(mlver, ["-C", str(self.folder), *arguments], at_terminal=at_terminal)

    def mlver_tui(self, *arguments: str) -> Ran:
        """Call `mlver-tui` without a terminal."""
        return self._call(mlver_tui, list(arguments), at_terminal=False)

    def _call(self, command: click.Command, arguments: list[str], *, at_terminal: bool) -> Ran:
        out, err = Stream(is_terminal=at_terminal), Stream(is_terminal=at_terminal)
        with (
            patch.dict(os.environ, self.environment, clear=True),
            patch.multiple(sys, stdout=out, stderr=err, stdin=io.StringIO()),
        ):
            code = exit_code_of(lambda: called(command, "mlver", arguments))
        return Ran(code, out.text, err.text, out.written)
