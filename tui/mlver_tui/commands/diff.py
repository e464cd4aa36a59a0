"""`mlver diff`: what changed between two versions, and whether it helped; more of them side by side."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from mlver.errors import BadArgument, MlverError, VersionNotFound
from mlver_tui.commands.diff_paths import WantedOfPaths, are_paths, diff_paths
from mlver_tui.commands.failures import FAILED, FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.scope import with_scope
from mlver_tui.native_noise import own_words_only
from mlver_tui.syntax import lexer_of
from mlver_tui.view_models.change_entries import PARTS, entries_of, is_different, sections_of
from mlver_tui.view_models.comparison_report import Report
from mlver_tui.view_models.spans import EMPTY
from mlver_tui.view_models.text_diff_lines import text_diff_lines

if TYPE_CHECKING:
    from mlver.model.text_diff import TextDiff
    from mlver.model.version import VersionRow
    from mlver.project import Project


@click.command("diff")
@click.argument("versions", metavar="A [B ...]", nargs=-1, required=True)
@click.option("--base", metavar="V", help="What the others are held against, else the first.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "md", "csv"]),
    default="text",
    help="Text (default) or Markdown; versions side by side as CSV too.",
)
@click.option("-a", "--all", "everything", is_flag=True, help="What is the same too, and what is ignored as noise.")
@click.option("--exit-code", "wants_code", is_flag=True, help="Exit with 1 when they differ, as git diff does.")
@click.option("--stat", "is_short", is_flag=True, help="Counts instead of lists.")
@click.option(
    "--only",
    metavar="PARTS",
    help=f"Only these parts, separated by commas: {', '.join(PARTS)}. `code` alone shows the text diffs.",
)
@click.option("--key", metavar="PARAM", help="One param: its sources, the values it had, the metric with each.")
@click.option("--flips", "wants_flips", is_flag=True, help="The rows of the test set that became right or wrong.")
@click.option("--class", "label", metavar="CLASS", help="With --flips: only the rows whose truth it is.")
@click.pass_obj
@with_scope
@own_words_only()
def command(  # noqa: PLR0913 one argument for each option
    invocation: Invocation,
    *,
    versions: tuple[str, ...],
    base: str | None,
    as_json: bool,
    form: str,
    everything: bool,
    wants_code: bool,
    is_short: bool,
    only: str | None,
    key: str | None,
    wants_flips: bool,
    label: str | None,
) -> int:
    """Show what changed from version A to version B, and whether it helped.

    With one version: what changed from its parent to it. With three to fifty, or as CSV: their params and metrics side
    by side, held against the base.
    """
    wanted = Wanted(
        parts=parsed_parts(only), form="json" if as_json else form, everything=everything, wants_code=wants_code,
        is_short=is_short,
    )  # fmt: skip
    names = (base, *versions) if base is not None else versions
    if are_paths(invocation.folder, names):
        of_paths = WantedOfPaths(form=wanted.form, everything=everything, wants_code=wants_code, is_short=is_short)
        return diff_paths(invocation, names, of_paths)
    with invocation.open_project() as project:
        if key is not None:
            return _one_param(invocation, project, names, key, wanted)
        if wants_flips or label is not None:
            return _flips(invocation, project, names, label, wanted)
        if len(names) > _PAIR or form == "csv":
            return _side_by_side(invocation, project, names, wanted)
        return _pair(invocation, project, names, wanted)


_PAIR = 2
_UNOPENED = frozenset({"params", "code", "env"})
"""Parts that are known without opening data, outputs and predictions."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What the options ask for."""

    parts: frozenset[str]
    form: str
    """`text`, `md`, `csv` or `json`."""
    everything: bool
    wants_code: bool
    """The exit code says whether they differ."""
    is_short: bool


def _pair(invocation: Invocation, project: Project, names: Sequence[str], wanted: Wanted) -> int:
    console = invocation.console
    with console.progress() as progress:
        before, after = _sides(project, *names)
        compare = project.compare_unopened if wanted.parts <= _UNOPENED else project.compare
        report = Report(
            comparison=compare(before, after, report=progress),
            now=time.time(),
            parts=wanted.parts,
            everything=wanted.everything,
            is_short=wanted.is_short,
            width=console.width,
            glyphs=console.glyphs,
            between=project.between(before, after),
        )
        wants_texts = wanted.parts == {"code"} and not wanted.is_short
        texts = _text_diffs(project, before, after, report) if wants_texts else {}
    show = {"json": _show_json, "md": _show_markdown}.get(wanted.form, _show_text)
    show(invocation, report, texts)
    if not report.comparison.complete:
        return INCOMPLETE
    return FAILED if wanted.wants_code and is_different(report.comparison, wanted.parts) else FINE


