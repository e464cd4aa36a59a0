"""What can be copied of a chart: the command that prints it, what it says, and all of its points."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from mlver.model.version import VersionRow
from mlver_tui.view_models.charting import Charting
from mlver_tui.view_models.curve_axes import Axis
from mlver_tui.view_models.yanking import Yankable, command_given, command_of, given, whole_yanks


def chart_command(charting: Charting, all_rows: Sequence[VersionRow], *, form: str = "") -> str:
    """`mlver curves v1.1.0 v1.4.0 --metric loss --x epoch`; nothing for a scatter, which no command prints."""
    if charting.param is not None:
        return ""
    words = [command_of("curves", charting.rows, all_rows)]
    if charting.names and not form:
        words.append(f"--metric {shlex.quote(charting.names[charting.index][0])}")
    words += [f"--x {charting.axis.value}"] if charting.axis is not Axis.STEP else []
    words += [f"--smooth {charting.weight:g}"] if charting.weight and charting.is_of_curves else []
    words += ["--log-y"] if charting.log_y and not form else []
    return " ".join([*words, *([f"--{form}"] if form else [])])


def chart_yanks(
    charting: Charting, all_rows: Sequence[VersionRow], values: str, whole: Callable[[str], str]
) -> list[Yankable]:
    """`values` is what stands below the chart."""
    return [
        *command_given("m", chart_command(charting, all_rows)),
        *given("v", "values", values),
        *whole_yanks({"c": "csv", "s": "json"}, whole),
    ]
