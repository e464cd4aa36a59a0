"""`mlver diff A B --flips`: the rows of the test set that became right or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlver.errors import BadArgument, LimitReached, NothingFound
from mlver.model.comparison import AnswersCompared
from mlver.model.nearest import did_you_mean, nearest_keys
from mlver.model.predictions import Flips, Predictions
from mlver_tui.commands.comparison_json import predictions_document
from mlver_tui.commands.json_output import Json, json_text, plain, row_document
from mlver_tui.commands.markdown import code_span, table_lines
from mlver_tui.view_models.flip_lines import flips_text, matched_texts, tally_lines
from mlver_tui.view_models.flip_table import FlipTable, chosen_flips
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.spans import EMPTY, Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.version_rows import shown_name

if TYPE_CHECKING:
    from mlver_tui.commands.invocation import Invocation


def show_flips(invocation: Invocation, answers: AnswersCompared, label: str | None, form: str) -> None:
    """Tell the flips of two versions, of one class or of all, as text, `md` or `json`.

    Raises NothingFound where no predictions can be joined, LimitReached for files that are too large, BadArgument for
    a class that no row has.
    """
    predictions = _predictions_of(answers)
    if predictions.flips is not None:
        _check_class(predictions.flips, label)
    console = invocation.console
    if form == "json":
        console.show_text(json_text(_document(answers, predictions, label)))
    elif form == "md":
        console.show_text("\n".join(_markdown(answers, predictions, label, console.glyphs)) + "\n")
    else:
        console.show_all(_lines(answers, predictions, label, console.width, console.glyphs))


def _predictions_of(answers: AnswersCompared) -> Predictions:
    if answers.predictions is not None:
        return answers.predictions
    sides = (answers.before, answers.after)
    without = [side.row.name for side in sides if not side.manifest.predictions]
    if without:
        raise NothingFound(
            f"{' and '.join(without)} {'has' if len(without) == 1 else 'have'} no predictions",
            hint="name the file under `predictions:` of a step in mlver.yaml; docs/comparing.md says what it holds",
        )
    said = next((note for note in answers.notes if note.startswith("predictions of ")), "predictions cannot be read")
    if not answers.complete:
        raise LimitReached(said)
    raise NothingFound(said, hint="docs/comparing.md says what a file of predictions holds")


def _check_class(flips: Flips, label: str | None) -> None:
    known = [part.value for part in flips.by_class]
    if label is not None and known and label not in known:
        near = did_you_mean(nearest_keys(label, known))
        raise BadArgument(
            f"--class {label}: no row of the test set is of that class", hint=near or ", ".join(known[:20])
        )


def _lines(
    answers: AnswersCompared, predictions: Predictions, label: str | None, width: int | None, glyphs: Glyphs
) -> Iterator[Line]:
    rows = (answers.before.row, answers.after.row)
    for name, tone, row in zip("AB", (Tone.SIDE_A, Tone.SIDE_B), rows, strict=True):
        yield line(Span(f"{name} ", tone), bright(shown_name(row, glyphs)))
    yield EMPTY
    yield line(bright(flips_text(predictions, glyphs) or "no row of the test set is on both sides"))
    yield from (line(Span(f"! {said}", Tone.WARNING)) for said in matched_texts(predictions, glyphs))
    yield from (line(Span(f"! {glyphs.remark(note)}", Tone.WARNING)) for note in predictions.notes)
    flips = predictions.flips
    if flips is None:
        if predictions.errors is not None:
            yield line(dim("the predictions are numbers: no row is right or wrong, so none is listed"))
        return
    for parts in (flips.by_class, flips.by_slice) if label is None else ():
        yield from [EMPTY, *tally_lines(parts, width, glyphs)] if parts else []
    yield EMPTY
    yield from FlipTable(chosen_flips(flips, label), glyphs).lines(width)


def _document(answers: AnswersCompared, predictions: Predictions, label: str | None) -> dict[str, Json]:
    document: dict[str, Json] = {
        "before": row_document(answers.before.row),
        "after": row_document(answers.after.row),
        "predictions": predictions_document(predictions),
    }
    if predictions.flips is not None:
        document["rows"] = [plain(row) for row in chosen_flips(predictions.flips, label)]
    return document


def _markdown(answers: AnswersCompared, predictions: Predictions, label: str | None, glyphs: Glyphs) -> Iterator[str]:
    names = (code_span(shown_name(side.row, glyphs)) for side in (answers.before, answers.after))
    yield f"### Fixed and broken: {f' {glyphs.arrow} '.join(names)}"
    yield ""
    yield code_span(flips_text(predictions, glyphs) or "no row of the test set is on both sides")
    for note in (*matched_texts(predictions, glyphs), *predictions.notes):
        yield f"- **!** {code_span(glyphs.data(note))}"
    if predictions.flips is None:
        return
    rows = [
        [row.fate.value, *(code_span(glyphs.data(text)) for text in (row.key, row.truth, row.before, row.after))]
        for row in chosen_flips(predictions.flips, label)
    ]
    yield from table_lines(["", "row", "truth", "A said", "B said"], rows)
