from __future__ import annotations

import csv
import hashlib
import io
import re

import pytest

from tests.support.commands import Shell
from tests.support.training import TrainingProject


def test_a_file_is_found_in_the_versions_that_hold_it(shell: Shell, recorded: TrainingProject) -> None:
    digest = hashlib.sha256((recorded.folder / "models/weights.bin").read_bytes()).hexdigest()

    by_file = shell.mlver("which", "models/weights.bin")
    by_digest = shell.mlver("which", digest[:12], "--json")

    assert by_file.code == 0
    assert len(by_file.lines) == 3
    assert "output of train" in by_file.out
    assert {one["path"] for one in by_digest.document["occurrences"]} == {"models/weights.bin"}


def test_a_file_of_no_version_gives_3(shell: Shell) -> None:
    ran = shell.mlver("which", "0123456789abcdef")

    assert ran.code == 3
    assert "no version here holds 0123456789abcdef" in ran.err
    assert shell.mlver("which", "0123456789abcdef", "--json").document["occurrences"] == []


def test_what_is_no_file_and_no_digest_is_refused(shell: Shell) -> None:
    assert shell.mlver("which", "nothing.bin").code == 2
    assert shell.mlver("which", "data").code == 2


def test_curves_are_drawn_at_a_terminal_with_their_values_below(shell: Shell) -> None:
    ran = shell.with_variables(NO_COLOR="1").mlver("curves", "latest", "latest^^", at_terminal=True)

    assert ran.code == 0
    assert ran.lines[0] == " loss, train · 1 of 1 · x: step · y: linear"
    assert re.search("[\u2800-\u28ff]", ran.out)
    assert [line.split()[0] for line in ran.lines[-4:-1]] == ["NAME", "A", "B"]
    assert "A" in "".join(ran.lines[1:-4]), "each line has its letter on it"
    assert ran.widest <= 80
    assert "\x1b" not in ran.out


def test_hues_are_there_only_where_they_can_be_shown(shell: Shell) -> None:
    assert "\x1b[" in shell.mlver("curves", "latest", at_terminal=True).out
    assert "\x1b" not in shell.with_variables(TERM="dumb").mlver("curves", "latest", at_terminal=True).out


def test_without_a_terminal_there_are_the_values_and_no_picture(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "latest^^")

    assert [line.split()[0] for line in ran.lines if line] == ["loss,", "NAME", "A", "B"]
    assert "\x1b" not in ran.out


def test_curves_in_ascii_are_only_that(shell: Shell) -> None:
    ran = shell.mlver("--ascii", "curves", "latest", "latest^", "--smooth", "0.3", at_terminal=True)

    assert re.sub(r"\x1b\[[0-9;]*m", "", ran.out).isascii()
    assert shell.mlver("--ascii", "curves", "latest").out.isascii()


@pytest.mark.parametrize("columns", ["60", "30", "10"])
def test_curves_fit_the_terminal(shell: Shell, columns: str) -> None:
    ran = shell.with_variables(COLUMNS=columns, NO_COLOR="1").mlver("curves", "latest", "latest^", at_terminal=True)

    assert ran.code == 0
    assert ran.widest <= int(columns)


def test_curves_can_be_smoothed_and_drawn_on_a_logarithmic_axis(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "--smooth", "0.6", "--log-y")
    document = shell.mlver("curves", "latest", "--smooth", "0.6", "--json").document

    assert ran.lines[0] == " loss, train · 1 of 1 · x: step · y: log · smoothed 0.6"
    (curve,) = document["versions"][0]["curves"]
    assert len(curve["smoothed"]) == len(curve["values"])
    assert curve["smoothed"] != curve["values"]
    assert shell.mlver("curves", "latest", "--smooth", "1").code == 2


def test_an_axis_that_no_history_tells_is_refused_with_those_there_are(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "--x", "time")

    assert ran.code == 2
    assert ran.err == "error: no history here tells the time of its points\nhint: --x can be: step, version\n"


def test_behind_the_first_version_each_curve_tells_how_far_it_is_from_that_ones(shell: Shell) -> None:
    first, other = shell.mlver("curves", "latest^", "latest", "--json").document["versions"]

    assert "against_first" not in first["curves"][0]
    ends = [one["curves"][0]["values"][-1] for one in (first, other)]
    held = other["curves"][0]["against_first"]
    assert held["last"] == ends[1] - ends[0]
    assert held["step"] == first["curves"][0]["steps"][-1]


def test_a_metric_goes_from_version_to_version(shell: Shell) -> None:
    plain = shell.mlver("curves", "--x", "version")
    drawn = shell.with_variables(NO_COLOR="1").mlver("curves", "latest", "--x", "version", at_terminal=True)
    document = shell.mlver("curves", "--x", "version", "--json").document
    table = shell.mlver("curves", "--x", "version", "--csv").lines

    assert plain.code == drawn.code == 0
    assert plain.lines[0] == " accuracy · 1 of 2 · x: version · y: linear · 3 versions"
    assert plain.lines[-4].split()[:3] == ["NAME", "AGE", "accuracy"]
    assert "NAME" not in drawn.out
    assert drawn.widest <= 80
    assert [len(document["points"]), len(table)] == [3, 4]
    assert document["points"][1]["delta"]["before"] == document["points"][0]["value"]


def test_a_trend_of_what_nobody_measured_names_what_there_is(shell: Shell) -> None:
    ran = shell.mlver("curves", "--x", "version", "--metric", "f1")

    assert ran.code == 3
    assert ran.err == "error: no version has a number for 'f1'\nhint: there are: accuracy, loss\n"


def test_curves_of_no_version_are_asked_for_one(shell: Shell) -> None:
    ran = shell.mlver("curves")

    assert ran.code == 2
    assert "no version is named" in ran.err


def test_curves_as_csv_and_json_hold_every_point(shell: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.mlver("curves", "latest", "--csv").out)))
    document = shell.mlver("curves", "latest", "--json").document

    (curve,) = document["versions"][0]["curves"]
    assert [float(row["value"]) for row in rows] == curve["values"]
    assert rows[0]["context"] == curve["context"] == "train"


def test_a_metric_without_a_curve_names_those_there_are(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "--metric", "accuracy")

    assert ran.code == 3
    assert ran.err == "error: there is no curve of 'accuracy'\nhint: there are: loss\n"
