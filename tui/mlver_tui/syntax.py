"""Colours of source code: which pieces of its lines are keywords, literals and comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from mlver_tui.view_models.code_runs import Runs
from mlver_tui.view_models.spans import Tone

MOST_CHARACTERS = 512 << 10
MOST_LINE_CHARACTERS = 2_000
"""A longer text, and one with a longer line, has no colours: nobody wrote it by hand, and patterns may take long."""

_LEXERS = {
    ".py": "python", ".pyi": "python", ".pyx": "cython", ".json": "json", ".ipynb": "json", ".yaml": "yaml",
    ".yml": "yaml", ".toml": "toml", ".cfg": "ini", ".ini": "ini", ".sh": "bash", ".bash": "bash", ".sql": "sql",
    ".r": "r", ".jl": "julia", ".lua": "lua", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".hpp": "cpp",
    ".cu": "cuda", ".cuh": "cuda", ".rs": "rust", ".go": "go", ".js": "javascript", ".ts": "typescript",
}  # fmt: skip
"""By suffix, in lower case. Others are not asked: some lexers can be kept busy for hours by a file made for it."""

_NAMES = {"makefile": "make", "dockerfile": "docker"}


def lexer_of(path: str) -> Callable[[Sequence[str]], list[Runs]] | None:
    """What finds the coloured pieces of a file's lines; None: its language is not known."""
    name = PurePosixPath(path).name.lower()
    language = _NAMES.get(name) or _LEXERS.get(PurePosixPath(name).suffix)
    return (lambda lines: _runs(language, lines)) if language else None


def _runs(language: str, lines: Sequence[str]) -> list[Runs]:
    if sum(map(len, lines)) > MOST_CHARACTERS or max(map(len, lines), default=0) > MOST_LINE_CHARACTERS:
        return [()] * len(lines)
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # it ships no types

    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    found: list[list[tuple[int, int, Tone]]] = [[] for _ in lines]
    line = column = 0
    for kind, text in lexer.get_tokens("\n".join(lines)):
        tone = _tone(kind)
        for number, piece in enumerate(text.split("\n")):
            if number:
                line, column = line + 1, 0
            if piece and tone is not Tone.PLAIN and line < len(found):
                found[line].append((column, column + len(piece), tone))
            column += len(piece)
    return [tuple(runs) for runs in found]


def _tone(kind: object) -> Tone:
    from pygments.token import Comment, Keyword, Literal, Name, Operator  # type: ignore[import-untyped]  # likewise

    if kind in Comment:
        return Tone.DIM
    if kind in Keyword or kind in Operator.Word or kind in Name.Tag:
        return Tone.KEYWORD
    return Tone.LITERAL if kind in Literal else Tone.PLAIN
