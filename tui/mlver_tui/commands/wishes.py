"""What the explorer shall be like: options first, then what was chosen in it, then the config, then what fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.settings import ANSI_COLOURS

if TYPE_CHECKING:
    from mlver.progress import Progress
    from mlver_tui.config import ConfigRead
    from mlver_tui.settings import ExplorerSettings


class Wishes(Struct, frozen=True, kw_only=True):
    """What the options of one call ask for."""

    theme: str | None = None
    """None: what the config says, else what fits."""
    is_read_only: bool = False


def explorer_settings(
    invocation: Invocation, repository: Path, wishes: Wishes, progress: Callable[[], Progress | None] | None = None
) -> ExplorerSettings:
    """The settings of the explorer of a repository; `complaints` tells what is wrong with the config."""
    from mlver_tui.kept_state import StateFile, keep_nothing
    from mlver_tui.settings import THEME_NAMES, ExplorerSettings, no_progress
    from mlver_tui.view_models.glyphs import ASCII

    environment = invocation.settings.environment
    read = read_user_config(invocation)
    kept = StateFile(invocation.settings.state / "repositories", repository.resolve())
    state = kept.read()
    chosen = (state.theme if state.theme in THEME_NAMES else read.config.theme) or "dark"
    # Of the few colours that such a terminal has, several hues of a theme would be one and the same.
    fitting = chosen if invocation.settings.colours > ANSI_COLOURS else "ansi"
    return ExplorerSettings(
        place=_place(invocation, repository),
        theme=wishes.theme or fitting,
        glyphs=ASCII if read.config.is_ascii else invocation.console.glyphs,
        actions=read.config.actions,
        complaints=tuple(problem.text() for problem in read.problems),
        filters=read.config.filters,
        is_read_only=wishes.is_read_only,
        environment=environment,
        has_mouse=read.config.has_mouse,
        pager=read.config.pager,
        viewers=read.config.viewers,
        state=state,
        keep=keep_nothing if wishes.is_read_only else kept.write,
        poll_s=read.config.poll_s,
        find_editor=cache(partial(_editor, read.config.editor, environment)),
        edit=partial(_edited, environment),
        progress=progress or no_progress,
    )


def _place(invocation: Invocation, repository: Path) -> str:
    """What `-C` needs to name; nothing where the user stands in it: at its top, or in the folder that was opened."""
    opened, stands = invocation.folder.resolve(), invocation.settings.folder.resolve()
    tops = {opened, repository.resolve()} if opened.is_dir() else set()  # the folder of a store is none of it
    return "" if stands in tops else str(opened)


def _editor(of_config: str | None, environment: Mapping[str, str]) -> str | None:
    from mlver_tui.editor import find_editor

    return of_config or find_editor(environment)


def _edited(
    environment: Mapping[str, str], editor: str, text: str, suspend: Callable[[], AbstractContextManager[None]]
) -> str:
    from mlver_tui.editor import edited

    with suspend():
        return edited(editor, text, environment)


def read_user_config(invocation: Invocation) -> ConfigRead:
    """The user's config; nothing in a repository is asked."""
    from mlver_tui.config import NAME, read_config

    return read_config(invocation.settings.config / NAME)
