"""Summary, metric table, replay and detail lines at the widths of the mock-ups."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from mlver.model.change import Change, Kind, branch
from mlver.model.comparison import Comparison
from mlver.model.evaluation import EvaluationData, ToldBy
from mlver.model.manifest import DataFacts
from mlver.model.metric import Goal, Metric, MetricMeaning, metric_delta
from mlver.model.version import Agreement
from mlver_tui.view_models.banner import Banner
from mlver_tui.view_models.compare_tabs import CompareTab
from mlver_tui.view_models.compared import compared_view
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_counts, detail_lines
from mlver_tui.view_models.glyphs import ASCII, UNICODE, Glyphs
from mlver_tui.view_models.helped import did_it_help
from mlver_tui.view_models.metric_rows import bar, metric_columns, metric_line, slice_lines
from mlver_tui.view_models.metrics_tab import metrics_tab_lines
from mlver_tui.view_models.replay_rows import (
    StepProgress,
    StepState,
    plan_lines,
    step_progress_line,
    verdict_lines,
)
from mlver_tui.view_models.spans import Line, staying_cells, text_of, width_of
from mlver_tui.view_models.summary import summary_lines
from mlver_tui.view_models.tabs import tab_line
from tests.support.explorer import (
    HOSTILE,
    NOW,
    broken_row,
    comparison_of,
    digits_rows,
    failed_row,
    hostile_row,
    plan_of,
    record_of,
    version_of,
)

ROWS = digits_rows()


def worse() -> Comparison:
    return comparison_of(ROWS[10], ROWS[5])


def shown(lines: list[Line]) -> list[str]:
    return [text_of(one).rstrip() for one in lines]


def test_the_summary_answers_in_its_order() -> None:
    assert shown(summary_lines(compared_view(worse()), 80)) == [
        " DID IT HELP   worse on accuracy and loss; the test set is the same",
        "",
        "   METRIC             A       B        Δ      Δ %    worse │ better   JUDGED",
        " ▼ accuracy ★    0.9389  0.9167  −0.0222   −2.4 %         █│          worse",
        " ▼ loss          0.1611  0.1833  +0.0222  +13.8 %       ███│          worse",
        " = latency_ms      0.45    0.44    −0.01   −2.2 %          │          same",
        "",
        " WHAT CHANGED",
        " ~ params   3  optimiser.lr 0.1 → 0.03 · train.epochs 40 → 60 · + momentum 0.9",
        " ~ data     1  train 1037 rows → 1437 rows · eval same",
        " ~ code     2  prepare.py · README.md no input",
        " = env      0  same software, same machine, same seeds",
        " ~ files    2  weights.npy 4 of 4 tensors · + scaler.json",
        " first step that differs: prepare (its input data/digits.csv differs)",
    ]


def evaluated_on(comparison: Comparison, rows: tuple[int, int]) -> Comparison:
    """The comparison with evaluation data of another digest and so many rows."""
    sides = [
        replace(
            side,
            manifest=replace(side.manifest, data=(DataFacts(name="eval", path="e.csv", role="eval", rows=count),)),
        )
        for side, count in zip((comparison.before, comparison.after), rows, strict=True)
    ]
    other = Change(label="eval", kind=Kind.CHANGED, before="1" * 64, after="2" * 64)
    told = EvaluationData(
        kind=Kind.CHANGED, told_by=ToldBy.DATA, names=("eval",), rows_before=rows[0], rows_after=rows[1]
    )
    return replace(comparison, before=sides[0], after=sides[1], data=branch("data", (other,)), evaluation=told)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((360, 360), "(360 rows as before, other content)"),
        ((360, 400), "(360 → 400 rows): deltas compare"),
    ],
)
def test_the_test_set_is_told_on_a_line_of_its_own_where_one_is_too_short(rows: tuple[int, int], said: str) -> None:
    assert shown(summary_lines(compared_view(evaluated_on(worse(), rows)), 80))[:2] == [
        " DID IT HELP   worse on accuracy and loss;",
        f"               the test set is NOT the same {said}",
    ]


def test_what_runs_used_is_one_line_of_the_summary() -> None:
    used = (
        metric_delta("wall_s", Metric(value=0.594), Metric(value=0.643)),
        metric_delta("peak_rss_bytes", Metric(value=38_006_784), None),
    )
    comparison = replace(worse(), metrics=used)

    assert (
        shown(summary_lines(compared_view(comparison), 80))[2]
        == " · used  time 0.59 s → 0.64 s +8.2 % · memory 38 MB → none"
    )


def test_a_short_unit_is_shown_where_there_is_room() -> None:
    delta = metric_delta(
        "latency", Metric(value=0.25), Metric(value=0.5, meaning=MetricMeaning(unit="ms", goal=Goal.MINIMISE))
    )

    narrow, wide = (text_of(metric_line(delta, metric_columns([delta], width), width)) for width in (78, 120))

    assert " 0.50 " in narrow
    assert "0.50 ms" not in narrow
    assert "0.25 ms  0.50 ms  +0.25 ms" in wide.replace("   ", "  ")


def test_names_that_end_differently_are_told_apart_and_no_bar_takes_their_room_where_nothing_is_judged() -> None:
    names = ("per_class.cat", "per_class.dog", "evaluation/held_out/of_all/per_class.cat")
    plain, judged = (
        [metric_delta(name, Metric(value=0.5), Metric(value=0.75, meaning=meaning)) for name in names]
        for meaning in (MetricMeaning(), MetricMeaning(goal=Goal.MAXIMISE))
    )

    whole, short = (
        [text_of(metric_line(delta, metric_columns(deltas, 78), 78)) for delta in deltas] for deltas in (plain, judged)
    )

    assert [one.split()[1] for one in whole] == ["per_class.cat", "per_class.dog", "…held_out/of_all/per_class.cat"]
    assert [one.split()[1] for one in short] == ["…_class.cat", "…_class.dog", "…_class.cat"]
    assert "│" in short[0]
    assert "│" not in whole[0]


def test_what_a_run_used_is_told_as_people_say_it() -> None:
    delta = metric_delta("peak_rss_bytes", Metric(value=39_526_400), Metric(value=40_726_528))

    shown_line = text_of(metric_line(delta, metric_columns([delta], 80), 80)).split()

    assert shown_line == ["·", "memory", "40", "MB", "41", "MB", "+1.2", "MB", "+3.0", "%", "no", "goal"]


def test_the_banner_names_both_sides() -> None:
    lines = Banner(before=ROWS[10], after=ROWS[4], now=NOW, right=("x swap   esc back", "")).lines(80)

    assert shown(lines) == [
        " A v1.1.0      hidden 16 → 32     9d  dev1  ≡2                x swap   esc back",
        " B v1.4.0      scaling restored   2d  dev1  ≡3  PROD",
    ]


def test_the_banner_shows_no_mark_for_a_version_that_was_never_replayed() -> None:
    never = replace(ROWS[4], replay=None)

    assert (
        shown(Banner(before=never, after=never, now=NOW).lines(80))[1]
        == " B v1.4.0      scaling restored   2d  dev1  PROD"
    )


def test_more_metrics_than_are_named_are_counted_in_words() -> None:
    moved = [
        metric_delta(f"loss_{number}", Metric(value=1.0), Metric(value=2.0, meaning=MetricMeaning(goal=Goal.MINIMISE)))
        for number in range(5)
    ]

    said = did_it_help(replace(worse(), metrics=tuple(moved)))

    assert said.startswith("worse on loss_0, loss_1, loss_2 and 2 more;")


def test_a_version_without_metrics_is_not_judged() -> None:
    comparison = replace(worse(), metrics=())

    assert did_it_help(comparison).startswith("no metrics to compare")


def test_a_metric_that_is_text_does_not_hide_that_the_others_are_the_same() -> None:
    metrics = tuple(
        metric_delta(name, Metric(value=value), Metric(value=value)) for name, value in (("acc", 0.7), ("by", "x"))
    )

    said = did_it_help(replace(worse(), metrics=metrics))

    assert said.startswith("the same on every metric that is a number on both sides")


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [(None, 1.0, "only in B"), (1.0, None, "only in A"), ("a", "b", "differs"), (float("nan"), float("nan"), "same"),
     (0.0, 1.0, "no goal"), (1.0, float("inf"), "no goal")],
)  # fmt: skip
def test_odd_metrics_say_what_they_are(before: float | None, after: float | None, word: str) -> None:
    sides = [None if value is None else Metric(value=value) for value in (before, after)]
    delta = metric_delta("m", *sides)

    shown_line = text_of(metric_line(delta, metric_columns([delta], 80), 80)).rstrip()

    assert shown_line.endswith(word)


def test_the_bar_is_on_the_side_that_was_judged() -> None:
    from mlver.model.metric import Goal

    down = MetricMeaning(goal=Goal.MINIMISE)
    delta = metric_delta("loss", Metric(value=3.0, meaning=down), Metric(value=1.0, meaning=down))

    assert text_of(bar(delta)) == " " * 10 + "│" + "█" * 8 + "  "


def test_slices_name_their_part_of_the_data() -> None:
    lines = shown(slice_lines(worse().slices, 80))

    assert lines[1].split() == ["·", "recall", "class", "3", "0.919", "0.946", "+0.027", "█" * 10]


def test_the_verdict_lists_outputs_and_metrics() -> None:
    assert shown(verdict_lines(record_of(ROWS[4], Agreement.DIFFERENT), 80)) == [
        " VERDICT  ≠ different",
        "",
        "   METRIC                   RECORDED  REPLAYED  VERDICT",
        " ≠ accuracy                 0.9583    0.9583    different        tolerance 0.005",
        "",
        "   OUTPUT                   RECORDED  REPLAYED  VERDICT",
        " ≠ models/weights.npy       22222222  22222222  different",
    ]


def test_a_plan_says_what_will_run_where_and_what_to_expect() -> None:
    plan = replace(plan_of(ROWS[4]), obstacles=("data/digits.csv is not here: mlver fetch",), is_trusted=False)

    text = "\n".join(shown(plan_lines(plan, 100)))

    for part in (
        "python train.py",
        "a fresh folder, 51 kB",
        "numpy 1.26.4 → 2.4.6",
        "other bytes are likely",
        "✗ data/",
        "! recorded",
    ):
        assert part in text


def test_a_receipt_leaves_out_whole_things_where_it_is_narrow_and_counts_them() -> None:
    detail = Detail(row=ROWS[4], version=version_of(ROWS[4]), now=NOW)

    def value(label: str, width: int) -> str:
        texts = shown(detail_lines(detail, DetailTab.RECEIPT, width))
        return next(text for text in texts if text.startswith(label)).removeprefix(label).strip()

    assert value("params", 60) == "hidden 32  lr 0.03  momentum 0.9  +1"
    assert value("params", 32) == "hidden 32  lr 0.03  +2"
    assert value("params", 24) == "hidden 32  +3"
    assert value("metrics", 78).startswith("accuracy 0.9583  loss 0.1417  +1")


def test_a_unit_stands_beside_its_value_and_goes_after_the_percents_where_it_is_narrow() -> None:
    detail = Detail(row=ROWS[4], against=ROWS[5], now=NOW)

    def latency(width: int) -> str:
        return next(text for text in shown(detail_lines(detail, DetailTab.METRICS, width)) if "latency" in text)

    assert latency(60).split() == ["latency_ms", "0.46", "ms", "=", "+0.02", "+4.5", "%"]
    assert latency(40).split() == ["latency_ms", "0.46", "ms", "=", "+0.02"]
    assert latency(34).split() == ["latency_ms", "0.46", "=", "+0.02"]


@pytest.mark.parametrize("width", [30, 34, 46, 58, 78])
def test_the_names_of_usual_files_are_whole_beside_the_list(width: int) -> None:
    detail = Detail(row=ROWS[4], version=version_of(ROWS[4]), now=NOW)

    lines = shown(detail_lines(detail, DetailTab.FILES, width))

    assert any("models/weights.npy" in text for text in lines) or width < 34
    assert not any("…" in text.strip()[1:] for text in lines)
    assert all(len(text) <= width for text in lines)
    assert ("SHA256" in lines[0]) == (width >= 46)


def test_the_receipt_has_two_columns_where_they_fit() -> None:
    detail = Detail(row=ROWS[4], version=version_of(ROWS[4]), replays=(record_of(ROWS[4]),), now=NOW)

    wide, narrow = detail_lines(detail, DetailTab.RECEIPT, 80), detail_lines(detail, DetailTab.RECEIPT, 40)

    assert len(wide) == 8
    assert [text_of(one).split()[0] for one in narrow if text_of(one).strip()][-6:] == [
        "accuracy", "loss", "latency_ms", "FILE", "models/weights.npy", "models/weights.json",
    ]  # fmt: skip
    assert text_of(wide[0]).split() == ["why", "scaling", "restored", "by", "dev1,", "2", "d", "ago"]


@pytest.mark.parametrize("lines", [metrics_tab_lines, lambda one, width: summary_lines(compared_view(one), width)])
def test_the_names_of_metrics_stay_when_their_values_are_seen_sideways(
    lines: Callable[[Comparison, int], list[Line]],
) -> None:
    staying = [text_of(one)[: staying_cells(one)].strip() for one in lines(worse(), 80)]

    assert [one for one in staying if one][:4] == ["METRIC", "▼ accuracy ★", "▼ loss", "= latency_ms"]


def test_a_receipt_seen_sideways_is_laid_out_as_it_was() -> None:
    detail = Detail(row=ROWS[4], version=version_of(ROWS[4]))

    seen = shown(detail_lines(detail, DetailTab.RECEIPT, 80, pane=39))

    assert [text[:8] for text in seen] == [text[:8] for text in shown(detail_lines(detail, DetailTab.RECEIPT, 39))]


def test_counts_stand_behind_the_tabs() -> None:
    counts = detail_counts(Detail(row=ROWS[4], version=version_of(ROWS[4]), now=NOW))

    assert counts[DetailTab.PARAMS] == 4
    assert counts[DetailTab.ENV] is None


@pytest.mark.parametrize("active", range(6))
@pytest.mark.parametrize("width", [1, 10, 20, 30, 60])
def test_the_active_tab_is_always_in_sight(active: int, width: int) -> None:
    line = tab_line(["Receipt", "Params 4", "Metrics 3", "Files 2", "Env", "Code"], active, width)

    assert width_of(line) <= width
    assert width < 20 or "‹" in text_of(line)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [1, 20, 40, 80, 140])
def test_hostile_text_is_shown_and_every_line_stays_within_its_width(width: int, glyphs: Glyphs) -> None:
    hostile = hostile_row()
    record = replace(record_of(hostile), problem=HOSTILE, first_divergence=HOSTILE, drift=(HOSTILE,))
    plan = replace(plan_of(hostile), drift=(HOSTILE,), obstacles=(HOSTILE,), expectation=HOSTILE, environment=HOSTILE)
    comparison = replace(comparison_of(hostile, ROWS[0]), first_step=HOSTILE, first_step_why=HOSTILE, notes=(HOSTILE,))
    lines = [
        *Banner(before=hostile, after=hostile, now=NOW, glyphs=glyphs).lines(width),
        *summary_lines(compared_view(comparison), width, glyphs),
        *plan_lines(plan, width, glyphs),
        *verdict_lines(record, width, glyphs),
        step_progress_line(StepProgress(name=HOSTILE, state=StepState.FAILED, exit=1), width, glyphs),
    ]
    for row in (hostile, broken_row(), failed_row()):
        detail = Detail(row=row, version=version_of(row), replays=(record,), against=hostile, now=NOW, glyphs=glyphs)
        for tab in DetailTab:
            lines += detail_lines(detail, tab, width)

    for line in lines:
        text = glyphs.drawn(text_of(line))
        assert all(character.isprintable() or character == "\u2009" for character in text)
        assert width_of(line) <= max(width, 3)
        assert text.isascii() or not glyphs.is_ascii


def test_the_metrics_are_counted_that_moved() -> None:
    before = replace(digits_rows()[0], metrics={"loss": Metric(value=0.3), "auc": Metric(value=0.9)})
    after = replace(before, key="other", metrics={"loss": Metric(value=0.3), "auc": Metric(value=0.8)})

    assert compared_view(comparison_of(before, after)).counts[CompareTab.METRICS] == 1
