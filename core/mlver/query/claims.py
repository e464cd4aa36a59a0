"""What `is:` can claim of a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from mlver.model.attention import Company, Why, held_against, primary_delta
from mlver.model.filtering import Around
from mlver.model.metric import Judgement
from mlver.model.status import Status
from mlver.model.version import VersionRow


class Claim(Struct, frozen=True):
    """One word behind `is:`."""

    help: str
    holds: Callable[[VersionRow, Around], bool]


def _is_worth(row: VersionRow, around: Around) -> bool:
    company = around.company or Company((row,))
    return company.is_worth_a_look(row, held_against(row, around.base, around.find))


def _is_judged(row: VersionRow, around: Around, judgement: Judgement) -> bool:
    delta = primary_delta(row, held_against(row, around.base, around.find))
    return delta is not None and delta.judgement is judgement


def _is_differing(row: VersionRow, around: Around) -> bool:
    company = around.company or Company((row,))
    return any(reason.why in {Why.REPLAY, Why.TWO_RESULTS} for reason in company.reasons(row, None))


CLAIMS: Mapping[str, Claim] = {
    "marked": Claim("marked with space, in the explorer", lambda row, around: row.key in (around.marked or ())),
    "dirty": Claim("the code was not what its commit holds", lambda row, _around: row.is_dirty),
    "broken": Claim("it cannot be read", lambda row, _around: row.is_broken),
    "promoted": Claim("it holds a stage", lambda row, _around: bool(row.stages)),
    "running": Claim(
        "its recording is under way, or a store says so",
        lambda row, _around: row.is_running or row.status is Status.RUNNING,
    ),
    "better": Claim(
        "its primary metric is better than the base's or parent's, beyond the tolerance",
        lambda row, around: _is_judged(row, around, Judgement.BETTER),
    ),
    "worse": Claim(
        "its primary metric is worse than the base's or parent's, beyond the tolerance",
        lambda row, around: _is_judged(row, around, Judgement.WORSE),
    ),
    "differing": Claim(
        "not the same twice: its replay, or another run of its recipe, came to something else", _is_differing
    ),
    "worth": Claim(
        "worth a look: worse than base or parent, broken, failed, dirty, another result than its replay or twin, "
        "best but never replayed",
        _is_worth,
    ),
}
