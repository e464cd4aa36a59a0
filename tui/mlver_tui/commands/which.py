"""`mlver which`: the versions that hold a file's content."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mlver.errors import VersionNotFound
from mlver_tui.commands.failures import FINE, NOTHING_FOUND
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.numbers import age
from mlver_tui.view_models.spans import Line, bright, dim, line
from mlver_tui.view_models.tables import aligned
from mlver_tui.view_models.values import digest_head, short_digest
from mlver_tui.view_models.version_rows import shown_name

if TYPE_CHECKING:
    from mlver.project import Occurrence


_HELD = "versions hold declared inputs, data and outputs"
_TOLD = 3


@click.command("which")
@click.argument("what", metavar="FILE|DIGEST")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_obj
@with_scope
def command(invocation: Invocation, *, what: str, as_json: bool) -> int:
    """Find the versions that a file is of, by its content.

    A digest is a sha256, or what git and DVC have instead, or its first 8 digits or more.
    """
    console = invocation.console
    with invocation.open_project() as project:
        here = invocation.folder / what
        search = project.which(str(here) if here.exists() else what)
    found = search.occurrences
    if as_json:
        from mlver_tui.commands.json_output import json_text, row_document

        occurrences = [
            {"version": row_document(one.version), "path": one.path, "role": one.role, "digest": one.digest}
            for one in found
        ]
        console.show_text(
            json_text({"occurrences": occurrences, "complete": not search.unread, "unread": search.unread})
        )
        return FINE if found else NOTHING_FOUND
    if not found:
        hint = f"nobody could look into {_told(search.unread)}" if search.unread else _HELD
        raise VersionNotFound(f"no version here holds {what}", hint=hint)
    now = time.time()
    heads = [
        line(dim(head)) for head in ("NAME", "AGE", "WHAT", "PATH", digest_head(one.digest for one in found), "WHY")
    ]
    rows = [heads, *(_cells(one, invocation, now) for one in found)]
    console.show_all(aligned(rows, right={1}, flexible=3, width=console.width))
    return FINE


def _told(unread: Sequence[str]) -> str:
    more = f" and {len(unread) - _TOLD} more" if len(unread) > _TOLD else ""
    return f"{', '.join(unread[:_TOLD])}{more}"


def _cells(found: Occurrence, invocation: Invocation, now: float) -> list[Line]:
    glyphs = invocation.console.glyphs
    row = found.version
    return [
        line(bright(shown_name(row, glyphs))),
        line(dim(age(row.created, now))),
        line(glyphs.data(found.role)),
        line(glyphs.data(found.path)),
        line(dim(short_digest(found.digest, glyphs))),
        line(glyphs.data(row.title)),
    ]
