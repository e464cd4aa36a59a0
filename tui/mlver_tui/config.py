"""The user's config file: its keys with their defaults, and what is wrong in one.

It lies in the user's own folder; nothing in a repository is ever asked. What is wrong is told and left out: the
explorer starts all the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from mlver.errors import DocumentInvalid
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver_tui.actions import ACTIONS, Action
from mlver_tui.kept_state import LONGEST_TEXT
from mlver_tui.keymap import remapped
from mlver_tui.settings import THEME_NAMES

if TYPE_CHECKING:
    from mlver.model.data import Data
    from mlver.model.data import Path as DataPath

NAME = "config.toml"
_MOST_BYTES = 1 << 20
_LEAST_POLL_S, _MOST_POLL_S = 0.5, 3600


class Config(Struct, frozen=True, kw_only=True):
    """What the user wants of every explorer."""

    theme: str | None = None
    """None: what fits the terminal."""
    is_ascii: bool = False
    """ASCII signs even where the terminal could show others."""
    poll_s: float = 2.0
    has_mouse: bool = True
    editor: str | None = None
    """A command line; None: what the variables and git say."""
    pager: str | None = None
    """A command line; None: $PAGER, else less or more."""
    viewers: Mapping[str, str] = field(default_factory=dict)
    """The end of a file's name without its dot, in small letters -> the command line that shows such files."""
    actions: tuple[Action, ...] = ACTIONS
    """The table of actions with the user's keys."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Filters with a name: name -> words."""


class ConfigProblem(Struct, frozen=True, kw_only=True):
    """Something in the file that was left out."""

    line: int | None
    key: str
    """Dotted; empty: the whole file."""
    problem: str
    hint: str = ""

    def text(self, name: str = NAME) -> str:
        """`config.toml:3: keys.sortt: is no action; did you mean sort?`."""
        place = f"{name}:{self.line}" if self.line else name
        said = f"{self.key}: {self.problem}" if self.key else self.problem
        return f"{place}: {said}; {self.hint}" if self.hint else f"{place}: {said}"


class ConfigRead(Struct, frozen=True, kw_only=True):
    """What came of reading the file."""

    path: Path
    is_there: bool = False
    config: Config = Config()
    problems: tuple[ConfigProblem, ...] = ()


class _Wrong(Exception):
    """A value is not what it should be."""


def _theme(value: Data) -> dict[str, object]:
    if value not in THEME_NAMES:
        raise _Wrong(f"must be one of {', '.join(THEME_NAMES)}")
    return {"theme": value}


def _ascii(value: Data) -> dict[str, object]:
    if not isinstance(value, bool):
        raise _Wrong("must be true or false")
    return {"is_ascii": value}


def _poll_seconds(value: Data) -> dict[str, object]:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise _Wrong("must be a number of seconds")
    if not _LEAST_POLL_S <= value <= _MOST_POLL_S:
        raise _Wrong(f"must be {_LEAST_POLL_S} to {_MOST_POLL_S} seconds")
    return {"poll_s": float(value)}


def _mouse(value: Data) -> dict[str, object]:
    if not isinstance(value, bool):
        raise _Wrong("must be true or false")
    return {"has_mouse": value}


def _command(name: str, value: Data) -> dict[str, object]:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise _Wrong('must be a command in quotes, such as "less -S"')
    return {name: value.strip()}


SETTINGS: Mapping[str, Callable[[Data], dict[str, object]]] = {
    "theme": _theme,
    "ascii": _ascii,
    "poll_seconds": _poll_seconds,
    "mouse": _mouse,
    "editor": partial(_command, "editor"),
    "pager": partial(_command, "pager"),
}
"""The keys beside the tables: what each value becomes."""

_KEYS, _FILTERS, _VIEWER = "keys", "filters", "viewer"
TABLES = (_KEYS, _FILTERS, _VIEWER)
TOP = (*SETTINGS, *TABLES)
"""Every key that may stand at the top of the file. docs/configuration.md has them all, held by a test."""


