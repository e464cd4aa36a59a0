"""`mlver-tui`: the full-screen explorer, where there is a terminal that can show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlver_tui.commands.console import Console
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import scope_of, scope_options
from mlver_tui.commands.settings import Settings, read_settings
from mlver_tui.commands.wishes import Wishes, explorer_settings
from mlver_tui.interpreter import start_up
from mlver_tui.settings import THEME_NAMES
from mlver_tui.view_models.spans import EMPTY, line

if TYPE_CHECKING:
    from mlver.progress import Progress

_NONE = Wishes()
_PLAIN = "this is no terminal that the explorer could use, so here is the list (mlver --help has the rest)"


@click.command("mlver-tui", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option(
    "--demo", "is_demo", is_flag=True, help="Open the sample project; the first time it is made by training it."
)
@click.option("--demo-folder", type=click.Path(path_type=Path), help="Where the sample project is kept.")
@click.option(
    "--theme", type=click.Choice(THEME_NAMES), default=None, help="The colours; ansi: the terminal's own sixteen."
)
@click.option("--ansi", "is_ansi", is_flag=True, help="The same as --theme ansi.")
@click.option("--ascii", "wants_ascii", is_flag=True, help="Use ASCII signs only.")
@click.option("--read-only", "is_read_only", is_flag=True, help="Offer nothing that writes or runs.")
@scope_options
@click.version_option(package_name="mlver-tui", prog_name="mlver-tui")
def mlver_tui(  # noqa: PLR0913 one argument for each option
    *,
    path: Path | None,
    is_demo: bool,
    demo_folder: Path | None,
    theme: str | None,
    is_ansi: bool,
    wants_ascii: bool,
    is_read_only: bool,
    refs: tuple[str, ...],
    commits: str | None,
    limit: int,
    at: str | None,
    deleted: bool,
) -> int:
    """Explore the versions of the repository in PATH (here, when it is not given)."""
    settings = read_settings()
    console = Console(settings, wants_ascii=wants_ascii)
    wishes = Wishes(theme="ansi" if is_ansi else theme, is_read_only=is_read_only)
    if is_demo or demo_folder:
        from mlver_tui.commands.demo import open_demo

        return open_demo(Invocation(settings=settings, console=console, folder=settings.folder), demo_folder, wishes)
    scope = scope_of(refs=refs, commits=commits, limit=limit, at=at, deleted=deleted)
    invocation = Invocation(settings=settings, console=console, folder=path or settings.folder, scope=scope)
    return explore(invocation, wishes)


def main() -> None:
    """The entry point of `mlver-tui`."""
    from mlver_tui.commands.program import finish

    finish(mlver_tui, "mlver-tui")


def can_explore(settings: Settings) -> bool:
    """Whether there is a terminal with somebody before it."""
    return settings.output_is_terminal and settings.input_is_terminal and not settings.is_dumb


def explore(
    invocation: Invocation, wishes: Wishes = _NONE, progress: Callable[[], Progress | None] | None = None
) -> int:
    """Open the explorer on the invocation's folder; without a terminal print the list instead.

    Args:
        invocation: which folder, and where to show it.
        wishes: what the options ask for.
        progress: what is recorded meanwhile, if anything is.
    """
    if not can_explore(invocation.settings):
        return _list_instead(invocation)
    start_up()
    # The repository is opened before the app is loaded, so that a wrong folder is answered at once.
    with invocation.open_project() as project:
        settings = explorer_settings(invocation, project.folder, wishes, progress)
        invocation.console.say(*(line(invocation.console.glyphs.data(one)) for one in settings.complaints))
        from asyncio import Runner

        from mlver_tui.app import MlverApp
        from mlver_tui.native_noise import noise_left_out

        app = MlverApp(project, settings)
        with noise_left_out(), Runner(loop_factory=app.turns.loop) as runner:
            runner.run(app.run_async(mouse=settings.has_mouse))
    if app.failure:
        raise app.failure  # the terminal is as it was: the sentence and the file that every command gives
    return app.return_code or 0


def _list_instead(invocation: Invocation) -> int:
    from mlver_tui.commands.list_versions import show_list

    invocation.console.say(line(_PLAIN), EMPTY)
    return show_list(invocation)
