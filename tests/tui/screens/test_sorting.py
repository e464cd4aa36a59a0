"""The list of versions sorted, with chosen columns, under headings of models; and live while it is so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from threading import Event

from msgspec.structs import replace
from textual.pilot import Pilot

from mlver.model.data import Data
from mlver.model.metric import Metric
from mlver.model.version import VersionRow
from mlver_tui.kept_state import KeptState
from mlver_tui.screens.versions import VersionsScreen
from tests.support.explorer import DAY, HOSTILE, digits_rows, hostile_row, listing, parity_rows
from tests.support.explorer_project import MemoryProject
from tests.support.screens import opened, resized, screen_lines, settled, still

ROWS = digits_rows()


def home(pilot: Pilot[None]) -> VersionsScreen:
    screen = pilot.app.screen
    assert isinstance(screen, VersionsScreen)
    return screen


def text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot))


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


class TriedProject(MemoryProject):
    """Versions whose learning rates differ; two have none."""

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        self.asked.append("params")
        first = islice(rows, 10)
        return {row.key: {"optimiser": {"lr": round(0.1 * (place % 5), 1)}} for place, row in enumerate(first)}


async def test_the_dialog_offers_age_name_metrics_and_params_and_marks_the_order() -> None:
    async with opened() as pilot:
        await pressed(pilot, "s")

        said = text(pilot)
        assert "● age" in said
        for offered in ("name", "primary metric", "metrics ──", "accuracy", "best first, less is better", "params ──"):
            assert offered in said
        assert "optimiser.lr" in said
        assert "optimiser " not in said


async def test_typing_finds_what_to_sort_by_and_the_title_says_it() -> None:
    async with opened() as pilot:
        key = home(pilot).list.cursor_key
        await pressed(pilot, "s", *"primary", "enter")

        assert "5c9f20d4.1" in screen_lines(pilot)[2]
        assert home(pilot).list.cursor_key == key
        assert "sort: metric" in screen_lines(pilot)[0]

        await pressed(pilot, "S")
        assert "v1.0.0" in screen_lines(pilot)[2]
        assert "sort: metric reversed" in screen_lines(pilot)[0]


async def test_leaving_the_dialog_sorts_nothing() -> None:
    async with opened() as pilot:
        before = screen_lines(pilot)
        await pressed(pilot, "s", "down", "escape")

        assert screen_lines(pilot) == before


async def test_a_param_is_sorted_by_and_shown_though_it_has_no_column() -> None:
    project = TriedProject()
    async with opened(project) as pilot:
        assert "params" not in project.asked
        await pressed(pilot, "s", *"optimiser.lr", "enter")

        head, first, *_ = screen_lines(pilot)[1:]
        assert " LR CDPEHS " in head
        assert " 0.0 " in first
        assert "sort: optimiser.lr" in screen_lines(pilot)[0]
        assert home(pilot).list.rows.key_at(11) == ROWS[-1].key

        await pressed(pilot, "S")
        assert " 0.4 " in screen_lines(pilot)[2]
        assert home(pilot).list.rows.key_at(11) == ROWS[-1].key


async def test_a_metric_is_sorted_by_and_shown_but_not_twice() -> None:
    async with opened() as pilot:
        await pressed(pilot, "s", *"loss", "enter")
        assert " LOSS CDPEHS ACCURACY" in screen_lines(pilot)[1]

        await pressed(pilot, "s", *"primary", "enter")
        assert "WHY                       CDPEHS ACCURACY" in screen_lines(pilot)[1]


async def test_columns_are_switched_off_and_on_and_moved() -> None:
    async with opened(size=(139, 40)) as pilot:
        await pressed(pilot, "C", "space", "down", "<", "enter")
        assert "ACCURACY Δ parent  RE  STAGE" in screen_lines(pilot)[1]
        assert "CDPEHS" not in screen_lines(pilot)[1]

        await pressed(pilot, "C", *"author", "space", "enter")
        assert "STAGE   AUTHOR" in screen_lines(pilot)[1]
        assert "dev1" in screen_lines(pilot)[2]

        await pressed(pilot, "C", *"latency", "space", "escape")
        assert "LATENCY" not in screen_lines(pilot)[1]


async def test_params_can_have_columns_and_those_on_the_right_go_first() -> None:
    async with opened(TriedProject(), size=(139, 40)) as pilot:
        await pressed(pilot, "C", *"optimiser.lr", "space", "enter")
        assert "STAGE    LR" in screen_lines(pilot)[1]
        await resized(pilot, 70, 24)

        assert "STAGE" in screen_lines(pilot)[1]
        assert " LR" not in screen_lines(pilot)[1]


async def test_columns_are_kept_and_unknown_ones_ignored() -> None:
    kept: list[KeptState] = []
    async with opened(settings=still(keep=kept.append)) as pilot:
        await pressed(pilot, "C", "space", "enter", "Q")
    assert kept[-1].columns == ("metric", "delta", "replay", "stage")

    state = replace(kept[-1], columns=("metric", "nonsense", "metric.loss", "\x1b[2J"), order="metric.latency_ms")
    async with opened(settings=still(state=state)) as pilot:
        assert screen_lines(pilot)[1].split() == ["NAME", "AGE", "WHY", "LATENCY_MS", "ACCURACY", "LOSS"]


async def test_all_models_stand_under_headings_that_no_cursor_stops_at() -> None:
    async with opened() as pilot:
        await pressed(pilot, "M", "up", "enter")
        assert "15/15 versions" in screen_lines(pilot)[0]
        assert screen_lines(pilot)[2].startswith(" ─ digits 12 · accuracy ───")
        assert screen_lines(pilot)[3].startswith("▸  e07b3a51.2")

        await pressed(pilot, *["j"] * 12)
        assert home(pilot).list.cursor_key == parity_rows()[0].key
        assert "▸  00000003.1" in text(pilot)
        await pressed(pilot, "k")
        assert home(pilot).list.cursor_key == ROWS[-1].key
        await pressed(pilot, "G", "g")
        assert home(pilot).list.cursor_key == ROWS[0].key
        assert screen_lines(pilot)[2].startswith(" ─ digits 12 ")


async def test_models_and_stages_are_chosen_from() -> None:
    async with opened() as pilot:
        await pressed(pilot, "M")
        said = text(pilot)
        assert "● digits" in said
        assert "all models" in said
        assert "production    v1.4.0 of digits, 2 d ago, dev1" in said

        await pressed(pilot, *"parity", "enter")
        assert "3/15 versions" in screen_lines(pilot)[0]

        await pressed(pilot, "M", *"production", "enter")
        assert home(pilot).list.cursor_key == ROWS[4].key


async def test_what_holds_a_stage_is_gone_to_though_a_filter_hides_it() -> None:
    async with opened() as pilot:
        await pressed(pilot, "/", *"lr", "enter", "M", *"production", "enter")

        assert home(pilot).list.cursor_key == ROWS[4].key


async def refreshed(pilot: Pilot[None], project: MemoryProject, rows: tuple[VersionRow, ...]) -> None:
    project.listing, project.changes = listing(*rows), project.changes + 1
    home(pilot)._look_whether_changed()
    await settled(pilot)


def place(pilot: Pilot[None]) -> int:
    """The line of the screen that the cursor's row stands in."""
    return home(pilot).list.cursor - home(pilot).list.scroll_offset.y


