"""The model registry as a ledger: registered versions are releases, aliases and stages are held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mlver.model.ledger import Ledger, LedgerEvent, Move
from mlver.model.person import Person
from mlver.model.source_names import MLFLOW
from mlver.model.standing import ledger_of
from mlver.sources.mlflow.records import RegisteredVersion
from mlver.sources.mlflow.values import model_of

_NO_STAGES = frozenset({"", "None", "Archived"})
"""Old-style stages that say a version holds nothing."""


def registry_ledger(versions: Iterable[RegisteredVersion], problems: Iterable[str], store: str = "") -> Ledger:
    """What the registry says now; what it said before it does not keep."""
    ledger = ledger_of((replace(event, store=store) for one in versions for event in _events(one)), problems)
    # What has no date came after the registration of what it speaks of.
    return replace(ledger, events=tuple(sorted(ledger.events, key=lambda event: event.made is None)))


def _events(one: RegisteredVersion) -> Iterator[LedgerEvent]:
    yield LedgerEvent(
        move=Move.REGISTERED,
        model=model_of(one.model),
        version=f"v{one.version}",
        place=one.run_id,
        tag=one.entry,
        made=one.created,
        author=Person(name=one.user),
        message=one.description,
        source=MLFLOW,
    )
    for alias in one.aliases:
        yield _held(one, alias, f"{one.entry.rpartition('/')[0]}/aliases/{alias}")
    if one.stage not in _NO_STAGES:
        yield _held(one, one.stage, one.entry)


def _held(one: RegisteredVersion, stage: str, entry: str) -> LedgerEvent:
    """Since when is not kept. Several versions may be in an old-style stage: MLflow takes the highest, so it counts."""
    return LedgerEvent(
        move=Move.ASSIGNED,
        model=model_of(one.model),
        version=f"v{one.version}",
        stage=stage,
        number=one.version,
        place=one.run_id,
        tag=entry,
        source=MLFLOW,
    )
