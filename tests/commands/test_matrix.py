"""`mlver diff A B C`: versions side by side, of any source, in every format."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.commands import Shell
from tests.support.foreign_repos import dvc_files, plain_files
from tests.support.git import RepoBuilder, scrubbed_environment
from tests.support.mlflow_stores import FileStoreWriter

THREE = ("latest^^", "latest^", "latest")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A plain commit, a DVC project made of it and a run of an MLflow store beside; one value is hostile."""
    folder = tmp_path_factory.mktemp("mixed")
    repo = RepoBuilder.create(folder, "digits")
    repo.commit(plain_files(0.1, 0.9), "Baseline")
    repo.tag("plain1")
    repo.commit({"params.yaml": "lr: '=cmd() | `x`'\nbig: [1, 2]\ndrop: '0.1'\n"}, "Say something odd")
    repo.tag("odd")
    repo.commit(dvc_files(0.2, 0.8), "Use DVC")
    repo.tag("dvc1")
    store = FileStoreWriter(repo.folder / "mlruns")
    store.experiment("0", "digits")
    store.run("0", "a" * 32, params={"lr": "0.1"}, metrics={"accuracy": ["1700000000000 0.95 0"]})
    return Shell(repo.folder, scrubbed_environment(repo.home), XDG_CACHE_HOME=str(folder / "cache"))


def cells_of(text: str, name: str) -> list[str]:
    """The cells of a line that begins with that name."""
    return next(line.split()[1:] for line in text.splitlines() if line.split()[:1] == [name])


def test_three_versions_stand_side_by_side_and_two_are_compared_as_ever(shell: Shell) -> None:
    ran = shell.mlver("diff", *THREE)

    assert ran.code == 0
    assert ran.lines[0].split()[0] == "A"
    assert cells_of(ran.out, "optimiser.lr") == ["0.1", "~", "0.03", "~", "0.03"]
    assert any(line.split()[:2] == ["accuracy", "★"] and "▼" in line for line in ran.lines)
    assert "model.hidden" not in ran.out
    assert "rows are not shown: the same, or ignored as noise; -a shows them" in ran.lines[-1]
    assert shell.mlver("diff", *THREE[:2]).lines[0].startswith("A ")
    assert "JUDGED" in shell.mlver("diff", *THREE[:2]).out


def test_all_shows_every_row(shell: Shell) -> None:
    ran = shell.mlver("diff", *THREE, "-a", "--only", "params")

    assert "model.hidden" in ran.out
    assert "accuracy" not in ran.out


def test_another_base_stands_first_and_is_what_two_are_held_against_too(shell: Shell) -> None:
    ran = shell.mlver("diff", *THREE, "--base", "latest")

    assert cells_of(ran.out, "optimiser.lr") == ["0.03", "~", "0.1", "0.03"]
    assert "0.1 → 0.03" in shell.mlver("diff", "latest^", "--base", "latest^^").out
    assert "0.03 → 0.1" in shell.mlver("diff", "latest^^", "--base", "latest^").out


def test_versions_of_any_source_stand_beside_each_other(mixed: Shell) -> None:
    ran = mixed.mlver("diff", "plain1", "dvc1", "aaaaaaaa", "--exit-code")

    assert ran.code == 1
    assert cells_of(ran.out, "lr") == ["0.1", "~", "0.2", "0.1"]
    assert cells_of(ran.out, "accuracy") == ["0.90", "·", "0.80", "·", "0.95"]


def test_exit_code_says_whether_they_differ(shell: Shell) -> None:
    assert shell.mlver("diff", *THREE).code == 0
    assert shell.mlver("diff", *THREE, "--exit-code").code == 1
    assert shell.mlver("diff", "latest", "latest", "latest", "--exit-code").code == 0


@pytest.mark.parametrize("columns", ["50", "80", "140"])
def test_at_a_terminal_wide_tables_come_in_blocks_that_name_every_version(shell: Shell, columns: str) -> None:
    narrow = shell.with_variables(COLUMNS=columns, NO_COLOR="1")
    names = [version["name"] for version in shell.mlver("diff", *THREE, "--json").document["versions"]]

    ran = narrow.mlver("diff", *THREE, at_terminal=True)

    assert ran.widest <= int(columns)
    heads = [line for line in ran.lines if line.split()[:2] == ["A", names[0]]]
    assert {name for line in heads for name in line.split()[1:]} == set(names)
    blocks = [line for line in ran.lines if line.endswith("of 3, beside A")]
    assert len(blocks) == (len(heads) if len(heads) > 1 else 0)
    assert len(heads) > 1 or columns != "50"


def test_a_pipe_cuts_nothing(mixed: Shell) -> None:
    ran = mixed.mlver("diff", "plain1", "odd", "dvc1", "--only", "params")

    assert "=cmd() | `x`" in ran.out
    assert cells_of(ran.out, "big") == ["not", "set", "+", "[1,", "2]", "not", "set"]
    assert "…" not in ran.out


def test_csv_tells_values_apart_and_runs_in_no_spreadsheet(mixed: Shell) -> None:
    table = list(csv.reader(io.StringIO(mixed.mlver("diff", "plain1", "odd", "aaaaaaaa", "--format", "csv").out)))

    assert table[0][:4] == ["area", "name", "differs", "plain1"]
    assert ["params", "lr", "true", "0.1", "'=cmd() | `x`", "0.1"] in table
    assert ["params", "drop", "true", "", '"0.1"', ""] in table
    assert ["params", "big", "true", "", "[1, 2]", ""] in table
    assert mixed.mlver("diff", "plain1", "odd", "--format", "csv").lines[0] == "area,name,differs,plain1,odd"


def test_markdown_is_tables_whose_cells_nothing_ends(mixed: Shell) -> None:
    ran = mixed.mlver("diff", "plain1", "odd", "dvc1", "--format", "md")

    assert ran.lines[0] == "### 3 versions, held against `plain1`"
    assert "| `lr` | `0.1` | \\~ `` =cmd() \\| `x` `` | \\~ `0.2` |" in ran.lines
    assert "**params**: 3 of 3 differ" in ran.lines


def test_json_has_types_and_deltas(mixed: Shell) -> None:
    document = mixed.mlver("diff", "plain1", "odd", "aaaaaaaa", "--json").document
    rows = {row["name"]: row for row in document["rows"]}

    assert [cell.get("type") for cell in rows["lr"]["cells"]] == ["float", "text", "float"]
    assert [cell["kind"] for cell in rows["big"]["cells"]] == ["same", "added", "same"]
    assert "value" not in rows["big"]["cells"][0]
    assert rows["accuracy"]["cells"][2]["delta"]["absolute"] == pytest.approx(0.05)
    assert document["counts"]["params"] == {"differing": 3, "same": 0, "noise": 0}
    assert document["different"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*THREE, "--stat"), "--stat counts what differs between two versions"),
        ((*THREE, "--only", "code"), "a matrix holds params and metrics"),
        ((*THREE, "--base", "nothing"), "nothing"),
    ],
)
def test_what_versions_side_by_side_do_not_have_is_refused(shell: Shell, arguments: tuple[str, ...], said: str) -> None:
    ran = shell.mlver("diff", *arguments)

    assert ran.code in {2, 3}
    assert said in ran.err