async def test_new_versions_never_move_the_cursors_row_of_a_sorted_list() -> None:
    many = tuple(
        replace(row, key=f"{row.key}-{copy}", created=(row.created or 0) - copy * DAY)
        for copy in range(5)
        for row in ROWS
    )
    project = MemoryProject(now=listing(*many[12:]))
    async with opened(project) as pilot:
        for order in ("primary", "loss", "name", "optimiser.lr"):
            await refreshed(pilot, project, many[12:])
            await pressed(pilot, "s", *order, "enter", "g", *["j"] * 30)
            key, before = home(pilot).list.cursor_key, place(pilot)
            assert home(pilot).list.scroll_offset.y > 0

            await refreshed(pilot, project, many)

            assert (home(pilot).list.cursor_key, place(pilot)) == (key, before), order


async def test_new_versions_never_move_the_cursors_row_under_headings() -> None:
    models = tuple(replace(row, key=f"{row.key}-{model}", model=model) for model in "abc" for row in ROWS)
    project = MemoryProject(now=listing(*models[3:]))
    async with opened(project) as pilot:
        await pressed(pilot, "M", *"all", "enter", *["j"] * 30)
        key, before = home(pilot).list.cursor_key, place(pilot)

        await refreshed(pilot, project, models)
        assert (home(pilot).list.cursor_key, place(pilot)) == (key, before)

        # A model that nobody had before, and one that has more now: the groups change places.
        more = tuple(replace(row, key=f"{row.key}-new", model="c") for row in ROWS[:2])
        await refreshed(pilot, project, (*more, *models, *parity_rows()))
        assert (home(pilot).list.cursor_key, place(pilot)) == (key, before)


