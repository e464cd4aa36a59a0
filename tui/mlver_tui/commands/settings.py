"""What the user's surroundings say: variables, folders, the terminal. The front ends read them nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

_LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
_AMBIGUOUS_WIDTH = ("ja", "ko", "zh")
"""Languages whose terminals draw some of the signs two cells wide."""
ANSI_COLOURS = 16
"""What the plainest terminal with colours has; what they look like is its user's choice."""


class Settings(Struct, frozen=True, kw_only=True, dict=True):
    """The surroundings of one call."""

    environment: Mapping[str, str]
    """The user's variables."""
    folder: Path
    """Where the user stands."""
    output_is_terminal: bool = False
    errors_are_terminal: bool = False
    input_is_terminal: bool = False
    width: int = 80
    """Cells of the terminal's lines."""
    height: int = 24
    """Lines of the terminal."""
    can_show_unicode: bool = True
    """Whether the encoding of the output can."""

    @property
    def has_colours(self) -> bool:
        """Whether the user's terminal shows colours and the user wants them."""
        return self.colours > 0

    @property
    def colours(self) -> int:
        """How many the terminal shows by its variables, read as what draws reads them; 0: none, or none wanted."""
        if self.environment.get("NO_COLOR") or self.is_dumb:
            return 0
        if self.environment.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
            return 1 << 24
        return 256 if self.environment["TERM"].rpartition("-")[2] in {"256color", "kitty"} else ANSI_COLOURS

    @property
    def is_dumb(self) -> bool:
        """Whether the terminal knows no control sequences."""
        return self.environment.get("TERM", "") in {"", "dumb"}

    @property
    def needs_ascii(self) -> bool:
        """Whether the locale or the encoding cannot show the signs in one cell each."""
        locale = next((value for name in _LOCALE_VARIABLES if (value := self.environment.get(name))), "C")
        return not self.can_show_unicode or locale in {"C", "POSIX"} or locale.startswith(_AMBIGUOUS_WIDTH)

    @cached_property
    def cache(self) -> Path:
        """Where mlver keeps what can be made again."""
        from platformdirs import user_cache_path

        return user_cache_path("mlver", appauthor=False)

    @cached_property
    def config(self) -> Path:
        """Where the user says what the explorer shall be like."""
        from platformdirs import user_config_path

        return user_config_path("mlver", appauthor=False)

    @cached_property
    def state(self) -> Path:
        """Where mlver keeps what was last looked at."""
        from platformdirs import user_state_path

        return user_state_path("mlver", appauthor=False)

    @cached_property
    def data(self) -> Path:
        """Where mlver keeps what belongs to the user."""
        from platformdirs import user_data_path

        return user_data_path("mlver", appauthor=False)


def read_settings() -> Settings:
    """The surroundings as they are now."""
    from shutil import get_terminal_size

    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    size = get_terminal_size((80, 24))
    return Settings(
        environment=dict(os.environ),  # noqa: TID251 the one place that reads them; everything else is handed a mapping
        folder=_current_folder(),
        output_is_terminal=_is_terminal(sys.stdout),
        errors_are_terminal=_is_terminal(sys.stderr),
        input_is_terminal=_is_terminal(sys.stdin),
        width=max(1, size.columns),
        height=max(1, size.lines),
        can_show_unicode=encoding.startswith("utf"),
    )


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        return Path()  # the folder was deleted under the shell: what opens it says so


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]  # a closed or missing stream is none
    except (AttributeError, ValueError, OSError):
        return False
