from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlver.comparing.curves import HistoryLimits, read_history
from mlver.errors import DocumentInvalid
from mlver.model.curve import Curve


def curve(*values: float, steps: tuple[float, ...] = ()) -> Curve:
    return Curve(metric="loss", steps=steps or tuple(map(float, range(len(values)))), values=values)


def read(text: str) -> dict[str, Curve]:
    return {f"{found.context}{found.metric}": found for found in read_history(text.encode(), name="h.csv")}


def test_a_long_history_has_a_curve_per_metric_and_context() -> None:
    text = "step,metric,value,context\n1,loss,0.5,train\n1,loss,0.6,eval/\n2,loss,0.4,train\n2,accuracy,1,\n"

    curves = read(text)

    assert list(curves) == ["trainloss", "eval/loss", "accuracy"]
    assert curves["trainloss"].values == (0.5, 0.4)


def test_a_wide_history_has_a_curve_per_column_with_numbers() -> None:
    curves = read("epoch, loss ,acc,phase\n1,0.5,,warm\n2,0.4,0.9,warm\n")

    assert list(curves) == ["loss", "acc"]
    assert curves["acc"].steps == (2.0,)
    assert curves["acc"].skipped == 0, "an empty cell is no row"


def test_integers_that_turn_into_floats_late_are_read() -> None:
    text = "step,loss\n" + "".join(f"{n},1\n" for n in range(20_000)) + "20000,0.25\n"

    assert read(text)["loss"].values[-1] == 0.25


@pytest.mark.parametrize(
    ("cell", "value"),
    [("nan", math.nan), ("NaN", math.nan), ("inf", math.inf), ("-Infinity", -math.inf), ("1e400", math.inf)],
)
def test_values_that_are_not_finite_are_kept(cell: str, value: float) -> None:
    assert repr(read(f"step,loss\n1,{cell}\n2,1\n")["loss"].values) == repr((value, 1.0))


def test_text_among_the_values_is_skipped_and_counted() -> None:
    found = read("step,metric,value\n1,loss,0.5\n2,loss,oops\n3,loss\n,loss,0.1\nnan,loss,0.1\n4,loss,0.25,extra\n")[
        "loss"
    ]

    assert (found.steps, found.values, found.skipped) == ((1.0, 4.0), (0.5, 0.25), 4)


def test_epochs_and_moments_beside_the_steps_are_axes_and_no_metrics() -> None:
    curves = read("step,epoch,timestamp,loss\n10,0.5,1732190000000,0.5\n20,1,1732190001500,0.4\n")

    assert list(curves) == ["loss"]
    assert curves["loss"].steps == (10.0, 20.0)
    assert curves["loss"].epochs == (0.5, 1.0)
    assert curves["loss"].times == (1732190000.0, 1732190001.5), "milliseconds"


def test_steps_that_are_epochs_are_known_to_be_those() -> None:
    loss = read("epoch,loss\n1,0.5\n2,0.4\n")["loss"]

    assert loss.epochs == loss.steps == (1.0, 2.0)


def test_a_long_history_may_tell_the_moments_too() -> None:
    curves = read("step,metric,value,time\n1,loss,0.5,0.25\n1,acc,0.8,0.25\n2,loss,0.4,0.75\n2,acc,,1\n")

    assert curves["loss"].times == (0.25, 0.75)
    assert curves["acc"].times == (0.25,)
    assert curves["loss"].epochs == ()


def test_how_long_steps_took_is_a_metric_and_no_moment() -> None:
    curves = read("step,loss,time\n1,0.5,0.30\n2,0.4,0.29\n")

    assert curves["loss"].times == ()
    assert curves["time"].values == (0.3, 0.29)


def test_a_moment_that_one_row_does_not_tell_is_no_axis() -> None:
    assert read("step,loss,timestamp\n1,0.5,3\n2,0.4,\n3,0.3,5\n")["loss"].times == ()


@pytest.mark.parametrize("text", ["", "\n", "step,loss", "step,loss\n", "step\n1\n", "step,loss\n1,x\n"])
def test_a_history_without_numbers_has_no_curves(text: str) -> None:
    assert read_history(text.encode(), name="h.csv") == ()


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"step;loss\n1;2\n", b"\xff\xfe\x00", b"\x00" * 100, b"%PDF-1.4\n"])
def test_what_is_no_history_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        read_history(content, name="metrics/history.csv")

    assert "metrics/history.csv" in caught.value.message
    assert "step" in caught.value.hint


@given(st.binary(max_size=200) | st.text('step,lo1\n".-e\r', max_size=100).map(str.encode))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        curves = read_history(b"step,loss\n" + content, name="h.csv")
    except DocumentInvalid:
        return
    assert all(len(found.steps) == len(found.values) for found in curves)


def test_a_history_beyond_the_limit_is_cut_at_a_line_and_says_so() -> None:
    content = b"step,loss\n1,0.5\n2,0.25\n3,0.125\n"

    (found,) = read_history(content, name="h.csv", limits=HistoryLimits(max_bytes=len(content) - 3))

    assert found.values == (0.5, 0.25)
    assert not found.complete


def test_more_curves_than_the_limit_are_left_out_and_it_says_so() -> None:
    content = b"step," + b",".join(b"m%d" % n for n in range(30)) + b"\n1" + b",1" * 30 + b"\n"

    curves = read_history(content, name="h.csv", limits=HistoryLimits(max_curves=10))

    assert len(curves) == 10
    assert not any(found.complete for found in curves)


def test_metrics_may_be_called_what_polars_takes_for_a_pattern() -> None:
    curves = read_history(b"step,*,^.*$,loss\n1,2,3,4\n2,3,4,5\n", name="history.csv")

    assert [(one.metric, one.values) for one in curves] == [("*", (2, 3)), ("^.*$", (3, 4)), ("loss", (4, 5))]
