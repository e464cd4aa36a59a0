"""The runs of MLflow stores as versions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mlver.catalogue.gathering import Gathered, one_ledger
from mlver.catalogue.index import Index
from mlver.catalogue.remembering import READER_VERSION
from mlver.catalogue.run_notes import first_line
from mlver.catalogue.stored import Facts, Listed
from mlver.catalogue.texts import metrics_text, params_text
from mlver.comparing.wording import shortened
from mlver.errors import Interrupted, MlverError
from mlver.model.data import Data
from mlver.model.ledger import Ledger
from mlver.model.metric import Metric
from mlver.model.scope import Scope
from mlver.model.source_names import MLFLOW
from mlver.model.standing import releases_by_place, stages_by_place
from mlver.model.version import DIMENSIONS, NO_STRIP
from mlver.progress import Report, ShouldStop

if TYPE_CHECKING:
    from mlver.model.manifest import Manifest
    from mlver.sources.mlflow.source import MlflowSource, RunSummary

_TOLD_PARAMS = 3
_NOTE = "mlflow.note.content"

Pair = tuple[Listed, Facts]


class StoreVersions:
    """The runs of the stores in and beside a folder. One thread at a time."""

    def __init__(
        self,
        stores: Callable[[], Mapping[str, MlflowSource]],
        index: Index,
        *,
        head: Callable[[], str | None],
        meant: Callable[[Manifest, str | None], Manifest],
    ) -> None:
        """What is asked when stores are looked at.

        Args:
            stores: label -> store.
            index: where the rows are remembered.
            head: the commit the working tree stands on; None: there is none.
            meant: a version with what the project file of a commit says of its metrics.
        """
        self._stores = stores
        self._head = head
        self._meant = meant
        self._index = index
        self._last: dict[str, tuple[object, Gathered]] = {}
        """Label -> what the store's signature was, and what was gathered then."""

    def gather(self, scope: Scope, report: Report, should_stop: ShouldStop) -> Gathered:
        """The runs as they are now; a store that cannot be read is a problem, and the others stand."""
        found = [self._of(label, store, scope, (report, should_stop)) for label, store in self._stores().items()]
        return Gathered(
            pairs=[pair for one in found for pair in one.pairs],
            ledger=one_ledger([one.ledger for one in found]),
            problems=tuple(problem for one in found for problem in one.problems),
        )

    def _of(self, label: str, store: MlflowSource, scope: Scope, ask: tuple[Report, ShouldStop]) -> Gathered:
        try:
            # Taken before the runs are read: what comes in between is seen the next time.
            head = self._head()
            signature = (store.signature(), scope.deleted, head)
            last = self._last.get(label)
            if last and last[0] == signature:
                return last[1]
            runs = store.runs(deleted=scope.deleted, report=ask[0], should_stop=ask[1])
            runs = tuple(replace(run, metrics=self._metrics(run, head)) for run in runs)
            ledger = store.ledger()
        except Interrupted:
            return Gathered(pairs=[], ledger=Ledger())  # the list says itself that it is not whole
        except MlverError as error:
            return Gathered(pairs=[], ledger=Ledger(), problems=(f"{label}: {error.message}",))
        gathered = Gathered(pairs=_pairs(label, runs, ledger), ledger=ledger, problems=ledger.problems)
        facts = [facts for _, facts in gathered.pairs]
        self._index.keep_facts(READER_VERSION, ((MLFLOW, one) for one in facts))
        self._index.keep_params(
            READER_VERSION,
            ((run.run_id, one.model, params_text(run.params)) for run, one in zip(runs, facts, strict=True)),
            store=label,
        )
        self._last[label] = (signature, gathered)
        return gathered

    def _metrics(self, run: RunSummary, head: str | None) -> Mapping[str, Metric]:
        from mlver.model.manifest import Manifest
        from mlver.sources.mlflow.source import model_of

        return self._meant(Manifest(model=model_of(run.experiment), metrics=run.metrics), head).metrics


def store_key(label: str, run_id: str) -> str:
    """The key of a run's row; `VersionRow.store` takes the label out again."""
    return f"{MLFLOW}/{label}/{run_id}"


def _pairs(label: str, runs: Sequence[RunSummary], ledger: Ledger) -> list[Pair]:
    """In the order of the runs."""
    from mlver.sources.mlflow.source import model_of

    by_id = {run.run_id: run for run in runs}
    told = {experiment: _Experiment.of(members) for experiment, members in _by_experiment(runs).items()}
    names, stages = _names(ledger), _stages(ledger)
    pairs = []
    for run in runs:
        model = model_of(run.experiment)
        parent = by_id.get(run.parent or "")
        listed = Listed(
            store_key(label, run.run_id),
            "",
            MLFLOW,
            run.run_id,
            model,
            run.created,
            run.name or run.run_id[:8],
            (*names.get(run.run_id, ()), *([run.name] if run.name else [])),
            stages.get(run.run_id, ()),
            store_key(label, parent.run_id) if parent else None,
            store=label,
        )
        pairs.append((listed, replace(_facts(run, model, parent, told[run.experiment]), store=label)))
    return pairs


