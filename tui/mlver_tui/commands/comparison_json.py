"""A comparison as plain data for `mlver diff --json`."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.change import Change, Missing
from mlver.model.data import Place
from mlver.model.predictions import Predictions
from mlver.model.text_diff import TextDiff
from mlver_tui.commands.json_output import Json, delta_document, plain, plain_fields, row_document
from mlver_tui.view_models.change_entries import Entry, entries_of, sections_of
from mlver_tui.view_models.comparison_report import Report
from mlver_tui.view_models.sections import Section


def comparison_document(report: Report, *, is_different: bool) -> dict[str, Json]:
    """Both versions, the metrics, and per section its counts and its changes."""
    comparison = report.comparison
    document: dict[str, Json] = {
        "before": row_document(comparison.before.row),
        "after": row_document(comparison.after.row),
        "different": is_different,
    }
    if "metrics" in report.parts:
        document["metrics"] = [delta_document(delta) for delta in comparison.metrics]
        document["slices"] = [
            {"metric": one.metric, "slice": dict(one.slice), **delta_document(one.delta)} for one in comparison.slices
        ]
        document["evaluation"] = plain(comparison.evaluation)
        document["spread"] = plain(comparison.spread)
        document["predictions"] = predictions_document(comparison.predictions) if comparison.predictions else None
    if "code" in report.parts:
        document["uncommitted"] = {
            side: [{"path": one.label, **node_document(one)} for one in tree.children] if tree else []
            for side, tree in zip(("before", "after"), comparison.uncommitted, strict=True)
        }
    if "data" in report.parts:
        document["leakage"] = [plain(one) for one in comparison.leakage]
    document |= {section.name: _section(section, report) for section in sections_of(comparison, report.parts)}
    return document | {
        "first_step": comparison.first_step,
        "first_step_why": comparison.first_step_why,
        "why": plain(comparison.why),
        "notes": list(comparison.notes),
        "complete": comparison.complete,
    }


def predictions_document(predictions: Predictions) -> dict[str, Json]:
    """All that they say but the rows, which are many: `mlver diff --flips` lists them."""
    flips = predictions.flips
    told = replace(predictions, flips=replace(flips, rows=()) if flips else None)
    before, after = predictions.calibration
    document = plain_fields(told) | {"calibration": {"before": plain(before), "after": plain(after)}}
    if isinstance(document["flips"], dict):
        del document["flips"]["rows"]
    return document


def text_diff_document(diff: TextDiff) -> dict[str, Json]:
    """The text diff of one file."""
    return {
        "added": diff.added,
        "removed": diff.removed,
        "binary": diff.is_binary,
        "lines": [plain(one) for one in diff.lines],
        "notes": list(diff.notes),
        "complete": diff.complete,
    }


def _section(section: Section, report: Report) -> dict[str, Json]:
    document: dict[str, Json] = {"counts": plain(section.counts), "complete": section.tree.complete}
    if not report.is_short:
        document["changes"] = [entry_document(entry) for entry in entries_of(section, everything=report.everything)]
    return document


def entry_document(entry: Entry) -> dict[str, Json]:
    """One thing that differs, or that is the same."""
    return {"key": entry.key, "path": list(entry.path), **node_document(entry.node)}


def node_document(node: Change, *, is_whole: bool = True) -> dict[str, Json]:
    """A node with all that is below it; of a short one without."""
    document: dict[str, Json] = {
        "kind": node.kind.value,
        **{
            name: plain(value)
            for name, value in (("before", node.before), ("after", node.after))
            if not isinstance(value, Missing)
        },
        "place_before": _place(node.place_before),
        "place_after": _place(node.place_after),
        "note": node.note,
        "details": list(node.details),
        "noise": node.is_noise,
        "complete": node.complete,
    }
    if node.children and is_whole:
        document["children"] = [{"key": child.label, **node_document(child)} for child in node.children]
    return document


def _place(place: Place | None) -> Json:
    return {"file": place.file, "line": place.line} if place else None
