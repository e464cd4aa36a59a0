"""`mlver replay`: run a version again and compare what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlver.errors import BadArgument, ReplayRefused
from mlver.model.version import Agreement
from mlver_tui.commands.failures import FAILED, FINE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.view_models.replay_rows import plan_lines, verdict_lines
from mlver_tui.view_models.spans import EMPTY, bright, dim, line
from mlver_tui.view_models.text import cell_width

if TYPE_CHECKING:
    from mlver.model.replay import ReplayPlan, ReplayRecord
    from mlver.project import Project

_UNCUT = 20_000
"""Cells of a line where nothing limits them."""
_BESIDE_NAMES, _LEAST = 60, 80
"""Cells that a verdict needs beside its name; and the least width that looks well."""
_GOOD = {Agreement.IDENTICAL, Agreement.CONTENT, Agreement.WITHIN_TOLERANCE}


@click.command("replay")
@click.argument("version", metavar="V")
@click.option("--plan", "is_plan", is_flag=True, help="Only say what would be done; nothing is run.")
@click.option("--yes", is_flag=True, help="Run commands recorded elsewhere without asking.")
@click.option(
    "--check", "is_check", is_flag=True, help="Exit with 1 unless what came out agrees with what was recorded."
)
@click.option("-q", "--quiet", is_flag=True, help="Show neither the plan nor what the steps write.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 one argument for each option
    invocation: Invocation, *, version: str, is_plan: bool, yes: bool, is_check: bool, quiet: bool, as_json: bool
) -> int:
    """Run a version again in a fresh folder and compare what comes out with what was recorded.

    The plan is shown, then the steps run: at once those of a version that was recorded here, of any other after you
    agreed. The working tree is not touched; the verdict is kept in the repository.
    """
    with invocation.open_project() as project:
        plan = project.plan_replay(project.find(version))
        if is_plan:
            _show_plan(invocation, plan, as_json=as_json)
            return FAILED if is_check and plan.obstacles else FINE
        if plan.obstacles:
            raise ReplayRefused("; ".join(plan.obstacles), hint=f"mlver replay {version} --plan says more")
        if not plan.is_trusted and not yes:
            _ask(invocation, plan)
        elif not quiet:
            _say_plan(invocation, plan)
        record = _replayed(invocation, project, plan, is_quiet=quiet)
    if as_json:
        from mlver_tui.commands.json_output import json_text, plain

        invocation.console.show_text(json_text({"replay": plain(record), "complete": True}))
    else:
        _show_verdict(invocation, record)
    is_failure = record.agreement not in _GOOD if is_check else record.agreement is Agreement.FAILED
    return FAILED if is_failure else FINE


def _show_plan(invocation: Invocation, plan: ReplayPlan, *, as_json: bool) -> None:
    console = invocation.console
    if as_json:
        from mlver_tui.commands.json_output import json_text, plain_fields, row_document

        document = plain_fields(plan) | {"version": row_document(plan.version)}
        console.show_text(json_text({"plan": document, "complete": True}))
        return
    console.show_all(plan_lines(plan, console.width or _UNCUT, console.glyphs))


def _ask(invocation: Invocation, plan: ReplayPlan) -> None:
    """Show the commands of a version from elsewhere and ask; without anybody to ask it is refused."""
    console = invocation.console
    if not console.can_ask:
        raise BadArgument(
            "the version was recorded elsewhere, and its commands are code: there is nobody to ask",
            hint="look at them with --plan, then add --yes",
        )
    _say_plan(invocation, plan)
    click.confirm("run these commands here?", default=False, abort=True, err=True)


def _say_plan(invocation: Invocation, plan: ReplayPlan) -> None:
    """What is about to be done, beside the result: whoever watches sees each command before it runs."""
    console = invocation.console
    console.say(*plan_lines(plan, console.width or _UNCUT, console.glyphs), EMPTY)


def _replayed(invocation: Invocation, project: Project, plan: ReplayPlan, *, is_quiet: bool) -> ReplayRecord:
    from mlver_tui.commands.steps_output import StepsOutput
    from mlver_tui.commands.stopping import stopped_by_signals

    output = StepsOutput(invocation.console, is_quiet=is_quiet)
    with stopped_by_signals("stopping: nothing of this replay will be kept") as should_stop:
        try:
            return project.replay(plan, on_event=output.show, should_stop=should_stop)
        finally:
            output.finish()


def _show_verdict(invocation: Invocation, record: ReplayRecord) -> None:
    console = invocation.console
    names = [*(one.path for one in record.outputs), *(one.name for one in record.metrics), ""]
    natural = max(_LEAST, _BESIDE_NAMES + max(cell_width(console.glyphs.data(name)) for name in names))
    console.show_all(verdict_lines(record, min(console.width or natural, natural), console.glyphs))
    if record.agreement not in _GOOD and record.run:
        console.say(line(dim("next: "), bright(f"mlver show {console.glyphs.data(record.run)}")))