async def test_metrics_of_thousands_are_read_beside_the_keys_before_they_are_sorted_by() -> None:
    many = tuple(
        replace(ROWS[number % 12], key=f"{number:05}", created=(ROWS[0].created or 0) - number)
        for number in range(2500)
    )
    project = MemoryProject(now=listing(*many))
    async with opened(project) as pilot:
        await pilot.press("s", *"primary", "enter")
        await settled(pilot)
        assert home(pilot).list.rows.key_at(0) == many[2].key
        assert "sort: metric" in screen_lines(pilot)[0]
        assert "sorting" not in screen_lines(pilot)[-2]

        newer = replace(ROWS[2], key="newer", created=(ROWS[0].created or 0) + 1)
        await refreshed(pilot, project, (newer, *many))
        assert home(pilot).list.rows.key_at(0) == "newer"
        assert "2501/2501 versions" in screen_lines(pilot)[0]


class HostileProject(MemoryProject):
    """Params and metrics whose names and values attack the terminal."""

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        return {row.key: {HOSTILE: {HOSTILE: HOSTILE}} for row in rows}


async def test_hostile_names_and_values_are_neither_obeyed_nor_shown_raw() -> None:
    rows = (replace(hostile_row(), metrics={HOSTILE: Metric(value=HOSTILE)}, stages=(HOSTILE,)), *ROWS)
    project = HostileProject(now=listing(*rows, replace(hostile_row(), key="other", model=HOSTILE)))
    async with opened(project, size=(139, 40)) as pilot:
        for keys in (
            ["s"], [*"[/nope]", "down", "enter"], ["S"], ["C"], [*"[/nope]", "space", "enter"], ["M"],
            ["end", "up", "enter"], ["M", "up", "up", "enter"], ["u"],
        ):  # fmt: skip
            await pressed(pilot, *keys)
            said = text(pilot)
            assert "\x1b" not in said
            assert "\x9b" not in said
            assert "\u202e" not in said


async def test_no_size_crashes_a_dialog() -> None:
    async with opened() as pilot:
        for key in "sCfM":
            await pressed(pilot, key)
            for size in ((1, 1), (60, 16), (200, 60)):
                await resized(pilot, *size)
                assert len(screen_lines(pilot)) == size[1]
            await pressed(pilot, "escape")


class SlowParams(MemoryProject):
    """Knows params only when told."""

    def __init__(self) -> None:
        super().__init__()
        self.may_read = Event()

    def params_of(self, rows: Iterable[VersionRow]) -> dict[str, Mapping[str, Data]]:
        self.may_read.wait(5)
        return super().params_of(rows)


async def test_params_that_come_late_come_to_the_dialog_that_offers_them_or_to_none() -> None:
    project = SlowParams()
    async with opened(project) as pilot:
        await pilot.press("s")
        await pilot._wait_for_screen()
        assert "● age" in text(pilot)
        await pilot.press("escape", "M")
        project.may_read.set()
        await settled(pilot)
        assert "models and stages" in text(pilot)
        assert "smallest first" not in text(pilot)

        await pressed(pilot, "escape", "s")
        assert "smallest first" in text(pilot)
