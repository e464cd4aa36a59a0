"""The program `mlver`: finds the command, runs it, and turns what it gives or raises into an exit code.

A command's module is loaded when the command is called: `mlver --help` loads none of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import cast

import click

from mlver_tui.commands.failures import exit_code_of
from mlver_tui.commands.settings import read_settings
from mlver_tui.commands.table import TABLE

_ENTRIES = {entry.name: entry for entry in TABLE}


class LazyGroup(click.Group):
    """The commands of the table, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """The names, in the table's order."""
        return list(_ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 click's signature
        """Load a command."""
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        return cast("click.Command", import_module(f"mlver_tui.commands.{entry.module}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelt one is answered with the nearest."""
        if args and args[0] not in _ENTRIES and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _ENTRIES, n=1)
            hint = f"did you mean 'mlver {near[0]}'?" if near else "mlver --help lists the commands"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 click's signature
        """The commands and what they are for, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in TABLE])


@click.command(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="At a terminal `mlver` alone opens the explorer. `mlver COMMAND --help` says more.",
)
@click.option(
    "-C",
    "--folder",
    type=click.Path(exists=True, path_type=Path),
    default=None,
    help="Work as if started in that folder, or on that MLflow database.",
)
@click.option("--ascii", "wants_ascii", is_flag=True, help="Use ASCII signs only.")
@click.version_option(package_name="mlver-tui", prog_name="mlver")
@click.pass_context
def mlver(context: click.Context, *, folder: Path | None, wants_ascii: bool) -> int:
    """Reproducible versions of machine-learning models, in a git repository."""
    # What printing needs is loaded here: asked for help alone, click never gets here.
    from mlver_tui.commands.console import Console
    from mlver_tui.commands.invocation import Invocation

    settings = read_settings()
    console = Console(settings, wants_ascii=wants_ascii)
    invocation = Invocation(settings=settings, console=console, folder=folder or settings.folder)
    context.obj = invocation
    if context.invoked_subcommand is not None:
        return 0
    if not (settings.output_is_terminal and settings.input_is_terminal):
        click.echo(context.get_help())
        return 0
    from mlver_tui.commands.explorer import explore

    return explore(invocation)


def run_mlver() -> None:
    """The entry point of `mlver`."""
    finish(mlver, "mlver")


def finish(command: click.Command, name: str) -> None:
    """Run a click command and leave the program with its exit code."""
    if f"_{name.replace('-', '_').upper()}_COMPLETE" in read_settings().environment:
        command.main(prog_name=name)  # a shell asks what could come next; click answers and exits
    sys.exit(exit_code_of(lambda: called(command, name, sys.argv[1:])))


def called(command: click.Command, name: str, arguments: list[str]) -> int:
    """Run a click command and give its exit code; everything that ends it early is raised.

    Not by `Command.main`: it has its own ideas of what a broken pipe means.
    """
    try:
        with command.make_context(name, list(arguments)) as context:
            given = command.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return given if isinstance(given, int) else 0
