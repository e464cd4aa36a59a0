"""`mlver list`: the versions, newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mlver.errors import NoVersions
from mlver.model.filtering import Around, Narrowed
from mlver_tui.commands.failures import FINE, INCOMPLETE, NOTHING_FOUND
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.models import no_such_model
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.filter_prompt import unread_text
from mlver_tui.view_models.ledger_lines import badge, stages_named
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.text import cut
from mlver_tui.view_models.version_rows import VersionTable, version_table

if TYPE_CHECKING:
    from mlver.model.version import Listing, VersionRow
    from mlver.project import Project

_EMPTY_HINT = (
    "mlver init writes a mlver.yaml and mlver run records the first one; mlver demo shows a sample. Looked for: "
    "DVC files, configs and metrics in tags and branches, mlflow.db, mlruns/ (docs/histories.md)"
)


@click.command("list")
@click.option("-m", "--model", help="Only the versions of this model.")
@click.option("-n", "--number", type=click.IntRange(min=1), help="Only the newest so many.")
@click.option("-w", "--where", metavar="FILTER", help="Only those that pass: 'metric.accuracy>=0.9 stage:production'.")
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
def command(  # noqa: PLR0913 one argument for each option
    invocation: Invocation, *, model: str | None, number: int | None, where: str | None, as_json: bool, form: str
) -> int:
    """Show the versions, newest first: what changed in each and whether it helped."""
    return show_list(invocation, model=model, number=number, where=where, form="json" if as_json else form)


def show_list(
    invocation: Invocation,
    *,
    model: str | None = None,
    number: int | None = None,
    where: str | None = None,
    form: str = "text",
) -> int:
    """Print the list and give the exit code."""
    console = invocation.console
    with invocation.open_project() as project, console.progress() as report:
        listing = project.refresh(report=report)
        found = _passing(project, listing, _chosen(listing, model), where)
        rows = found.rows[:number]
        params = project.params_of(rows) if form in {"json", "csv"} else {}
    if form == "json":
        from mlver_tui.commands.json_output import json_text
        from mlver_tui.list_export import list_document

        unread = {"unread": found.unread} if where else {}
        document = {**list_document(listing, rows, params), **unread, "complete": _is_complete(listing, found)}
        console.show_text(json_text(document))
        return _code(listing, found) if rows else NOTHING_FOUND
    if not rows and not found.unread:
        raise _nothing(listing, where)
    if form != "text":
        from mlver_tui.list_export import list_text

        console.show_text(list_text(listing, rows, params, form, console.glyphs))
    else:
        console.show_all(list_lines(listing, rows, invocation, console.width) if rows else [])
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


def list_lines(listing: Listing, rows: Sequence[VersionRow], invocation: Invocation, width: int | None) -> list[Line]:
    """The table; versions of several models have a column that says whose they are."""
    glyphs = invocation.console.glyphs
    by_key = {row.key: row for row in (*listing.rows, *listing.kin)}
    table = version_table(rows, find=by_key.get, now=time.time(), glyphs=glyphs)
    shown = [_cells(table, row, width) for row in rows]
    cells = [_head(table), *shown]
    if table.has_stages:
        # A pipe has room for whole names.
        stages = [badge(row.stages, glyphs) if width else stages_named(row.stages, glyphs) for row in rows]
        cells = [[*each, line(stage)] for each, stage in zip(cells, [dim("STAGE"), *stages], strict=True)]
    shift = 1 if table.longest_model else 0
    return aligned(cells, right={1 + shift, 4 + shift}, flexible=2 + shift, width=width)


def _head(table: VersionTable) -> list[Line]:
    against = "vs parent" if table.glyphs.is_ascii else "Δ parent"
    heads = ["NAME", "AGE", "WHY", "CDPEHS", table.heading, against, *(["RE"] if table.has_replays else [])]
    return [line(dim(head)) for head in (["MODEL", *heads] if table.longest_model else heads)]


def _cells(table: VersionTable, row: VersionRow, width: int | None) -> list[Line]:
    cells = table.cells(row)
    model = (
        [line(_cut(Span(table.glyphs.data(row.model)), table.model_width(width) if width else None))]
        if table.longest_model
        else []
    )
    # The sign stands immediately left of its number, and a list of them must stay a column.
    delta = line(Span(cells.delta_sign.text + " ", cells.delta_sign.tone), cells.delta) if cells.delta.text else EMPTY
    return [
        *model,
        line(_cut(cells.name, table.name_width(width) if width else None)),
        line(cells.age),
        cells.why,
        cells.strip,
        line(cells.value),
        delta,
        *([line(cells.replay)] if table.has_replays else []),
    ]


def _cut(name: Span, width: int | None) -> Span:
    """At a terminal long names leave room for what else there is to say; a pipe gets them whole."""
    return Span(cut(name.text, width), name.tone) if width else name