def _by_experiment(runs: Iterable[RunSummary]) -> Mapping[str, list[RunSummary]]:
    found: dict[str, list[RunSummary]] = defaultdict(list)
    for run in runs:
        found[run.experiment].append(run)
    return found


class _Experiment:
    """What tells the runs of one experiment apart."""

    def __init__(self, varying: tuple[str, ...], primary: str | None, shared: frozenset[str]) -> None:
        self.varying = varying
        """Params that not all runs share, those with the most values first."""
        self.primary = primary
        """The metric that most runs have; None: none has any."""
        self.shared = shared
        """Notes that several runs have: those tell none of them apart."""

    @classmethod
    def of(cls, runs: Sequence[RunSummary]) -> _Experiment:
        values: dict[str, set[str]] = defaultdict(set)
        for run in runs:
            for name, value in run.params.items():
                values[name].add(json.dumps(value, sort_keys=True))
        holders = Counter(name for run in runs for name in run.params)
        varying = [name for name in values if len(values[name]) > 1 or holders[name] < len(runs)]
        varying.sort(key=lambda name: (-len(values[name]), name))
        metrics = Counter(name for run in runs for name in run.metrics)
        primary = min(metrics, key=lambda name: (-metrics[name], name)) if metrics else None
        notes = Counter(_note(run) for run in runs)
        return cls(tuple(varying), primary, frozenset(note for note, count in notes.items() if count > 1))


def _facts(run: RunSummary, model: str, parent: RunSummary | None, experiment: _Experiment) -> Facts:
    return Facts(
        commit_id=run.run_id,
        model=model,
        run=None,
        status=run.status.value,
        created=run.created,
        author=run.user,
        reason=_note(run) or None,
        title=run.problem if run.is_broken and run.problem else _title(run, parent, experiment),
        strip=_strip(run, parent),
        recipe=None,
        family=None,
        result=None,
        parent=None,
        compared="",
        primary_metric=experiment.primary if experiment.primary in run.metrics else next(iter(run.metrics), None),
        metrics=metrics_text(run.metrics),
        tags=json.dumps(dict(run.tags)),
        code_commit=run.git_commit,
        has_overrides=0,
        is_dirty=0,
        problem=run.problem,
        is_broken=int(run.is_broken),
    )


def _note(run: RunSummary) -> str:
    return first_line(run.tags.get(_NOTE, ""))


def _title(run: RunSummary, parent: RunSummary | None, experiment: _Experiment) -> str:
    """What people wrote about the run, and what is different about it; first what tells it from others."""
    note, differs = _note(run), _differs(run, parent, experiment)
    told = (differs, note) if note in experiment.shared else (note, differs)
    return " · ".join(filter(None, told))


def _differs(run: RunSummary, parent: RunSummary | None, experiment: _Experiment) -> str:
    """From the run that it is nested in, else among the runs of its experiment."""
    if parent is not None and parent.params:
        changed = [name for name in run.params if run.params[name] != parent.params.get(name)]
        told = [
            f"{name} {_said(parent.params[name])} → {_said(run.params[name])}"
            for name in changed
            if name in parent.params
        ]
        told += [f"{name}={_said(run.params[name])}" for name in changed if name not in parent.params]
    else:
        told = [f"{name}={_said(run.params[name])}" for name in experiment.varying if name in run.params]
    more = len(told) - _TOLD_PARAMS
    return ", ".join(told[:_TOLD_PARAMS]) + (f", +{more} more" if more > 0 else "")


def _said(value: Data) -> str:
    return shortened(value if isinstance(value, str) else json.dumps(value))


def _strip(run: RunSummary, parent: RunSummary | None) -> str:
    """Only code and params of a run are known; without a parent there is nothing to differ from."""
    if run.is_broken:
        return NO_STRIP
    if parent is None:
        return " " * len(DIMENSIONS)
    code = "?" if not (run.git_commit and parent.git_commit) else "C" if run.git_commit != parent.git_commit else "·"
    return f"{code}?{'P' if dict(run.params) != dict(parent.params) else '·'}???"


def _names(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """Run -> its registered versions, with the model: one run may be registered under several."""
    found: dict[str, tuple[str, ...]] = {}
    for (place, model), versions in releases_by_place(ledger).items():
        found[place] = (*found.get(place, ()), *(f"{model}@{version}" for version in versions))
    return found


def _stages(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for (place, _), stages in stages_by_place(ledger).items():
        found[place] = tuple(dict.fromkeys((*found.get(place, ()), *stages)))
    return found
