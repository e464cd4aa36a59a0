"""Comparisons and versions as Markdown, for pull requests and wikis.

Everything that came from a repository stands in code spans, for there it cannot be markup, a mention or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mlver.model.comparison import Comparison
from mlver.model.ledger import LedgerEvent
from mlver.model.manifest import Artifact, DataFacts, Manifest
from mlver.model.metric import MetricDelta
from mlver.model.moments import moment, seconds_of
from mlver.model.note import Note
from mlver.model.source_names import MLFLOW
from mlver.model.version import Version, VersionRow
from mlver.project import known_data
from mlver_tui.view_models.banner import ONE_VERSION
from mlver_tui.view_models.change_entries import PARTS, entries_of, entry_note, entry_values, left_out, sections_of
from mlver_tui.view_models.comparison_report import Report, unchanged
from mlver_tui.view_models.detail_tabs import file_name
from mlver_tui.view_models.doubt_lines import doubts
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.helped import did_it_help
from mlver_tui.view_models.ledger_lines import day, is_about, own_phrase, person_name
from mlver_tui.view_models.metric_rows import judged_word, metric_texts
from mlver_tui.view_models.note_lines import note_author, text_lines
from mlver_tui.view_models.numbers import decimals_of, metric_value, percent, size
from mlver_tui.view_models.origin import is_recorded, origin_line
from mlver_tui.view_models.receipt import param_leaves
from mlver_tui.view_models.sections import Section
from mlver_tui.view_models.spans import text_of
from mlver_tui.view_models.values import digest_head, short_digest, value_text
from mlver_tui.view_models.version_rows import shown_name


def code_span(text: str) -> str:
    """The text as a code span that nothing in it can end; pipes are escaped, for it may stand in a table."""
    if not text:
        return ""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    # A space at the edge keeps backticks apart from the fence; Markdown takes one off at both ends again.
    room = " " if text.startswith("`") or text.endswith("`") or text != text.strip() else ""
    return f"{fence}{room}{text}{room}{fence}".replace("|", "\\|")


def comparison_markdown(report: Report) -> str:
    """The comparison with one table for the metrics and one per section that differs."""
    return "\n".join(_comparison(report)) + "\n"


def _comparison(report: Report) -> Iterator[str]:
    comparison, glyphs = report.comparison, report.glyphs
    before, after = comparison.before.row, comparison.after.row
    yield f"### {code_span(shown_name(before, glyphs))} {glyphs.arrow} {code_span(shown_name(after, glyphs))}"
    yield ""
    yield from (f"- {name}: {_row(row, glyphs)}" for name, row in (("A", before), ("B", after)))
    if comparison.is_of_one_version:
        yield f"- {ONE_VERSION}"
    if "metrics" in report.parts:
        yield ""
        yield f"**Did it help:** {_sentence(comparison, glyphs)}"
        yield from _metrics(comparison.metrics, glyphs)
        told = [f"- {doubt.name}: {code_span(doubt.said)}" for doubt in doubts(comparison, glyphs)]
        yield from ["", *told] if told else []
    for section in sections_of(comparison, report.parts):
        yield from _section(section, report)
    if comparison.first_step is not None:
        why = f" ({code_span(glyphs.data(comparison.first_step_why))})" if comparison.first_step_why else ""
        yield ""
        yield f"First step that differs: {code_span(glyphs.data(comparison.first_step))}{why}"
    if comparison.why and comparison.why.sentences and report.parts == set(PARTS):
        yield ""
        yield "**Why:**"
        yield from (f"- {code_span(glyphs.remark(sentence))}" for sentence in comparison.why.sentences)
    notes = [*comparison.notes, *([] if comparison.complete else ["incomplete: a limit was hit"])]
    if notes:
        yield ""
        yield from (f"- **!** {code_span(glyphs.data(note))}" for note in notes)


def _row(row: VersionRow, glyphs: Glyphs) -> str:
    place = f"{'run' if row.source == MLFLOW else 'commit'} {row.commit[:12]}"
    parts = (shown_name(row, glyphs), row.title or row.reason or "", row.author, place)
    return ", ".join(code_span(glyphs.data(part)) for part in parts if part)


def _sentence(comparison: Comparison, glyphs: Glyphs) -> str:
    # Names of metrics are in it: a code span is the only place where they are only text.
    return code_span(did_it_help(comparison, glyphs))


def _metrics(deltas: Sequence[MetricDelta], glyphs: Glyphs) -> Iterator[str]:
    if not deltas:
        return
    rows = []
    for delta in deltas:
        *sides, absolute = metric_texts(delta, glyphs, with_unit=True)
        star = f" {glyphs.star}" if delta.meaning.primary else ""
        rows.append(
            [
                code_span(glyphs.data(delta.name)) + star,
                *map(code_span, sides),
                code_span(absolute),
                code_span(percent(delta.relative, glyphs)),
                f"{glyphs.judgement[delta.judgement]} {judged_word(delta)}",
            ]
        )
    change = "diff" if glyphs.is_ascii else "Δ"
    yield from table_lines(["metric", "A", "B", change, f"{change} %", "judged"], rows, right=range(1, 5))


def _section(section: Section, report: Report) -> Iterator[str]:
    glyphs = report.glyphs
    total = section.count
    aside = f" ({left_out(section)})" if left_out(section) else ""
    yield ""
    yield f"**{section.name}**: {f'{total} changed' if total else unchanged(section)}{aside}"
    if report.is_short:
        return
    rows = [
        [
            glyphs.kind[entry.node.kind].replace("~", "\\~"),
            code_span(glyphs.data(entry.key)),
            *(code_span(text) for text in entry_values(entry, glyphs)),
            code_span(entry_note(entry, glyphs)),
        ]
        for entry in entries_of(section, everything=report.everything)
    ]
    if rows:
        yield from table_lines(["", "what", "A", "B", "note"], rows)


def version_markdown(version: Version, events: Iterable[LedgerEvent], notes: Iterable[Note], glyphs: Glyphs) -> str:
    """The version as a card: what it is, its metrics, params, data and files, the events about it, the notes."""
    told = (*_version(version, glyphs), *_history(version.row, events, glyphs), *_notes(notes, glyphs))
    return "\n".join(told) + "\n"


def _notes(notes: Iterable[Note], glyphs: Glyphs) -> Iterator[str]:
    """The newest first; a text of several lines is one in a table."""
    told = [
        [
            moment(seconds_of(note.written) or 0.0)[:10],
            code_span(note_author(note, glyphs)),
            code_span(" ".join(text_lines(note.text, None, glyphs))),
        ]
        for note in reversed(tuple(notes))
    ]
    yield from _titled("notes", ["date", "by", "note"], told)


def _history(row: VersionRow, events: Iterable[LedgerEvent], glyphs: Glyphs) -> Iterator[str]:
    told = [
        [
            day(event),
            code_span(own_phrase(event, row, glyphs)),
            code_span(person_name(event, glyphs)),
        ]
        for event in events
        if is_about(event, row)
    ]
    yield from _titled("history", ["date", "what", "by"], told)


def _version(version: Version, glyphs: Glyphs) -> Iterator[str]:
    row, manifest = version.row, version.manifest
    yield f"### {code_span(glyphs.data(row.model))} {code_span(shown_name(row, glyphs))}"
    facts = {
        "why": row.title or row.reason or "",
        "names": ", ".join(row.names),
        "stage": ", ".join(row.stages),
        "status": manifest.status.value,
        "by": row.author,
        "created": manifest.created or "",
        "from": "" if is_recorded(row) else text_of(origin_line(row, glyphs)),
        "run" if row.source == MLFLOW else "commit": row.commit,
        "code": manifest.code.commit or "",
        "recipe": row.recipe or "",
        "result": row.result or "",
        "python": manifest.environment.python or "",
        "problem": (is_recorded(row) and row.problem) or "",
    }
    yield ""
    yield from (f"- {name}: {code_span(glyphs.data(value))}" for name, value in facts.items() if value)
    yield from (f"- **!** {code_span(glyphs.remark(note))}" for note in manifest.notes)
    metrics = [
        [code_span(glyphs.data(name)), code_span(metric_value(metric.value, decimals_of([metric.value]), glyphs))]
        for name, metric in manifest.metrics.items()
    ]
    yield from _titled("metrics", ["metric", "value"], metrics)
    params = [
        [code_span(glyphs.data(key)), code_span(value_text(value, glyphs))]
        for key, value in param_leaves(manifest.params)
    ]
    yield from _titled("params", ["param", "value"], params)
    yield from _files(manifest, glyphs)


def _files(manifest: Manifest, glyphs: Glyphs) -> Iterator[str]:
    """The data sets and the outputs."""
    facts: list[DataFacts | Artifact] = [*known_data(manifest), *manifest.artifacts]
    digest = digest_head(one.digest for one in facts).lower()
    rows = [
        [
            code_span(text_of(file_name(one.path, one.files, glyphs))),
            size(one.size, glyphs),
            *([code_span(short_digest(one.digest, glyphs))] if digest else []),
        ]
        for one in facts
    ]
    yield from _titled("data and files", ["path", "size", *([digest] if digest else [])], rows)


def _titled(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield ""
        yield f"**{title}**"
        yield from table_lines(heads, rows)


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: range = range(0)) -> Iterator[str]:
    """An empty line and a table; cells must have been made markup or code before. `right`: columns of numbers."""
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('--:' if index in right else '---' for index in range(len(heads)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
