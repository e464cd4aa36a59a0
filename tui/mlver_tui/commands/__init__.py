"""The `mlver` commands: the explorer's abilities for scripts, continuous integration and people who like commands."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """The program `mlver`."""
    # Imported here, so that the explorer's entry point, which lies in this package too, does not load the commands.
    from mlver_tui.commands.program import run_mlver

    run_mlver()
