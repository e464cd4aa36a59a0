from __future__ import annotations

import csv
import hashlib
import io

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


def test_curves_are_drawn_with_a_legend(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "latest^^")

    assert ran.code == 0
    assert ran.lines[0] == "loss (train)"
    assert sum("5 points" in line for line in ran.lines) == 2
    assert ran.widest <= 80
    assert "\x1b" not in ran.out


def test_curves_without_colours_share_a_chart_and_are_told_apart_by_their_signs(shell: Shell) -> None:
    ran = shell.mlver("curves", "latest", "latest^^")

    legend = [line.split()[0] for line in ran.lines if "5 points" in line]
    chart = ran.out.partition("5 points")[0]
    assert legend == ["*", "o"]
    assert ran.out.count("loss (train)") == 1
    assert "*" in chart or "o" in chart
    assert ran.out.isascii()
    assert "*" not in shell.mlver("curves", "latest").out


def test_curves_in_ascii_are_only_that(shell: Shell) -> None:
    assert shell.mlver("--ascii", "curves", "latest").out.isascii()


def test_curves_fit_the_terminal(shell: Shell) -> None:
    ran = shell.with_variables(COLUMNS="60", NO_COLOR="1").mlver("curves", "latest", at_terminal=True)

    assert ran.widest <= 60


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
