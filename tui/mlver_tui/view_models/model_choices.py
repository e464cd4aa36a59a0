"""The models of a listing and the versions that hold a stage, as a dialog offers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlver.model.ledger import Ledger
from mlver.model.version import VersionRow
from mlver_tui.view_models.choices import Choice
from mlver_tui.view_models.glyphs import UNICODE, Glyphs
from mlver_tui.view_models.ledger_lines import PROTECTED, person_name
from mlver_tui.view_models.numbers import ago
from mlver_tui.view_models.numbers import count as written_count
from mlver_tui.view_models.version_rows import shown_name

ALL = "all"
_MODEL, _HOLDER = "model ", "holder "


def model_choices(models: Mapping[str, int], current: str | None, glyphs: Glyphs = UNICODE) -> list[Choice]:
    """Every model with its count, all of them first."""
    everything = Choice(
        key=ALL,
        name="all models",
        amount=written_count(sum(models.values()), glyphs),
        section="models",
        is_on=current is None,
    )
    each = [
        Choice(
            key=_MODEL + model,
            name=glyphs.data(model),
            amount=written_count(count, glyphs),
            section="models",
            is_on=model == current,
        )
        for model, count in models.items()
    ]
    return [everything, *each] if len(models) > 1 else each


def stage_choices(rows: Iterable[VersionRow], ledger: Ledger, now: float, glyphs: Glyphs = UNICODE) -> list[Choice]:
    """Every stage with the version that holds it, since when and by whom: first the one that users see."""
    held = [(row, stage) for row in rows for stage in row.stages]
    return [
        Choice(
            key=_HOLDER + row.key,
            name=glyphs.data(stage),
            said=f"{shown_name(row, glyphs)} of {glyphs.data(row.model)}{_since(row, stage, ledger, now, glyphs)}",
            section="stages",
        )
        for row, stage in sorted(held, key=lambda one: one[1] != PROTECTED)
    ]


def _since(row: VersionRow, stage: str, ledger: Ledger, now: float, glyphs: Glyphs) -> str:
    return "".join(
        f", {ago(event.made, now)}, {person_name(event, glyphs)}"
        for event in ledger.holders
        if (event.model, event.stage, event.place) == (row.model, stage, row.commit)
    )


def chosen_model(key: str) -> str | None:
    """The model that was chosen; None: none was, or all of them."""
    return key.removeprefix(_MODEL) if key.startswith(_MODEL) else None


def chosen_holder(key: str) -> str | None:
    """The key of the version that holds the chosen stage; None: no stage was chosen."""
    return key.removeprefix(_HOLDER) if key.startswith(_HOLDER) else None
