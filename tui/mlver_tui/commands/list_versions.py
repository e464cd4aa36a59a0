"""`mlver list`: the versions, newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from mlver.errors import BadArgument, NoVersions
from mlver.model.filtering import Around, Narrowed
from mlver_tui.commands.failures import FINE, INCOMPLETE, NOTHING_FOUND
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.list_table import Columns, columns_of, list_lines
from mlver_tui.commands.models import no_such_model
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.filter_prompt import unread_text
from mlver_tui.view_models.spans import Span, Tone, line

if TYPE_CHECKING:
    from mlver.model.version import Listing, VersionRow
    from mlver.project import Project

_EMPTY_HINT = (
    "mlver init writes a mlver.yaml and mlver run records the first one; mlver demo shows a sample. Looked for: "
    "DVC files, configs and metrics in tags and branches, mlflow.db, mlruns/ (docs/histories.md)"
)


class Wanted(Struct, frozen=True, kw_only=True):
    """What of the versions is to be shown, and how."""

    model: str | None = None
    number: int | None = None
    where: str | None = None
    columns: str | None = None
    form: str = "text"


_ALL = Wanted()


@click.command("list")
@click.option("-m", "--model", help="Only the versions of this model.")
@click.option("-n", "--number", type=click.IntRange(min=1), help="Only the newest so many.")
@click.option("-w", "--where", metavar="FILTER", help="Only those that pass: 'metric.accuracy>=0.9 stage:production'.")
@click.option("--columns", metavar="NAMES", help="On the right of WHY: metric,stage,author,metric.loss,param.lr")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "md", "csv"]),
    default="text",
    help="Text (default), Markdown, or CSV with every metric and param.",
)
@click.pass_obj
@with_scope
def command(invocation: Invocation, *, as_json: bool, form: str, **wishes: Any) -> int:
    """Show the versions, newest first: what changed in each and whether it helped."""
    wanted = Wanted(form="json" if as_json else form, **wishes)
    if wanted.columns is not None and wanted.form != "text":
        raise BadArgument("--columns is for text", hint="JSON and CSV have everything")
    return show_list(invocation, wanted)


def show_list(invocation: Invocation, wanted: Wanted = _ALL) -> int:
    """Print the list and give the exit code."""
    console = invocation.console
    with invocation.open_project() as project, console.progress() as report:
        listing = project.refresh(report=report)
        found = _passing(project, listing, _chosen(listing, wanted.model), wanted.where)
        rows = found.rows[: wanted.number]
        params = project.params_of(rows) if wanted.form in {"json", "csv"} else {}
        columns = (
            columns_of(wanted.columns, rows, project.filters) if wanted.columns is not None and rows else Columns()
        )
    if wanted.form == "json":
        from mlver_tui.commands.json_output import json_text
        from mlver_tui.list_export import list_document

        unread = {"unread": found.unread} if wanted.where else {}
        document = {**list_document(listing, rows, params), **unread, "complete": _is_complete(listing, found)}
        console.show_text(json_text(document))
        return _code(listing, found) if rows else NOTHING_FOUND
    if not rows and not found.unread:
        raise _nothing(listing, wanted.where)
    if wanted.form != "text":
        from mlver_tui.list_export import list_text

        console.show_text(list_text(listing, rows, params, wanted.form, console.glyphs))
    elif rows:
        console.show_all(list_lines(listing, rows, console.glyphs, console.width, columns))
    problems = (*listing.problems, *([unread_text(found.unread)] if found.unread else []))
    console.say(*(line(Span("! ", Tone.WARNING), console.glyphs.data(problem)) for problem in problems))
    return _code(listing, found)


def _is_complete(listing: Listing, found: Narrowed) -> bool:
    return listing.is_current and not listing.is_cut and not found.unread


def _code(listing: Listing, found: Narrowed) -> int:
    return FINE if _is_complete(listing, found) else INCOMPLETE


def _nothing(listing: Listing, where: str | None) -> NoVersions:
    if not listing.rows or not where:
        return NoVersions("there are no versions yet", hint=_EMPTY_HINT)
    return NoVersions("no version passes the filter", hint="docs/filters.md tells what it can say")


def _passing(project: Project, listing: Listing, rows: Sequence[VersionRow], where: str | None) -> Narrowed:
    if not where:
        return Narrowed(tuple(rows))
    by_key = {row.key: row for row in (*listing.rows, *listing.kin)}
    return project.filters.matching(rows, where, Around(now=time.time(), find=by_key.get))


def _chosen(listing: Listing, model: str | None) -> Sequence[VersionRow]:
    if model is None:
        return listing.rows
    rows = [row for row in listing.rows if row.model == model]
    if not rows:
        raise no_such_model(model, (row.model for row in listing.rows))
    return rows