def _one_param(invocation: Invocation, project: Project, names: Sequence[str], key: str, wanted: Wanted) -> int:
    from mlver_tui.commands.param_diff import show_param

    if len(names) > _PAIR or wanted.form in {"md", "csv"}:
        raise BadArgument("--key tells of two versions, as text or JSON", hint="mlver diff A B --key PARAM --json")
    sides = _sides(project, *names)
    differs = show_param(invocation, project, sides, key, as_json=wanted.form == "json")
    return FAILED if wanted.wants_code and differs else FINE


def _flips(invocation: Invocation, project: Project, names: Sequence[str], label: str | None, wanted: Wanted) -> int:
    from mlver_tui.commands.flips import show_flips

    if len(names) > _PAIR or wanted.form == "csv":
        raise BadArgument("--flips tells of two versions, as text, Markdown or JSON", hint="mlver diff A B --flips")
    with invocation.console.progress() as progress:
        answers = project.compare_flips(*_sides(project, *names), report=progress)
    show_flips(invocation, answers, label, wanted.form)
    predictions = answers.predictions
    return FINE if predictions is None or predictions.complete else INCOMPLETE


def _side_by_side(invocation: Invocation, project: Project, names: Sequence[str], wanted: Wanted) -> int:
    from mlver_tui.commands.matrix import exit_code, narrowed, show_matrix

    if wanted.is_short:
        raise BadArgument(
            "--stat counts what differs between two versions", hint="versions side by side have no --stat"
        )
    console = invocation.console
    with console.progress() as progress:
        rows = [project.find(name) for name in names]
        matrix = narrowed(project.matrix(rows, report=progress), wanted.parts)
    show_matrix(console, matrix, wanted.form, everything=wanted.everything)
    return exit_code(matrix, wants_code=wanted.wants_code)


def parsed_parts(text: str | None) -> frozenset[str]:
    """The parts that are asked for; all of them when nothing is said. Raises BadArgument for an unknown one."""
    if text is None:
        return frozenset(PARTS)
    parts = {part.strip() for part in text.split(",") if part.strip()}
    unknown = sorted(parts - set(PARTS))
    if unknown or not parts:
        raise BadArgument(f"--only {text}: not a part of a comparison", hint=f"parts are {', '.join(PARTS)}")
    return frozenset(parts)


def _sides(project: Project, a: str, b: str | None = None) -> tuple[VersionRow, VersionRow]:
    first = project.find(a)
    if b is not None:
        return first, project.find(b)
    parent = project.remembered().of(first.parent)
    if parent is None:
        raise VersionNotFound(f"{first.name} has no parent here to compare with", hint="name two versions")
    return parent, first


def _text_diffs(project: Project, before: VersionRow, after: VersionRow, report: Report) -> dict[str, TextDiff]:
    """The text diff of every code file that differs, then of what was not committed.

    One that cannot be read is passed over, the list names it.
    """
    found = {}
    for section in sections_of(report.comparison, report.parts):
        for entry in entries_of(section):
            try:
                found[entry.node.label] = project.text_diff(before, after, entry.node.label)
            except MlverError:
                continue
    for row, tree in zip((before, after), report.comparison.uncommitted, strict=True):
        for node in tree.children if tree else ():
            try:
                found[f"{node.label} ({tree.label if tree else ''})"] = project.uncommitted_diff(row, node.label)
            except MlverError:
                continue
    return found


def _show_text(invocation: Invocation, report: Report, texts: Mapping[str, TextDiff]) -> None:
    console = invocation.console
    console.show_all(report.lines())
    for path, text in texts.items():
        lexer = lexer_of(path.partition(" (uncommitted in ")[0])
        console.show_all([EMPTY, *text_diff_lines(path, text, console.glyphs, lexer)])


def _show_markdown(invocation: Invocation, report: Report, _texts: Mapping[str, TextDiff]) -> None:
    from mlver_tui.commands.markdown import comparison_markdown

    invocation.console.show_text(comparison_markdown(report))


def _show_json(invocation: Invocation, report: Report, texts: Mapping[str, TextDiff]) -> None:
    from mlver_tui.commands.comparison_json import comparison_document, text_diff_document
    from mlver_tui.commands.json_output import json_text

    document = comparison_document(report, is_different=is_different(report.comparison, report.parts))
    if texts:
        document["texts"] = {path: text_diff_document(text) for path, text in texts.items()}
    invocation.console.show_text(json_text(document))
