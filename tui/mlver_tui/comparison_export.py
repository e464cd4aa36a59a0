"""A comparison for people and programs, as text, Markdown and JSON: what `mlver diff` prints, the explorer writes."""

from __future__ import annotations

from mlver_tui.commands.comparison_json import comparison_document
from mlver_tui.commands.json_output import json_text
from mlver_tui.commands.markdown import comparison_markdown
from mlver_tui.view_models.change_entries import is_different
from mlver_tui.view_models.comparison_report import Report
from mlver_tui.view_models.spans import text_of

FORMATS = ("md", "json", "txt")


def comparison_text(report: Report, form: str) -> str:
    """The report in one of FORMATS, whole: nothing is cut."""
    if form == "md":
        return comparison_markdown(report)
    if form == "json":
        return json_text(comparison_document(report, is_different=is_different(report.comparison, report.parts)))
    return "".join(f"{text_of(line).rstrip()}\n" for line in report.lines())
