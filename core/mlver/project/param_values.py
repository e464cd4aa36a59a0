"""What params were set to in all versions of a listing: read once, for questions come one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mlver.model.data import Data
    from mlver.model.note import Notebook
    from mlver.model.param_history import ParamHistory
    from mlver.model.version import Listing, VersionRow


class ParamValues:
    """Remembers the params of the listing that was asked about last."""

    def __init__(self, params_of: Callable[[Iterable[VersionRow]], Mapping[str, Mapping[str, Data]]]) -> None:
        self._params_of = params_of
        self._last: tuple[Listing, Mapping[str, Mapping[str, Data]]] | None = None

    def history(
        self, listing: Listing, row: VersionRow, labels: Sequence[str], ignore: tuple[str, ...], notes: Notebook | None
    ) -> ParamHistory:
        """One param in the versions of that row's model, with the newest note about it."""
        from mlver.comparing.param_history import param_history, value_along

        rows = [one for one in (*listing.rows, *listing.kin) if one.model == row.model]
        if self._last is None or self._last[0] is not listing:
            self._last = listing, self._params_of((*listing.rows, *listing.kin))
        told = param_history(rows, self._last[1], labels, ignore=ignore)
        if notes is None:
            return told
        from mlver.notes.speaking import newest_about

        value = value_along(dict(self._last[1].get(row.key, {})), labels)
        return replace(told, note=newest_about(notes, rows, labels, value))
