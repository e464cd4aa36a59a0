"""`mlver stages`: who holds what since when, and every release and move before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from mlver.errors import NoVersions
from mlver_tui.commands.failures import FINE, NOTHING_FOUND
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.models import no_such_model
from mlver_tui.view_models.glyphs import Glyphs
from mlver_tui.view_models.ledger_lines import PROTECTED, event_phrase, message_line, person_name, version_name
from mlver_tui.view_models.numbers import age, ago
from mlver_tui.view_models.spans import Line, Span, Tone, bright, dim, line
from mlver_tui.view_models.tables import aligned

if TYPE_CHECKING:
    from mlver.model.ledger import Ledger, LedgerEvent

_NO_STAGES_HINT = (
    "a tag assigns one: git tag -a 'MODEL#production#1' -m 'why' COMMIT, or gto assign; "
    "mlver stages --history tells the releases"
)
_NO_EVENTS_HINT = "a tag makes one: git tag -a MODEL@v1.0.0 -m 'why' COMMIT, or gto register"


@click.command("stages")
@click.argument("model", required=False)
@click.option("--history", "is_history", is_flag=True, help="Every release and move too, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_obj
def command(invocation: Invocation, *, model: str | None, is_history: bool, as_json: bool) -> int:
    """Show which version holds which stage, since when and who said so.

    Releases and stages are read from tags in the Git Tag Ops form (`digits@v1.2.0`, `digits#production#3`), whoever
    made them, and from MLflow's registry.
    """
    console = invocation.console
    with invocation.open_project() as project, console.progress() as report:
        listing = project.refresh(report=report)
        whole = project.ledger()
    ledger = whole if model is None else _of_model(whole, model, {row.model for row in listing.rows})
    shown = Shown(
        names={(row.commit, row.model): row.name for row in listing.rows}, now=time.time(), glyphs=console.glyphs
    )
    if as_json:
        console.show_text(_json(ledger, is_history=is_history))
        return FINE if ledger.events else NOTHING_FOUND
    events = tuple(reversed(ledger.events)) if is_history else ledger.holders
    if not events and not ledger.deprecated:
        raise _nothing(ledger, model, is_history=is_history)
    console.show_all(shown.history(events, console.width) if is_history else shown.holders(events, console.width))
    console.show_all(shown.deprecations(ledger.deprecated))
    console.say(*(line(Span("! ", Tone.WARNING), console.glyphs.data(problem)) for problem in ledger.problems))
    return FINE


def _of_model(ledger: Ledger, model: str, listed: Iterable[str]) -> Ledger:
    known = {event.model for event in ledger.events}
    if model not in known | set(listed):
        raise no_such_model(model, known | set(listed))

    def chosen(events: tuple[LedgerEvent, ...]) -> tuple[LedgerEvent, ...]:
        return tuple(event for event in events if event.model == model)

    return replace(
        ledger,
        events=chosen(ledger.events),
        releases=chosen(ledger.releases),
        holders=chosen(ledger.holders),
        deprecated=chosen(ledger.deprecated),
    )


def _nothing(ledger: Ledger, model: str | None, *, is_history: bool) -> NoVersions:
    of = f" of '{model}'" if model else ""
    if is_history or not ledger.events:
        return NoVersions(f"no version{of} was ever released or put in a stage", hint=_NO_EVENTS_HINT)
    return NoVersions(f"no version{of} holds a stage", hint=_NO_STAGES_HINT)


class Shown(Struct, frozen=True, kw_only=True):
    """Makes the tables."""

    names: Mapping[tuple[str, str], str]
    """(place, model) -> what the version there is called."""
    now: float
    glyphs: Glyphs

    def holders(self, events: Sequence[LedgerEvent], width: int | None) -> list[Line]:
        """Who holds what: one line for each stage of each model."""
        columns: list[tuple[str, Callable[[LedgerEvent], Line]]] = [
            ("MODEL", lambda event: line(self.glyphs.data(event.model))),
            ("STAGE", self._stage),
            ("VERSION", lambda event: line(version_name(event, self.glyphs, called=self._called(event)))),
            *self._circumstances("SINCE"),
        ]
        return self._table(columns, events, width)

    def history(self, events: Sequence[LedgerEvent], width: int | None) -> list[Line]:
        """What happened: one line for each event."""
        columns: list[tuple[str, Callable[[LedgerEvent], Line]]] = [
            ("MODEL", lambda event: line(self.glyphs.data(event.model))),
            ("WHAT", lambda event: line(bright(event_phrase(event, self.glyphs, called=self._called(event))))),
            *self._circumstances("AGE"),
        ]
        return self._table(columns, events, width)

    def deprecations(self, events: Iterable[LedgerEvent]) -> list[Line]:
        """The models that are not to be used any more."""
        return [
            line(
                Span("! ", Tone.WARNING),
                f"{self.glyphs.data(event.model)} is deprecated",
                dim(f", {person_name(event, self.glyphs)}, {ago(event.made, self.now)}"),
            )
            for event in events
        ]

    def _circumstances(self, when: str) -> list[tuple[str, Callable[[LedgerEvent], Line]]]:
        return [
            (when, lambda event: line(dim(age(event.made, self.now)))),
            ("BY", lambda event: line(dim(person_name(event, self.glyphs)))),
            ("TAG", lambda event: line(dim(self.glyphs.data(event.tag)))),
            ("MESSAGE", lambda event: message_line(event, self.glyphs)),
        ]

    def _stage(self, event: LedgerEvent) -> Line:
        return line(Span(self.glyphs.data(event.stage or ""), Tone.ACCENT if event.stage == PROTECTED else Tone.PLAIN))

    def _called(self, event: LedgerEvent) -> str:
        return self.names.get((event.place, event.model), "")

    @staticmethod
    def _table(
        columns: Sequence[tuple[str, Callable[[LedgerEvent], Line]]], events: Sequence[LedgerEvent], width: int | None
    ) -> list[Line]:
        if not events:
            return []
        cells = [[line(dim(head)) for head, _ in columns], *([made(event) for _, made in columns] for event in events)]
        ages = {index for index, (head, _) in enumerate(columns) if head in {"AGE", "SINCE"}}
        return aligned(cells, right=ages, flexible=len(columns) - 1, width=width)


def _json(ledger: Ledger, *, is_history: bool) -> str:
    from mlver_tui.commands.json_output import event_document, json_text

    document: dict[str, object] = {
        "holders": [event_document(event) for event in ledger.holders],
        "releases": [event_document(event) for event in ledger.releases],
        "deprecated": [event_document(event) for event in ledger.deprecated],
        "problems": list(ledger.problems),
        "complete": True,
    }
    if is_history:
        document["events"] = [event_document(event) for event in reversed(ledger.events)]
    return json_text(document)
