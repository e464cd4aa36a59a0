from __future__ import annotations

from mlver.recording.history import history_csv


def test_the_long_shape_is_kept_as_it_is_written() -> None:
    written, warnings = history_csv({"h.csv": b"metric,step,value,context\nloss,0,1e-3,train\nloss,1,nan,train\n"})

    assert written == b"step,metric,value,context\n0,loss,1e-3,train\n1,loss,nan,train\n"
    assert warnings == ()


def test_a_wide_table_gives_one_row_per_metric() -> None:
    written, _ = history_csv({"h.csv": b"epoch,train_loss,val/acc,lr\n0,0.5,0.7,0.1\n1,0.4,,0.1\n"})

    assert written.decode().splitlines()[1:] == [
        "0,loss,0.5,train,0",
        "0,acc,0.7,val,0",
        "0,lr,0.1,,0",
        "1,loss,0.4,train,1",
        "1,lr,0.1,,1",
    ]


def test_epochs_and_moments_beside_the_steps_are_kept_as_they_are_written() -> None:
    wide, _ = history_csv({"h.csv": b"step,epoch,timestamp,loss\n9,0.5,17.25,1e-3\n18,1,18,\n"})
    long, _ = history_csv({"h.csv": b"step,metric,value,time\n9,loss,0.5,17.25\n"})

    assert wide == b"step,metric,value,context,epoch,timestamp\n9,loss,1e-3,,0.5,17.25\n"
    assert long == b"step,metric,value,context,timestamp\n9,loss,0.5,,17.25\n"


def test_a_column_of_durations_stays_a_metric() -> None:
    written, _ = history_csv({"h.csv": b"step,time\n0,0.3\n1,0.2\n"})

    assert written.decode().splitlines()[1:] == ["0,time,0.3,,0.3", "1,time,0.2,,0.2"]


def test_a_table_without_steps_counts_its_rows() -> None:
    written, _ = history_csv({"h.csv": b"loss\n0.5\n0.4\n"})

    assert written.decode().splitlines()[1:] == ["0,loss,0.5,", "1,loss,0.4,"]


def test_what_is_no_text_is_said_and_left_out() -> None:
    written, warnings = history_csv({"h.csv": b"\xff\xfe\x00"})

    assert written == b""
    assert "h.csv" in warnings[0]


def test_an_empty_file_gives_no_curves() -> None:
    assert history_csv({"h.csv": b""}) == (b"", ())
    assert history_csv({}) == (b"", ())
