"""Only the axes that the data has are offered."""

from __future__ import annotations

from mlver.model.curve import Curve
from mlver_tui.view_models.curve_axes import Axis, axes_of, on_axis

STEPS = Curve(metric="loss", steps=(10.0, 20.0), values=(2.0, 1.0))
FULL = Curve(metric="loss", steps=(10.0, 20.0), values=(2.0, 1.0), epochs=(0.5, 1.0), times=(1000.0, 1004.5))
EPOCHS = Curve(metric="loss", steps=(1.0, 2.0), values=(2.0, 1.0), epochs=(1.0, 2.0))


def test_an_axis_is_offered_when_any_curve_has_it() -> None:
    assert axes_of([STEPS]) == (Axis.STEP,)
    assert axes_of([STEPS, FULL]) == (Axis.STEP, Axis.EPOCH, Axis.TIME)
    assert axes_of([]) == ()


def test_steps_that_count_epochs_are_epochs_alone() -> None:
    assert axes_of([EPOCHS]) == (Axis.EPOCH,)


def test_a_curve_of_one_moment_has_no_time() -> None:
    still = Curve(metric="loss", steps=(1.0, 2.0), values=(2.0, 1.0), times=(9.0, 9.0))

    assert axes_of([still]) == (Axis.STEP,)


def test_time_counts_from_the_curves_own_beginning() -> None:
    found = on_axis(FULL, Axis.TIME)

    assert found
    assert found.steps == (0.0, 4.5)
    assert found.values == FULL.values
    assert on_axis(STEPS, Axis.TIME) is None
    assert on_axis(STEPS, Axis.EPOCH) is None
