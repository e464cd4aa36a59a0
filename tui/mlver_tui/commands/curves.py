"""`mlver curves`: the recorded curves of versions, overlaid in one chart per metric."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from mlver.errors import FileNotFoundInVersion, VersionNotFound
from mlver_tui.commands.failures import FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import with_scope
from mlver_tui.view_models.numbers import amount, decimals_of, number
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned

if TYPE_CHECKING:
    from mlver.model.curve import Curve
    from mlver.model.version import VersionRow

_LOOKS = (
    ("cyan", Tone.SIDE_A),
    ("magenta", Tone.SIDE_B),
    ("orange", Tone.WORSE),
    ("blue+", Tone.BETTER),
    ("red", Tone.WARNING),
)
"""The chart's colour and the legend's tone, which is drawn in the same one; A and B first, as on every screen."""
_ROWS, _COLUMNS = 14, 80
_MOST_CHARTS = 4
_AXES = str.maketrans("┤│─┼└┘┌┐├┬┴", "||-+++++|++")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One curve of one version."""

    version: VersionRow
    name: str
    """What the version is called, safe to show."""
    curve: Curve

    @property
    def title(self) -> str:
        """Metric and context: what curves must share to stand in one chart."""
        return f"{self.curve.metric} ({self.curve.context})" if self.curve.context else self.curve.metric


@click.command("curves")
@click.argument("versions", metavar="V...", nargs=-1, required=True)
@click.option("--metric", metavar="NAME", help="Only the curves of this metric.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Write CSV: version, metric, context, step, value.")
@click.pass_obj
@with_scope
def command(
    invocation: Invocation, *, versions: tuple[str, ...], metric: str | None, as_json: bool, as_csv: bool
) -> int:
    """Show the recorded curves of one or more versions, a chart for each metric."""
    from mlver_tui.view_models.version_rows import shown_name

    console = invocation.console
    with invocation.open_project() as project:
        rows = list({row.key: row for row in map(project.find, versions)}.values())
        curves = {row.key: project.curves(row) for row in rows}
    drawn = [
        Drawn(row, shown_name(row, console.glyphs), curve)
        for row in rows
        for curve in curves[row.key]
        if metric in {None, curve.metric}
    ]
    if not drawn:
        _explain(rows, [curve for found in curves.values() for curve in found], metric)
    if as_json:
        console.show_text(_json(rows, drawn))
    elif as_csv:
        console.show_text(_csv(drawn, invocation))
    else:
        _show_charts(invocation, drawn)
    return FINE if all(one.curve.complete for one in drawn) else INCOMPLETE


def _explain(rows: Sequence[VersionRow], curves: Iterable[Curve], metric: str | None) -> None:
    """Nothing can be shown: say why."""
    names = sorted({curve.metric for curve in curves})
    if metric is not None and names:
        raise VersionNotFound(f"there is no curve of '{metric}'", hint=f"there are: {', '.join(names)}")
    from mlver_tui.view_models.origin import curves_hint

    said = " and ".join(row.name for row in rows)
    hints = dict.fromkeys(map(curves_hint, rows))
    raise FileNotFoundInVersion(f"{said}: no curves were recorded", hint="; ".join(hints))


def _json(rows: Iterable[VersionRow], drawn: Sequence[Drawn]) -> str:
    from mlver_tui.commands.json_output import json_text, plain

    versions = [
        {
            "name": row.name,
            "key": row.key,
            "curves": [plain(one.curve) for one in drawn if one.version.key == row.key],
        }
        for row in rows
    ]
    return json_text({"versions": versions, "complete": all(one.curve.complete for one in drawn)})


def _csv(drawn: Iterable[Drawn], invocation: Invocation) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["version", "metric", "context", "step", "value"])
    safe = invocation.console.glyphs.data
    for one in drawn:
        names = (one.name, safe(one.curve.metric), safe(one.curve.context))
        table.writerows((*names, step, value) for step, value in zip(one.curve.steps, one.curve.values, strict=True))
    return text.getvalue()


def _show_charts(invocation: Invocation, drawn: Sequence[Drawn]) -> None:
    console = invocation.console
    titles = list(dict.fromkeys(one.title for one in drawn))
    for title in titles[:_MOST_CHARTS]:
        console.show(line(bright(console.glyphs.data(title))))
        _show_chart(invocation, [one for one in drawn if one.title == title])
        console.show(EMPTY)
    if len(titles) > _MOST_CHARTS:
        others = ", ".join(map(console.glyphs.data, titles[_MOST_CHARTS:]))
        console.say(line(dim("not shown: "), others, dim("; --metric NAME shows one")))


def _show_chart(invocation: Invocation, chart: Sequence[Drawn]) -> None:
    from mlver_tui.charts import ChartLook, Series, draw_chart
    from mlver_tui.commands.live_output import without_colours

    console = invocation.console
    series = [
        Series(curve=one.curve, colour=_LOOKS[index % len(_LOOKS)][0], marker=marker)
        for index, (one, marker) in enumerate(zip(chart, _markers(invocation, len(chart)), strict=True))
    ]
    text = draw_chart(series, ChartLook(columns=console.width or _COLUMNS, rows=_ROWS)).text
    if not console.has_colours:
        text = without_colours(text)
    if console.glyphs.is_ascii:
        text = text.translate(_AXES)
    if text:
        console.show_text("\n".join(one.rstrip() for one in text.splitlines()))
    console.show_all(aligned(list(_legend(invocation, chart)), right={1, 2}))


def _markers(invocation: Invocation, curves: int) -> list[str]:
    """A sign for each curve, where colours and fine dots cannot tell them apart."""
    from mlver_tui.charts import MARKERS

    console = invocation.console
    is_plain = console.glyphs.is_ascii or (curves > 1 and not console.has_colours)
    return [MARKERS[index % len(MARKERS)] if is_plain else "" for index in range(curves)]


def _legend(invocation: Invocation, chart: Sequence[Drawn]) -> Iterator[list[Line]]:
    console = invocation.console
    for index, (one, marker) in enumerate(zip(chart, _markers(invocation, len(chart)), strict=True)):
        curve = one.curve
        last = number(curve.values[-1], decimals_of(curve.values[-1:]), glyphs=console.glyphs) if curve.values else ""
        notes = [f"{amount(curve.skipped, 'row')} without a number"] if curve.skipped else []
        notes += [] if curve.complete else ["incomplete: the history is longer than the limit"]
        yield [
            line(Span(f"  {marker} {one.name}" if marker else f"  {one.name}", _LOOKS[index % len(_LOOKS)][1])),
            line(dim(amount(len(curve.steps), "point"))),
            line(f"last {last}"),
            line(Span(", ".join(notes), Tone.WARNING)),
        ]
