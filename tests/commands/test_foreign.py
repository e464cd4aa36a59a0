"""Repositories that mlver recorded nothing in, on the command line: what is known is told, nothing else is claimed."""

from __future__ import annotations

import pytest

from tests.support.commands import Shell
from tests.support.git import RepoBuilder, scrubbed_environment

LONG = "candidates/of-the-autumn-campaign-with-a-very-long-name"
PARAMS, METRICS, LOCK = "params.yaml", "metrics.json", "requirements.txt"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Three tagged commits with params, metrics and a lock; the metrics of the last cannot be read."""
    folder = tmp_path_factory.mktemp("plain")
    repo = RepoBuilder.create(folder, "digits")
    repo.commit({PARAMS: "lr: 0.1\n", METRICS: '{"accuracy": 0.9}', LOCK: "numpy==1.26.0\n"}, "Baseline")
    repo.tag("v1")
    repo.commit({PARAMS: "lr: 0.2\n", METRICS: '{"accuracy": 0.95}', "weights.npy": b"\x93NUMPY"}, "Raise the rate")
    repo.tag(LONG)
    repo.commit({METRICS: '{"accuracy": 0.9,,'}, "Break the metrics")
    repo.tag("v3")
    return Shell(repo.folder, scrubbed_environment(repo.home), XDG_CACHE_HOME=str(folder / "cache"))


def test_the_list_marks_what_cannot_be_read_and_has_no_replays(plain: Shell) -> None:
    head, broken, *_others = plain.mlver("list").lines

    assert "RE" not in head.split()
    assert broken.split()[0] == "v3"
    assert "  ! Break the metrics" in broken


def test_long_names_are_whole_in_a_pipe_and_leave_room_at_a_terminal(plain: Shell) -> None:
    assert LONG in plain.mlver("list").out
    shown = plain.with_variables(COLUMNS="80", NO_COLOR="1").mlver("list", at_terminal=True)

    assert shown.widest <= 80
    assert "candidates/of-the-a…" in shown.out
    assert "lr 0.1 → 0.2" in shown.out


def test_a_receipt_says_who_tells_and_what_is_not_known(plain: Shell) -> None:
    shown = plain.mlver("show", "v3").out

    assert shown.startswith("! metrics.json:1: ")
    assert "\nfrom    plain · tag v3\n" in shown
    assert "\nunknown data, hardware, seeds\n" in shown
    assert "\nweights.npy  " in shown
    for claim in ("no seed", "never replayed", "clean", "recipe", "result", "GPU"):
        assert claim not in shown


def test_markdown_names_digests_by_their_scheme_and_claims_nothing(plain: Shell) -> None:
    card = plain.mlver("show", "v3", "--format", "md").out
    compared = plain.mlver("diff", "v1", LONG, "--format", "md").out

    assert "- from: `plain · tag v3`" in card
    assert "- **!** `metrics.json:1: " in card
    assert "| path | size | git id |" in card
    assert "**seeds**: not known" in compared
    assert "**seeds**: same" not in compared


def test_what_cannot_be_replayed_is_refused_with_the_reason(plain: Shell) -> None:
    ran = plain.mlver("replay", "v1")

    assert ran.code == 1
    assert "v1 was not recorded by mlver" in ran.err


def test_a_version_without_curves_is_told_what_would_be_read(plain: Shell) -> None:
    ran = plain.mlver("curves", "v1")

    assert ran.code == 3
    assert "docs/histories.md tells which are found" in ran.err


def test_a_version_of_which_no_log_was_recorded_says_so(plain: Shell) -> None:
    ran = plain.mlver("show", "v1", "--log")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: no log was recorded of v1\nhint: ")
