"""`mlver doctor`: whether all mlver works with is here and in order, and what to do about what is not."""

from __future__ import annotations

import click

from mlver_tui.commands.examining import Finding, Verdict, examine
from mlver_tui.commands.failures import FAILED, FINE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.json_output import json_text, plain
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import wrapped
from mlver_tui.view_models.text import padded

_TONES = {Verdict.OK: Tone.DIM, Verdict.MISSING: Tone.PLAIN, Verdict.WRONG: Tone.WARNING}
_VERDICT_CELLS, _SUBJECT_CELLS = 9, 11
_HEAD_CELLS = _VERDICT_CELLS + _SUBJECT_CELLS


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_obj
def command(invocation: Invocation, *, as_json: bool) -> int:
    """Look at the terminal, the programs mlver works with, the config, and the folders it writes to.

    Each line is ok, missing (only what needs it is affected) or wrong; what to do stands below it. Programs are started
    only to ask for their versions, and git for your editor. The exit code is 1 when anything is wrong.
    """
    findings = list(examine(invocation))
    wrong = sum(finding.verdict is Verdict.WRONG for finding in findings)
    if as_json:
        invocation.console.show_text(
            json_text({"findings": [plain(one) for one in findings], "wrong": wrong, "complete": True})
        )
    else:
        for finding in findings:
            invocation.console.show(*_lines(finding, invocation.console.glyphs, invocation.console.width))
    return FAILED if wrong else FINE


def _lines(finding: Finding, glyphs: Glyphs, width: int | None) -> list[Line]:
    """Nothing is cut: a path or a sentence that ends in the middle helps nobody."""
    verdict = Span(padded(finding.verdict.value, _VERDICT_CELLS), _TONES[finding.verdict])
    head, room = line(verdict, bright(padded(finding.subject, _SUBJECT_CELLS))), width and width - _HEAD_CELLS
    first, *rest = wrapped(glyphs.data(finding.said), room)
    hints = wrapped(glyphs.data(finding.hint), room) if finding.hint else []
    below = [*map(Span, rest), *map(dim, hints)]
    return [(*head, Span(first)), *(line(" " * _HEAD_CELLS, span) for span in below)]
