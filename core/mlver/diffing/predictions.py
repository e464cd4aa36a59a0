"""The predictions of two versions, read from the file each evaluation wrote and joined by row."""

from __future__ import annotations

import posixpath
from pathlib import Path

from mlver.comparing.answers import Answers, answers_of
from mlver.comparing.flips import compare_answers
from mlver.diffing.contents import Contents
from mlver.diffing.data import as_artifact
from mlver.diffing.notebook import Notebook
from mlver.errors import DocumentInvalid, LimitReached, MlverError, ObjectMissing
from mlver.formats.blob import Blob
from mlver.formats.format import USUAL, NotUnderstood, TooMuch
from mlver.formats.tables import read_table, understood
from mlver.model.comparison import AnswersCompared
from mlver.model.manifest import FileFact, Manifest
from mlver.model.predictions import Predictions
from mlver.model.version import Version
from mlver.progress import Progress, Report, ShouldStop, never, silent

_SNAPSHOT_LIMIT = 64 << 20


def compare_flips(
    before: Version, after: Version, contents: Contents, *, report: Report = silent, should_stop: ShouldStop = never
) -> AnswersCompared:
    """The predictions of two versions alone: nothing else of them is read. Raises Interrupted."""
    notebook = Notebook(should_stop, report=report)
    report(Progress(doing="comparing predictions"))
    found = compare_predictions(before, after, contents, notebook)
    return AnswersCompared(
        before=before,
        after=after,
        predictions=found,
        complete=notebook.is_complete,
        notes=tuple(notebook.notes),
    )


def compare_predictions(before: Version, after: Version, contents: Contents, notebook: Notebook) -> Predictions | None:
    """What became of every row of the test set; None: a side names no predictions, or its file cannot be read."""
    if not (before.manifest.predictions and after.manifest.predictions):
        return None
    notebook.check()
    left, right = (_answers_or_note(version, contents, notebook) for version in (before, after))
    if left is None or right is None:
        return None
    try:
        with understood():
            found = compare_answers(left, right)
    except NotUnderstood as error:
        notebook.note(f"predictions of {before.row.name} and of {after.row.name}: {error}")
        return None
    notebook.is_complete &= found.complete
    for note in found.notes:
        notebook.note(f"predictions: {note}")
    return found


def _answers_or_note(version: Version, contents: Contents, notebook: Notebook) -> Answers | None:
    try:
        return _answers(version, contents)
    except MlverError as error:
        notebook.failed(f"predictions of {version.row.name}", error)
        return None


def _answers(version: Version, contents: Contents) -> Answers:
    fact = predictions_file(version.manifest)
    if not fact.digest:
        fact = _in_folder(version, fact.path, contents) or fact
    blob = Blob(_content(version, fact, contents))
    name = posixpath.basename(fact.path)
    with blob.open() as file:
        if file.size > USUAL.table_bytes:
            raise LimitReached(f"{name} holds more than {USUAL.table_bytes >> 20} MiB")
    try:
        with understood():
            return answers_of(read_table(fact.path, blob), name)
    except TooMuch as error:
        raise LimitReached(f"{name}: {error}") from error
    except NotUnderstood as error:
        raise DocumentInvalid(str(error), name=name, hint="see docs/comparing.md") from error


def _in_folder(version: Version, path: str, contents: Contents) -> FileFact | None:
    """The file as part of an output that is a folder; None: it is in none whose listing is here."""
    outputs = (as_artifact(one) for step in version.manifest.steps for one in step.outputs)
    for folder in (*outputs, *version.manifest.artifacts):
        if path.startswith(f"{folder.path}/"):
            members = contents.members(version, folder) or ()
            if found := next((file for file in members if file.path == path), None):
                return found
    return None


def _content(version: Version, fact: FileFact, contents: Contents) -> Path | bytes:
    is_output = any(one.path == fact.path for one in version.manifest.artifacts)
    if not fact.digest and not is_output:
        return contents.read(version, fact.path, _SNAPSHOT_LIMIT)
    found = contents.open_artifact(version, as_artifact(fact))
    if found is None:
        raise ObjectMissing("not present here")
    return found


def predictions_file(manifest: Manifest) -> FileFact:
    """The file of the predictions, from the top; with its digest where a step is known to have made it."""
    path = manifest.from_top(manifest.predictions) if manifest.predictions else ""
    made = [fact for step in manifest.steps for fact in step.outputs if fact.path == path]
    kept = [
        FileFact(path=one.path, sha256=one.sha256, size=one.size, checksum=one.checksum)
        for one in manifest.artifacts
        if one.path == path
    ]
    return next(iter((*made, *kept)), FileFact(path=path, sha256=None))
