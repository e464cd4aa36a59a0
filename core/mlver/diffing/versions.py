"""Two versions -> what differs: inputs as change trees, outcomes as deltas."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.comparing.environments import compare_environments, compare_hardware, compare_seeds
from mlver.comparing.metrics import metric_deltas, slice_deltas
from mlver.comparing.result_movers import marked
from mlver.diffing.code import compare_code
from mlver.diffing.contents import Contents
from mlver.diffing.data import compare_data_sets
from mlver.diffing.data_tables import looked_into
from mlver.diffing.evaluation_data import evaluation_data
from mlver.diffing.files import compare_artifacts
from mlver.diffing.folders import unfolded_data
from mlver.diffing.known import doubted, said
from mlver.diffing.leakage import find_leakage, leakage_nodes, leakage_sentences
from mlver.diffing.notebook import Notebook
from mlver.diffing.params import compare_params
from mlver.diffing.predictions import compare_predictions
from mlver.diffing.steps import differing_steps, first_differing_step
from mlver.diffing.uncommitted import uncommitted_code
from mlver.model.change import Change, branch
from mlver.model.comparison import Comparison
from mlver.model.leakage import Leakage
from mlver.model.version import Version
from mlver.progress import Progress, Report, ShouldStop, never, silent


def compare_versions(
    before: Version, after: Version, contents: Contents, *, report: Report = silent, should_stop: ShouldStop = never
) -> Comparison:
    """Everything that differs between two versions.

    A part that cannot be read is unknown and leaves a sentence in `notes`; a limit that is hit makes the comparison
    incomplete. Raises Interrupted, nothing else that is foreseen.
    """
    notebook = Notebook(should_stop, report=report)
    left, right = before.manifest, after.manifest
    made = _unopened(before, after, contents, notebook)
    report(Progress(doing="comparing data"))
    data, leakage = _data(before, after, contents, notebook)
    files = compare_artifacts(before, after, contents, notebook, report)
    predictions = compare_predictions(before, after, contents, notebook)
    return replace(
        made,
        data=said(data, before, after),
        leakage=leakage,
        predictions=predictions,
        evaluation=evaluation_data(left, right, predictions),
        files=said(files, before, after),
        complete=notebook.is_complete and made.params.complete,
        notes=tuple(notebook.notes),
    )


def compare_unopened(
    before: Version, after: Version, contents: Contents, *, report: Report = silent, should_stop: ShouldStop = never
) -> Comparison:
    """Params, code, environment, hardware, seeds and metrics alone; the trees of data and outputs are empty.

    Of data, outputs and predictions nothing is opened, which takes most of the time of a comparison.
    """
    return _unopened(before, after, contents, Notebook(should_stop, report=report))


def _unopened(before: Version, after: Version, contents: Contents, notebook: Notebook) -> Comparison:
    left, right = before.manifest, after.manifest
    _note_problems(before, after, notebook)
    notebook.report(Progress(doing="comparing params"))
    params = compare_params(before, after, contents, notebook)
    notebook.report(Progress(doing="comparing code"))
    code = compare_code(before, after, contents, notebook)
    uncommitted = _uncommitted(before, after, contents, notebook)
    environment = compare_environments(left.environment, right.environment, (before.packages, after.packages))
    first_step, why = first_differing_step(left, right)
    return Comparison(
        before=before,
        after=after,
        params=said(doubted(params, before, after), before, after),
        data=branch("data", ()),
        code=code,
        uncommitted=uncommitted,
        environment=said(marked(environment), before, after),
        hardware=said(marked(compare_hardware(left.hardware, right.hardware)), before, after),
        seeds=said(compare_seeds(left.seeds, right.seeds), before, after),
        metrics=metric_deltas(left, right),
        slices=slice_deltas(left, right),
        files=branch("files", ()),
        first_step=first_step,
        first_step_why=why,
        differing_steps=differing_steps(left, right),
        complete=notebook.is_complete and params.complete,
        notes=tuple(notebook.notes),
    )


def _note_problems(before: Version, after: Version, notebook: Notebook) -> None:
    """What could not be read of foreign versions."""
    for side in (before, after):
        if side.manifest.run is None and side.manifest.problem:
            notebook.note(f"{side.row.name}: {side.manifest.problem}")


def _uncommitted(before: Version, after: Version, contents: Contents, notebook: Notebook) -> tuple[Change | None, ...]:
    """What of each side's code was in no commit; None: all was."""
    return tuple(
        uncommitted_code(f"uncommitted in {name}", side, contents, notebook)
        for name, side in (("A", before), ("B", after))
    )


def _data(
    before: Version, after: Version, contents: Contents, notebook: Notebook
) -> tuple[Change, tuple[Leakage, ...]]:
    """The data sets with what differs inside them, and the rows that are trained on and measured on."""
    data = unfolded_data(compare_data_sets(before.manifest, after.manifest), before, after, contents, notebook)
    data = looked_into(data, before, after, contents, notebook)
    leakage = find_leakage(before, after, contents, notebook)
    for sentence in leakage_sentences(leakage):
        notebook.note(sentence)
    return branch("data", (*data.children, *leakage_nodes(leakage))), leakage