def read_config(path: Path) -> ConfigRead:
    """The config in a file of the user's. A file that is not there is no problem, one that is wrong only told."""
    try:
        content = _content(path)
        if content is None:
            return ConfigRead(path=path)
        from mlver.project import read_toml  # not loaded by those who have no config

        document = read_toml(content, name=path.name)
    except DocumentInvalid as error:
        return _unread(path, error.problem, error.line)
    except OSError as error:
        return _unread(path, f"cannot be read: {error.strerror}")
    assert isinstance(document.data, dict)  # TOML has no other root
    return _Reading(document.nearest_line).read(path, document.data)


def _content(path: Path) -> bytes | None:
    """The bytes of the file; None: there is none. A relative place would be one in a repository: it counts for none."""
    if not path.is_absolute() or not path.exists():
        return None
    if not path.is_file():
        raise DocumentInvalid("is no file", name=path.name)
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)  # one more than is read: what is longer is refused by the reader


def _unread(path: Path, problem: str, line: int | None = None) -> ConfigRead:
    hint = "the defaults are used"
    return ConfigRead(
        path=path, is_there=True, problems=(ConfigProblem(line=line, key="", problem=problem, hint=hint),)
    )


class _Reading:
    """One reading of a document that could be parsed."""

    def __init__(self, line_of: Callable[[DataPath], int | None]) -> None:
        self._line_of = line_of
        self._problems: list[ConfigProblem] = []

    def read(self, path: Path, data: Mapping[str, Data]) -> ConfigRead:
        config = Config()
        for key, value in data.items():
            if key == _KEYS:
                config = replace(config, actions=self._actions(value))
            elif key == _FILTERS:
                config = replace(config, filters=dict(self._filters(value)))
            elif key == _VIEWER:
                config = replace(config, viewers=dict(self._viewers(value)))
            elif key not in SETTINGS:
                self._tell((key,), "is no key mlver knows", did_you_mean(nearest_keys(key, TOP)))
            else:
                try:
                    config = replace(config, **SETTINGS[key](value))
                except _Wrong as wrong:
                    self._tell((key,), str(wrong))
        problems = tuple(sorted(self._problems, key=lambda one: one.line or 0))
        return ConfigRead(path=path, is_there=True, config=config, problems=problems)

    def _actions(self, value: Data) -> tuple[Action, ...]:
        if not isinstance(value, dict):
            self._tell((_KEYS,), "must be a table: [keys]")
            return ACTIONS
        actions, problems = remapped(dict(self._wishes(value)))
        for one in problems:
            self._tell((_KEYS, one.action), one.problem, one.hint)
        return actions

    def _filters(self, value: Data) -> Iterator[tuple[str, str]]:
        """Whether the words can be asked is not looked at: that is told where they are."""
        if not isinstance(value, dict):
            self._tell((_FILTERS,), "must be a table: [filters]")
            return
        for name, words in value.items():
            if isinstance(words, str) and 0 < len(words) <= LONGEST_TEXT:
                yield name, words
            else:
                self._tell((_FILTERS, name), f"must be a filter of at most {LONGEST_TEXT} characters in quotes")

    def _viewers(self, value: Data) -> Iterator[tuple[str, str]]:
        if not isinstance(value, dict):
            self._tell((_VIEWER,), "must be a table: [viewer]")
            return
        for ending, command in value.items():
            try:
                yield ending.removeprefix(".").lower(), str(_command(ending, command)[ending])
            except _Wrong as wrong:
                self._tell((_VIEWER, ending), str(wrong))

    def _wishes(self, table: Mapping[str, Data]) -> Iterator[tuple[str, list[str]]]:
        for action_id, value in table.items():
            keys = value if isinstance(value, list) else [value]
            texts = [key for key in keys if isinstance(key, str) and key]
            if len(texts) == len(keys):
                yield action_id, texts
            else:
                self._tell(
                    (_KEYS, action_id), 'must be a key or a list of keys: "s", ["s", "f3"]; [] takes its key away'
                )

    def _tell(self, path: tuple[str, ...], problem: str, hint: str = "") -> None:
        self._problems.append(ConfigProblem(line=self._line_of(path), key=".".join(path), problem=problem, hint=hint))
