"""The palette: Textual's own, with the offers of this place, and words that complete with tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.command import CommandInput, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from mlver_tui.palette.speaking import known_now, speak, with_params
from mlver_tui.screens.early_keys import EarlyKeys
from mlver_tui.view_models.palette import Known, Offer, completed_line, name_cells, offers
from mlver_tui.view_models.text import cell_width, cut, padded

if TYPE_CHECKING:
    from mlver_tui.app import MlverApp
    from mlver_tui.screens.explorer_screen import ExplorerScreen

_NAME_CELLS, _LEAST_SAID, _EDGES = 22, 10, 6
"""The least column for names; what is left for the sentence beside them on a line that has its edges free."""
_PLACEHOLDER = "type to find: an action, a version, a metric, or diff A B"


class Palette(EarlyKeys, CommandPalette, inherit_bindings=False):
    """Where commands are found and typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CommandPalette.BINDINGS,
        Binding("tab", "complete", show=False),
        Binding("ctrl+c", "escape", show=False),
    ]

    def __init__(self, begins: str = "") -> None:
        """`begins` is typed already."""
        super().__init__([PlaceProvider], placeholder=_PLACEHOLDER, id="--command-palette")
        self._begins = begins

    def on_mount(self) -> None:
        for entry in self.query(CommandInput) if self._begins else ():
            entry.value = self._begins
            entry.cursor_position = len(self._begins)

    def action_complete(self) -> None:
        """Type the rest of what stands under the cursor."""
        found, entry = self.query_one(CommandList), self.query_one(CommandInput)
        if found.highlighted is None:
            return
        hits = [getattr(option, "hit", None) for option in found.options[found.highlighted :]]
        lines = [hit.completed for hit in hits if isinstance(hit, Completing | CompletingFirst)]
        if made := completed_line(entry.value.strip(), lines):
            entry.value = made
            entry.cursor_position = len(made)


class Completing(Hit):
    """A hit that knows what tab makes of the line."""

    completed: str = ""


class CompletingFirst(DiscoveryHit):
    """Likewise, where nothing was typed yet."""

    completed: str = ""


class PlaceProvider(Provider):
    """What can be said in the place that the palette was opened in."""

    def __init__(self, screen: Screen[object], *more: object) -> None:
        super().__init__(screen, *more)  # type: ignore[arg-type]  # the style of matches, which are drawn here
        self._place = cast("ExplorerScreen", screen)
        self._known = Known()

    async def startup(self) -> None:
        """Once: what can be named does not change under the hands of somebody typing, but params come when needed."""
        self._known = known_now(self._place)

    async def search(self, query: str) -> Hits:
        self._known = with_params(self._known, self._place, query)
        found = offers(query, self._known)
        cells = name_cells(found, self.app.size.width)
        for rank, offer in enumerate(found):
            # Textual sorts by the score: ours says only what comes first.
            hit = Completing(1.0 - rank / 1000, self._drawn(offer, cells), self._deed(offer), text=offer.text)
            hit.completed = offer.begins or offer.text
            yield hit

    async def discover(self) -> Hits:
        found = offers("", self._known)
        cells = name_cells(found, self.app.size.width)
        for offer in found:
            hit = CompletingFirst(self._drawn(offer, cells), self._deed(offer), text=offer.text)
            hit.completed = offer.begins or offer.text
            yield hit

    def _deed(self, offer: Offer) -> Callable[[], object]:
        app, place = cast("MlverApp", self.app), self._place
        if offer.does is not None:
            spoken = offer.does
            return lambda: speak(place, spoken)
        if offer.begins:
            return lambda: app.open_palette(offer.begins)
        return lambda: place.tell(place.glyphs.data(f"{offer.text}: {offer.mistake or offer.why_not}"))

    def _drawn(self, offer: Offer, cells: int) -> Text:
        """One line; never markup: it has names of a repository."""
        glyphs = self._place.glyphs
        name = padded(glyphs.data(offer.text), max(_NAME_CELLS, cells))
        said = f"not now: {offer.why_not}" if offer.why_not else offer.mistake or offer.help
        if glyphs.data(offer.text) != name.rstrip():  # it is longer than its column: whole, then what it does
            name = f"{glyphs.data(offer.text)} "
        style = "not bold dim" if offer.why_not or offer.mistake else "bold"
        room = max(_LEAST_SAID, self.app.size.width - cell_width(name) - _EDGES)
        return Text.assemble(
            (glyphs.drawn(name), style), (f" {glyphs.drawn(cut(glyphs.data(said), room))}", "not bold dim")
        )
