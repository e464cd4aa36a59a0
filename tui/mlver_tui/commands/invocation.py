"""What one call of the program was given: the folder, the surroundings, where to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.model.scope import USUAL, Scope
from mlver_tui.commands.console import Console
from mlver_tui.commands.settings import Settings

if TYPE_CHECKING:
    from mlver.project import Project


class Invocation(Struct, frozen=True, kw_only=True):
    """One call of `mlver`; every command gets it."""

    settings: Settings
    console: Console
    folder: Path
    """Where the user stands, or what `-C` says."""
    scope: Scope = USUAL
    """Which places are asked for versions."""

    def open_project(self) -> Project:
        """The repository that the folder lies in; to be closed by the caller.

        Raises NotARepository.
        """
        from mlver.project import Project

        return Project.open(
            self.folder, environment=self.settings.environment, cache=self.settings.cache, scope=self.scope
        )
