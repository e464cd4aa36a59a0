"""`mlver diff A B --key optimiser.lr`: one param on both sides, the values it ever had, and the metric with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlver.errors import BadArgument
from mlver.model.change import Kind, Missing
from mlver.model.comparison import Comparison
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver.model.param_history import ParamHistory
from mlver_tui.commands.comparison_json import entry_document
from mlver_tui.commands.json_output import Json, json_text, note_document, plain, row_document
from mlver_tui.view_models.change_entries import Entry
from mlver_tui.view_models.change_rows import ChangeRow, Shown, TreeOutline
from mlver_tui.view_models.param_lines import param_lines, sources_of
from mlver_tui.view_models.spans import bright, line

if TYPE_CHECKING:
    from mlver.model.version import VersionRow
    from mlver.project import Project
    from mlver_tui.commands.invocation import Invocation


def show_param(
    invocation: Invocation, project: Project, sides: tuple[VersionRow, VersionRow], key: str, *, as_json: bool
) -> bool:
    """Tell all of one param; whether it differs. Raises BadArgument when neither side has it."""
    console = invocation.console
    before, after = sides
    with console.progress() as progress:
        comparison = project.compare_unopened(before, after, report=progress)
        row = found_param(comparison, key)
        told = project.param_history(after, row.path, ignore=comparison.after.manifest.ignore)
    if as_json:
        console.show_text(json_text(_document(comparison, row, told)))
    else:
        glyphs = console.glyphs
        console.show_all(
            [line(bright(glyphs.data(row.name))), *param_lines(comparison, row, told, console.width or 120, glyphs)]
        )
    return row.node.kind is not Kind.SAME


def found_param(comparison: Comparison, key: str) -> ChangeRow:
    """The row of a param by its dotted name; a branch is none."""
    outline = TreeOutline(comparison.params)
    places = [place for place, node in enumerate(outline.nodes) if not node.children]
    found = next((place for place in places if outline.names[place] == key), None)
    if found is None:
        near = did_you_mean(nearest_keys(key, (outline.names[place] for place in places)))
        raise BadArgument(f"--key {key}: neither version has such a param", hint=near or "mlver diff A B -a lists all")
    return outline.row(found, Shown(everything=True))


def _document(comparison: Comparison, row: ChangeRow, told: ParamHistory) -> dict[str, Json]:
    sources = sources_of(comparison, row)
    return {
        "before": row_document(comparison.before.row),
        "after": row_document(comparison.after.row),
        "param": entry_document(Entry(path=row.path, node=row.node, is_file=False)),
        "source_before": sources[0],
        "source_after": sources[1],
        "history": [{**_value(one.value), "count": one.count} for one in told.stretches],
        "metric": told.metric,
        "told": "best" if told.is_best else "median",
        "tried": [
            {
                **_value(one.value),
                "count": one.count,
                "measured": one.measured,
                "version": one.version.key if one.version else None,
                "also_changed": list(one.also_changed),
            }
            for one in told.tried
        ],
        "note": note_document(told.note) if told.note else None,
        "unread": told.unread,
    }


def _value(value: object) -> dict[str, Json]:
    return {} if isinstance(value, Missing) else {"value": plain(value)}
