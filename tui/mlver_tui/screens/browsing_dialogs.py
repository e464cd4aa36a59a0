"""The dialogs of the version list: what to sort by, which model, which columns, which filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from mlver.model.version import VersionRow
from mlver_tui.screens.choosing import ChoosingScreen
from mlver_tui.view_models.choices import Choice
from mlver_tui.view_models.chrome import Hint
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.order_choices import column_choices, column_fields
from mlver_tui.view_models.saved_filters import NamedFilter, Origin, filter_choices
from mlver_tui.widgets.find_line import TO_FIND


class PickScreen(ChoosingScreen[str], inherit_bindings=False):
    """Gives the key of what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = ChoosingScreen.BINDINGS

    def chosen(self, key: str) -> str:
        return key


class ColumnsScreen(ChoosingScreen[tuple[str, ...]], inherit_bindings=False):
    """Gives the columns that are on, in their order, whichever stands under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ChoosingScreen.BINDINGS,
        Binding("space", "switch", show=False, priority=True),
        Binding("less_than_sign", "shift(-1)", show=False, priority=True),
        Binding("greater_than_sign", "shift(1)", show=False, priority=True),
    ]
    KEYS = frozenset({"space", "less_than_sign", "greater_than_sign"})
    HINTS = (Hint("space", "on or off"), Hint("< >", "moves it"), Hint("enter", "takes them"))

    def __init__(self, columns: Sequence[str], rows: Sequence[VersionRow], glyphs: Glyphs) -> None:
        self._on = dict.fromkeys(columns)
        self._fields = column_fields(columns, rows)
        super().__init__(column_choices(self._fields, self._on, glyphs), title="columns on the right of WHY")

    def take_fields(self, fields: Iterable[str]) -> None:
        """There can be these columns, too."""
        self._fields = list(dict.fromkeys((*self._fields, *fields)))
        self._offer()

    def chosen(self, _key: str) -> tuple[str, ...]:
        return tuple(field for field in self._fields if field in self._on)

    def action_choose(self) -> None:
        self.dismiss(self.chosen(""))

    def action_switch(self) -> None:
        field = self.under_cursor
        if field is None:
            return
        if field in self._on:
            del self._on[field]
        else:
            self._on[field] = None
        self._offer()

    def action_shift(self, step: int) -> None:
        """Change places with the next one that is shown: up in the dialog is to the left in the list."""
        shown = [choice.key for choice in self.shown]
        field = self.under_cursor
        place = shown.index(field) + step if field in shown else -1
        if field is None or not 0 <= place < len(shown):
            return
        there = self._fields.index(shown[place])
        self._fields.remove(field)
        self._fields.insert(there, field)
        self._offer()

    def _offer(self) -> None:
        self.offer(column_choices(self._fields, self._on, self.glyphs))


class FiltersScreen(ChoosingScreen[str], inherit_bindings=False):
    """Gives the words of the chosen filter. Filters get names and lose them here."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ChoosingScreen.BINDINGS,
        Binding("plus", "name", show=False, priority=True),
        Binding("minus,delete", "forget", show=False, priority=True),
    ]
    KEYS = frozenset({"plus", "minus", "delete"})
    HINTS = (Hint("enter", "filters"), Hint("+", "saves the current one"), Hint("-", "removes one"))

    def __init__(
        self,
        offered: Callable[[], Sequence[NamedFilter]],
        current: str,
        *,
        save: Callable[[str, str], None],
        forget: Callable[[str], None],
        glyphs: Glyphs,
    ) -> None:
        """`offered` is asked again after a filter was saved or forgotten."""
        self._offered = offered
        self._filters = tuple(offered())
        self._counts: Mapping[str, int | None] = {}
        self._current = current
        self._save = save
        self._forget = forget
        self._words_to_name = ""
        super().__init__(filter_choices(self._filters, {}, current, glyphs), title="filters")

    def take_counts(self, counts: Mapping[str, int | None]) -> None:
        """It is known how many versions pass."""
        self._counts = counts
        self._offer()

    def chosen(self, key: str) -> str:
        return self._filters[int(key)].words

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """In a name `+` and `-` are letters."""
        return not (self._words_to_name and action in {"name", "forget"})

    def action_name(self) -> None:
        """Ask for a name: for the filter in use, or for one used lately that the cursor is on."""
        under_cursor = self._filter_under_cursor()
        is_recent = under_cursor is not None and under_cursor.origin is Origin.RECENT
        self._words_to_name = under_cursor.words if under_cursor and is_recent else self._current
        if self._words_to_name:
            self._ask_name()
        else:
            self.show_head("filters: none is in use, so there is none to save", self.HINTS)

    def action_forget(self) -> None:
        under_cursor = self._filter_under_cursor()
        if under_cursor is None or under_cursor.origin is not Origin.SAVED:
            self.show_head("filters: only those saved for this repository can be removed", self.HINTS)
            return
        self._forget(under_cursor.name)
        self._look_again()

    def action_leave(self) -> None:
        if self._words_to_name:
            self._end_naming()
        else:
            super().action_leave()

    def action_choose(self) -> None:
        name = self.typed.value.strip()
        if not self._words_to_name:
            super().action_choose()
        elif name:
            self._save(name, self._words_to_name)
            self._end_naming()
            self._look_again()

    @property
    def shown(self) -> Sequence[Choice]:
        return self._choices if self._words_to_name else super().shown

    def _ask_name(self) -> None:
        self.typed.placeholder, self.typed.value = "its name", ""
        said = self.glyphs.data(self._words_to_name)
        self.show_head(f"a name for {said}", (Hint("enter", "saves it"),))

    def _end_naming(self) -> None:
        self._words_to_name = ""
        self.typed.placeholder, self.typed.value = TO_FIND, ""
        self.show_head("filters", self.HINTS)
        self.show_choices()

    def _filter_under_cursor(self) -> NamedFilter | None:
        key = self.under_cursor
        return None if key is None else self._filters[int(key)]

    def _look_again(self) -> None:
        self._filters = tuple(self._offered())
        self._offer()

    def _offer(self) -> None:
        self.offer(filter_choices(self._filters, self._counts, self._current, self.glyphs))
