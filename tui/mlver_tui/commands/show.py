"""`mlver show`: one version, whole."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from mlver.errors import BadArgument, FileNotFoundInVersion, MlverError
from mlver.model.source_names import NATIVE
from mlver_tui.commands.failures import FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.named_files import of_version
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.text import sanitise_lines

if TYPE_CHECKING:
    from mlver.model.replay import ReplayRecord
    from mlver.model.version import Version, VersionRow
    from mlver.project import Project
    from mlver_tui.commands.console import Console
    from mlver_tui.view_models.detail import Detail


@click.command("show")
@click.argument("version", metavar="V[:path]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--format", "form", type=click.Choice(["text", "md"]), default="text", help="Text (default) or Markdown.")
@click.option("--log", "is_log", is_flag=True, help="The end of the run's log instead.")
@click.option(
    "-a", "--all", "everything", is_flag=True, help="The environment with every package too; of a file all it holds."
)
@click.pass_obj
@with_scope
def command(  # noqa: PLR0913 one argument for each option
    invocation: Invocation, *, version: str, as_json: bool, form: str, is_log: bool, everything: bool
) -> int:
    """Show one version: what made it and what came out.

    V is a name, a run id, a recipe, a commit (or the beginning of one), a stage, `latest`, or `V^` for the parent of V.
    V:path shows a file of it: a text, of anything else what its format says. Into a pipe or a file it gives the bytes
    as they are, unless -a or --json asks what the file holds.
    """
    console = invocation.console
    if of_version(invocation.folder, version):
        from mlver_tui.commands.show_file import WantedOfFile, show_file

        if is_log or form == "md":
            raise BadArgument("a file has no log and no Markdown", hint="text (the default) and --json are there")
        return show_file(invocation, version, WantedOfFile(as_json=as_json, everything=everything))
    with invocation.open_project() as project, console.progress() as report:
        project.refresh(report=report)
        if is_log:
            return _show_log(console, project, project.find(version))
        detail = _detail(project, version, invocation)
    if as_json:
        console.show_text(_json(detail))
    elif form == "md" and detail.version is not None:
        from mlver_tui.commands.markdown import version_markdown

        console.show_text(version_markdown(detail.version, detail.events, detail.notes.notes, console.glyphs))
    else:
        from mlver_tui.view_models.version_report import version_report

        console.show_all(version_report(detail, width=console.width, everything=everything))
    return FINE if detail.version is not None else INCOMPLETE


def _show_log(console: Console, project: Project, row: VersionRow) -> int:
    """Print the end of the log. Steps that wrote nothing have an empty one; other tools' versions have none."""
    log = project.log(row)
    if not log and row.source != NATIVE:
        raise FileNotFoundInVersion(
            f"no log was recorded of {row.name}", hint="only `mlver run` keeps what the steps of a run write"
        )
    if log:
        console.show_text("".join(f"{one}\n" for one in log_lines(log)))
    return FINE


def _detail(project: Project, text: str, invocation: Invocation) -> Detail:
    """What is known of the version; one that cannot be read shows why."""
    from mlver_tui.view_models.detail import Detail
    from mlver_tui.view_models.ledger_lines import events_for
    from mlver_tui.view_models.nesting import nested_in

    row = project.find(text)
    parent = project.remembered().of(row.parent)
    events = events_for(row, project.ledger())
    version: Version | None = None
    replays: tuple[ReplayRecord, ...] = ()
    notes = project.notes_of(row)
    if not row.is_broken:
        try:
            version = project.version(row)
            replays = project.replays_of(row)
        except MlverError:
            if row.problem is None:
                raise
    return Detail(
        row=row,
        version=version,
        replays=replays,
        events=events,
        notes=notes,
        against=parent,
        nested_in=parent,
        nested=nested_in(row, project.remembered().rows),
        now=time.time(),
        glyphs=invocation.console.glyphs,
    )


def _json(detail: Detail) -> str:
    from mlver_tui.commands.json_output import event_document, json_text, note_document, plain, row_document
    from mlver_tui.view_models.ledger_lines import is_about

    version = detail.version
    return json_text(
        {
            "version": row_document(detail.row),
            "manifest": plain(version.manifest) if version else None,
            "packages": plain(version.packages) if version else None,
            "history": [event_document(event) for event in detail.events if is_about(event, detail.row)],
            "notes": [note_document(note) for note in detail.notes.notes],
            "replays": [plain(record) for record in detail.replays],
            "complete": version is not None,
        }
    )


def log_lines(log: bytes) -> list[str]:
    """The log, safe to show: colours are left out, and what a progress bar had overwritten is a line of its own."""
    from mlver_tui.commands.live_output import without_colours

    text = without_colours(log.decode("utf-8", "backslashreplace"))
    return sanitise_lines(text.replace("\r\n", "\n").replace("\r", "\n"))
