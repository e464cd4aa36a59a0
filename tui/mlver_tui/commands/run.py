"""`mlver run`: train and record a version."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlver.errors import BadArgument
from mlver.model.status import Status
from mlver_tui.commands.failures import FAILED, FINE, INTERRUPTED
from mlver_tui.commands.invocation import Invocation
from mlver_tui.view_models.spans import Span, Tone, bright, dim, line

if TYPE_CHECKING:
    from mlver.model.data import Data
    from mlver.model.version import Listing, VersionRow
    from mlver.project import Project, RunRequest

_CODES = {Status.DONE: FINE, Status.FAILED: FAILED, Status.INTERRUPTED: INTERRUPTED}


@click.command("run")
@click.option("-S", "--set", "settings", metavar="KEY=VALUE", multiple=True, help="Set a param for this run alone.")
@click.option("--reason", metavar="TEXT", help="Why: shown in the list.")
@click.option("--isolated", is_flag=True, help="Run in a fresh folder; --set implies it.")
@click.option(
    "--parent", metavar="V", help="The version it is compared with; else the nearest in the history of commits."
)
@click.option(
    "--allow-secret",
    "allow_secrets",
    metavar="PATH",
    multiple=True,
    help="Record that file although it looks like a secret.",
)
@click.option(
    "-f", "--file", type=click.Path(path_type=Path), help="This project file instead of the nearest mlver.yaml."
)
@click.option("-q", "--quiet", is_flag=True, help="Do not show what the steps write.")
@click.option("--json", "as_json", is_flag=True, help="Write the recorded version as JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 one argument for each option
    invocation: Invocation,
    *,
    settings: tuple[str, ...],
    reason: str | None,
    isolated: bool,
    parent: str | None,
    allow_secrets: tuple[str, ...],
    file: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run the steps of mlver.yaml and record what went in and what came out as a new version.

    A failed or interrupted run is recorded as such.
    """
    from mlver.project import RunRequest

    with invocation.open_project() as project:
        request = RunRequest(
            folder=invocation.folder.absolute(),
            file=invocation.folder.absolute() / file if file else None,
            settings=parsed_settings(settings),
            reason=reason,
            parent=_run_of(project, parent),
            isolated=isolated,
            allow_secrets=allow_secrets,
        )
        row = _recorded(invocation, project, request, is_quiet=quiet)
        listing = project.remembered()
    if as_json:
        from mlver_tui.commands.json_output import json_text, row_document

        invocation.console.show_text(json_text({"version": row_document(row), "complete": True}))
    else:
        _tell(invocation, listing, row)
    return _CODES[row.status]


def parsed_settings(texts: Iterable[str]) -> dict[str, Data]:
    """`KEY=VALUE` texts as params. Raises BadArgument for a text of another form, and for a key that comes twice."""
    from mlver.project import parse_value

    settings: dict[str, Data] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise BadArgument(f"--set {text}: not of the form KEY=VALUE", hint="for example: --set optimiser.lr=0.003")
        if key.strip() in settings:
            raise BadArgument(f"--set {key.strip()} is given twice", hint="one run has one value")
        settings[key.strip()] = parse_value(value)
    return settings


def _run_of(project: Project, text: str | None) -> str | None:
    if text is None:
        return None
    row = project.find(text)
    if row.run is None:
        raise BadArgument(f"{row.name} cannot be a parent: it is no recorded run", hint="mlver list shows the runs")
    return row.run


def _recorded(invocation: Invocation, project: Project, request: RunRequest, *, is_quiet: bool) -> VersionRow:
    from mlver_tui.commands.steps_output import StepsOutput
    from mlver_tui.commands.stopping import stopped_by_signals

    output = StepsOutput(invocation.console, is_quiet=is_quiet)
    with stopped_by_signals("stopping: the run will be recorded as interrupted") as should_stop:
        try:
            return project.run(request, on_event=output.show, should_stop=should_stop)
        finally:
            output.finish()


def _tell(invocation: Invocation, listing: Listing, row: VersionRow) -> None:
    """The new version as the list shows it, and what to do next."""
    from mlver_tui.commands.list_table import list_lines

    console = invocation.console
    console.show_all(list_lines(listing, [row], console.glyphs, console.width))
    name = console.glyphs.data(unique_name(listing, row))
    if row.status is not Status.DONE:
        problem = console.glyphs.data(row.problem or row.status.value)
        console.say(line(Span(f"{row.status.value}: ", Tone.WARNING), problem))
        console.say(line(dim("next: "), bright(f"mlver show {name} --log")))
        return
    command = f"mlver diff {name}" if row.parent else f"mlver show {name}"
    console.say(line(dim("next: "), bright(command)))


def unique_name(listing: Listing, row: VersionRow) -> str:
    """The shortest words that `mlver` will understand as this version."""
    is_taken = any(other.key != row.key and row.name in {other.name, *other.names} for other in listing.rows)
    return f"{row.model}@{row.name}" if is_taken else row.name
