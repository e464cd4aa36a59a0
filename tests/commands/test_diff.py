from __future__ import annotations

import pytest

from tests.support.commands import Shell


def test_one_version_is_compared_with_its_parent(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^")

    assert ran.code == 0
    assert ran.lines[0].startswith("A ")
    assert "baseline" in ran.lines[0]
    assert any("~ optimiser.lr" in line and "0.1 → 0.03" in line and "params.json:3" in line for line in ran.lines)
    assert any(line.startswith("▼ accuracy ★") for line in ran.lines)
    assert "first step that differs: train" in ran.out


def test_a_version_without_a_parent_needs_another(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^^")

    assert ran.code == 3
    assert "has no parent here" in ran.err


def test_the_same_version_does_not_differ(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest", "latest", "--exit-code")

    assert ran.code == 0
    assert "A and B are the same version" in ran.lines[2]
    for absent in ("between", "chance", "replays", "seeds   "):
        assert absent not in ran.out.partition("params")[0] + ran.out.partition("files")[2]
    assert "- A and B are the same version" in shell.mlver("diff", "latest", "latest", "--format", "md").lines
    assert shell.mlver("diff", "latest", "latest", "--json").document["different"] is False


def test_a_difference_gives_exit_code_1_when_it_is_asked_for(shell: Shell) -> None:
    assert shell.mlver("diff", "latest^").code == 0
    assert shell.mlver("diff", "latest^", "--exit-code").code == 1
    assert shell.mlver("diff", "latest^", "--exit-code", "--only", "code").code == 0


def test_all_shows_what_is_the_same(shell: Shell) -> None:
    changed = shell.mlver("diff", "latest^", "--only", "params")
    everything = shell.mlver("diff", "latest^", "--only", "params", "--all")

    assert "model.hidden" not in changed.out
    assert "(2 same; -a shows)" in changed.out
    assert "= model.hidden" in everything.out


def test_parts_that_are_not_asked_for_are_left_out(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--only", "metrics")
    document = shell.mlver("diff", "latest^", "--only", "metrics", "--json").document

    assert not any(line.startswith("params") for line in ran.lines)
    assert "params" not in document
    assert document["metrics"][0]["name"] == "accuracy"


def test_an_unknown_part_is_refused(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--only", "weights")

    assert ran.code == 2
    assert "hint: parts are params, metrics" in ran.err


def test_counts_alone(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--stat")

    assert any(line.split()[:3] == ["~", "params", "1"] for line in ran.lines)
    assert "changes" not in shell.mlver("diff", "latest^", "--stat", "--json").document["params"]


def test_code_alone_shows_the_text_diffs(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest", "--only", "code")
    document = shell.mlver("diff", "latest", "--only", "code", "--json").document

    assert any(line.startswith('+metrics = {"accuracy"') and 'float("nan")' in line for line in ran.lines)
    assert document["texts"]["evaluate.py"]["added"] == 1


def test_markdown_is_made_of_tables(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--format", "md")

    assert ran.lines[0].startswith("### `")
    assert "| metric | A | B | Δ | Δ % | judged |" in ran.lines
    assert any(line.startswith("| \\~ | `optimiser.lr` | `0.1` | `0.03` |") for line in ran.lines)


@pytest.mark.parametrize("width", [1, 30, 80, 200])
def test_lines_fit_the_terminal(shell: Shell, width: int) -> None:
    ran = shell.with_variables(COLUMNS=str(width), NO_COLOR="1").mlver("diff", "latest", at_terminal=True)

    assert ran.code == 0
    assert ran.widest <= width


def test_losing_a_number_is_a_difference_and_json_holds_it(shell: Shell) -> None:
    document = shell.mlver("diff", "latest", "--json").document

    loss = next(delta for delta in document["metrics"] if delta["name"] == "loss")
    assert loss["after"] == {"$float": "nan"}
    assert loss["judgement"] == "worse"
    assert document["different"] is True


def test_one_param_is_told_with_its_sources_its_values_and_the_metric_with_each(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--key", "optimiser.lr")

    assert ran.code == 0
    assert ran.lines[0] == "optimiser.lr"
    assert ran.lines[1].split()[:4] == ["A", "0.1", "float", "params.json:3"]
    assert ran.lines[2].split()[:4] == ["B", "0.03", "float", "params.json:3"]
    assert any(line.split()[:1] == ["history"] and "0.1" in line and "0.03" in line for line in ran.lines)
    assert any(line.split()[:2] == ["accuracy", "best"] for line in ran.lines)


def test_a_param_that_is_the_same_has_a_history_too_and_does_not_differ(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--key", "model.hidden", "--json", "--exit-code")

    assert ran.code == 0
    assert ran.document["param"]["kind"] == "same"
    assert sum(one["count"] for one in ran.document["history"]) == 3


def test_a_param_that_is_not_there_is_refused_with_the_nearest(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^", "--key", "optimizer.lr")

    assert ran.code == 2
    assert "neither version has such a param" in ran.err
    assert "did you mean optimiser.lr?" in ran.err


def test_one_param_of_many_versions_is_refused(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest", "latest^", "latest^^", "--key", "optimiser.lr")

    assert ran.code == 2
    assert "--key tells of two versions" in ran.err


def test_a_comparison_ends_with_what_is_consistent_with_it_and_no_cause(shell: Shell) -> None:
    ran = shell.mlver("diff", "latest^")
    document = shell.mlver("diff", "latest^", "--json").document
    markdown = shell.mlver("diff", "latest^", "--format", "md")

    assert any(line.startswith("WHY   consistent with params: optimiser.lr 0.1 → 0.03") for line in ran.lines)
    assert document["why"]["suspects"] == [{"dimension": "params", "names": ["optimiser.lr 0.1 → 0.03"]}]
    assert "**Why:**" in markdown.lines
    assert "because" not in ran.out


def test_it_is_said_how_many_versions_lie_between(shell: Shell) -> None:
    assert shell.mlver("diff", "latest^^", "latest").lines[2].strip().startswith("1 version between")
    assert "between" not in shell.mlver("diff", "latest^", "latest").lines[2]
