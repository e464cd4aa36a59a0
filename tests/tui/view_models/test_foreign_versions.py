"""Versions that mlver did not record: unknown is unknown, and it is said who tells of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.attention import Company
from mlver.model.manifest import Artifact, CodeFacts, DataFacts, FileFact, Manifest, StepFacts
from mlver.model.metric import Metric
from mlver.model.person import Person
from mlver.model.source_names import SOURCE_NAMES
from mlver.model.status import Status
from mlver.model.version import Version, VersionRow
from mlver_tui.actions import ACTIONS, Situation
from mlver_tui.view_models.detail import Detail, DetailTab
from mlver_tui.view_models.detail_tabs import detail_lines
from mlver_tui.view_models.origin import curves_hint, origin_line, why_no_replay
from mlver_tui.view_models.receipt import receipt_lines
from mlver_tui.view_models.spans import text_of, width_of
from mlver_tui.view_models.version_report import version_report
from mlver_tui.view_models.version_rows import VersionTable, version_table
from tests.support.explorer import DAY, NOW, digits_rows

COMMIT = "c803d947978583f15a794f9551d75a9afa167f39"
LONG = "best-so-far-of-the-autumn-campaign"


def dvc_row(**changes: object) -> VersionRow:
    row = VersionRow(
        key=f"{COMMIT}/digits",
        source="dvc",
        ref="refs/tags/v2",
        commit=COMMIT,
        model="digits",
        name="v2",
        names=("v2", LONG, "main"),
        created=NOW - DAY,
        author="Ada",
        title="lr 0.1 → 0.2",
        strip="··P·??",
        primary="accuracy",
        metrics={"accuracy": Metric(value=0.9)},
        code_commit=COMMIT,
    )
    return replace(row, **changes)


def mlflow_row(**changes: object) -> VersionRow:
    run = "650067be" + "0" * 24
    return dvc_row(key=f"mlflow/work/mlflow.db/{run}", source="mlflow", ref="", commit=run, **changes)


def manifest(**changes: object) -> Manifest:
    made = Manifest(
        model="digits",
        author=Person(name="Ada"),
        code=CodeFacts(commit=COMMIT, tree="7" * 64, dirty=False),
        params={"lr": 0.2},
        data=(DataFacts(name="data", path="data", checksum=f"md5:{'9' * 32}.dir", size=5500, files=12),),
        metrics={"accuracy": Metric(value=0.9)},
        artifacts=(Artifact(path="models", sha256=None, checksum=f"md5:{'8' * 32}.dir", size=19000, files=2),),
    )
    return replace(made, **changes)


def detail(row: VersionRow, whole: Manifest | None = None) -> Detail:
    return Detail(row=row, version=Version(row=row, manifest=whole or manifest()), now=NOW)


def receipt(shown: Detail, width: int = 80) -> str:
    return "\n".join(text_of(one) for one in receipt_lines(shown, width))


def table(*rows: VersionRow) -> VersionTable:
    return version_table(rows, find=lambda _key: None, now=NOW)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_receipt_claims_nothing_that_was_not_recorded(width: int) -> None:
    shown = receipt(detail(dvc_row()), width)

    assert "from    dvc · tag v2" in shown
    assert "unknown environment, hardware, seeds" in shown
    for claim in ("no seed", "no GPU", "Python", "replay", "recipe", "result", "clean", "?", "none"):
        assert claim not in shown


def test_a_file_that_a_step_read_and_none_wrote_is_data_that_is_known() -> None:
    read = FileFact(path="data.csv", sha256=None, checksum=f"md5:{'7' * 32}", size=5500)
    steps = (StepFacts(name="train", run="python train.py", inputs=(read, FileFact(path="train.py", sha256="1" * 64))),)
    shown = detail(dvc_row(), manifest(data=(), steps=steps))

    assert "data    data.csv 5.5 kB" in receipt(shown)
    assert "unknown environment, hardware, seeds" in receipt(shown)
    report = [text_of(one) for one in version_report(shown, width=None)]
    assert report[report.index("DATA") + 1].split() == ["data.csv", "data.csv", "5.5", "kB", f"md5:{'7' * 8}"]


def test_what_is_known_of_a_run_of_a_store_is_where_it_lies() -> None:
    shown = receipt(detail(mlflow_row(), manifest(code=CodeFacts())), 100)

    assert "from    mlflow · work/mlflow.db · run 650067be" in shown
    assert "from    mlflow · …/mlflow.db · run 650067be" in receipt(detail(mlflow_row()), 78)
    assert "unknown code, environment, hardware, seeds" in shown


def test_where_the_name_of_a_store_has_no_room_it_is_left_out_whole() -> None:
    lines = [text_of(origin_line(mlflow_row(), room=room)) for room in (40, 35, 31, 30)]

    assert lines == [
        "mlflow · work/mlflow.db · run 650067be",
        "mlflow · …/mlflow.db · run 650067be",
        "mlflow · run 650067be",
        "mlflow · run 650067be",
    ]


def test_a_long_name_does_not_hide_the_others() -> None:
    assert "also   main  +1" in receipt(detail(dvc_row(names=("v2", LONG, "main"))), 72)
    assert f"also    main  {LONG}" in receipt(detail(dvc_row()), 60)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("refs/tags/digits@v1.0.0", "dvc · tag digits@v1.0.0"),
        ("refs/heads/feature/wide", "dvc · branch feature/wide"),
        ("refs/remotes/origin/main", "dvc · branch origin/main"),
        ("refs/exps/f4/0b568789714ddf2cb05ec9e923db7ea3271162/tried", "dvc · experiment tried"),
        ("", "dvc · commit c803d947"),
    ],
)
def test_a_ref_is_called_what_people_call_it(ref: str, said: str) -> None:
    assert text_of(origin_line(dvc_row(ref=ref))) == said


def test_what_could_not_be_read_stands_above_the_receipt() -> None:
    notes = tuple(f"params{number}.yaml:2: a tab where YAML wants spaces" for number in range(5))
    row = dvc_row(problem=notes[0])
    shown = receipt_lines(detail(row, manifest(notes=notes)), 80)

    assert [text_of(one) for one in shown[:3]] == [f"! {note}" for note in notes[:3]]
    assert text_of(shown[3]) == "  +2 lines more, all in mlver show"
    reported = [text_of(one) for one in version_report(detail(row, manifest(notes=notes)), width=None)]
    assert reported[:5] == [f"! {note}" for note in notes]


def test_a_store_is_quoted_when_it_says_that_a_run_goes_on() -> None:
    row = mlflow_row(status=Status.RUNNING, created=NOW - 3 * DAY)

    assert "status  running since 3 d, says mlflow" in receipt(detail(row))
    shown = text_of(table(row).line(row, 100))
    assert "▶ running since 3d  lr 0.1" in shown
    assert "✗" not in shown


def test_files_are_named_by_their_digests_scheme_and_folders_counted() -> None:
    heads, models = (text_of(one) for one in detail_lines(detail(dvc_row()), DetailTab.FILES, 80))

    assert heads.split() == ["FILE", "SIZE", "MD5", "STEP"]
    assert models.split() == ["models/", "2", "files", "19", "kB", "88888888"]


def test_files_without_any_digest_have_no_column_for_it() -> None:
    whole = manifest(artifacts=(Artifact(path="note.txt", sha256=None, size=4),))

    heads, note = (text_of(one) for one in detail_lines(detail(mlflow_row(), whole), DetailTab.FILES, 80))
    assert (heads.split(), note.split()) == (["FILE", "SIZE", "STEP"], ["note.txt", "4", "B"])


def test_the_code_tab_says_where_the_version_lies_and_all_its_names() -> None:
    shown = [text_of(one).split() for one in detail_lines(detail(dvc_row()), DetailTab.CODE, 120)]

    assert ["read", "by", "dvc"] in shown
    assert ["ref", "refs/tags/v2"] in shown
    assert ["names", "v2", LONG, "main"] in shown
    assert not [words for words in shown if words[0] in {"state", "recorded"}]


def test_the_environment_of_a_version_lists_only_what_is_known() -> None:
    assert [text_of(one).strip() for one in detail_lines(detail(dvc_row()), DetailTab.ENV, 80)] == [
        "nothing is known of the environment"
    ]


def test_without_anything_to_replay_there_is_no_column_for_it() -> None:
    assert "RE" not in text_of(table(dvc_row()).head(100)).split()
    mixed = table(dvc_row(), *digits_rows())
    assert "RE" in text_of(mixed.head(100)).split()
    assert mixed.cells(dvc_row()).replay.text == ""


def test_a_version_of_which_something_cannot_be_read_is_marked_and_visited() -> None:
    row = dvc_row(problem="params.yaml:2: a tab where YAML wants spaces")
    shown = table(row)

    assert text_of(shown.cells(row).why) == "! lr 0.1 → 0.2"
    assert Company([row]).is_worth_a_look(row, None)
    assert not Company([dvc_row()]).is_worth_a_look(dvc_row(), None)


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_long_names_leave_room_for_the_rest(width: int) -> None:
    rows = (dvc_row(name=LONG * 3), dvc_row(name="v1", model="another-model-with-a-long-name"))
    shown = table(*rows)

    lines = [text_of(shown.head(width)), *(text_of(shown.line(row, width)) for row in rows)]
    assert {width_of(shown.line(row, width)) for row in rows} == {width}
    where = lines[0].index("WHY")
    assert all(line[where:].startswith("lr 0.1") for line in lines[1:])
    assert lines[0].split()[:2] == ["MODEL", "NAME"]


def test_a_replay_is_refused_before_it_is_asked_for() -> None:
    replay = next(action for action in ACTIONS if action.id == "replay")
    why = why_no_replay(dvc_row())

    assert replay.why_not(Situation(has_version=True, no_replay=why)) == why
    assert "dvc" in why
    assert why_no_replay(digits_rows()[0]) == ""


@pytest.mark.parametrize("source", SOURCE_NAMES)
def test_what_curves_need_is_said_whole_at_80_columns(source: str) -> None:
    hint = curves_hint(replace(dvc_row(), source=source))

    assert len(f" no curves: {hint}") <= 80
