"""What changed, on one line per side of the versions."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.model.change import MISSING, Change, Kind, branch
from mlver.model.data import Data
from mlver.model.manifest import Artifact, FileFact, StepFacts
from mlver_tui.view_models.section_lines import section_line, section_lines
from mlver_tui.view_models.sections import Section, sections
from mlver_tui.view_models.spans import line, text_of, width_of
from mlver_tui.view_models.told import Told, told_line
from tests.support.explorer import comparison_of, digits_rows


def changed(label: str, note: str = "", before: object = "1" * 64, after: object = "2" * 64) -> Change:
    kind = Kind.ADDED if before is MISSING else Kind.CHANGED
    return Change(label=label, kind=kind, note=note, before=before, after=after)  # type: ignore[arg-type]


def same(label: str, value: Data = "1" * 64) -> Change:
    return Change(label=label, kind=Kind.SAME, before=value, after=value)


def told(section: Section, width: int = 80) -> str:
    return text_of(section_line(section, width)).rstrip()


FILES = Section(
    name="files",
    tab="Files",
    by_thing=True,
    tree=branch(
        "files",
        (
            changed("data/train.csv", "+400 lines"),
            changed("models/scaler.json", "59 bytes", before=MISSING),
            changed("models/weights.json", "2467 of 2612 lines"),
            changed("models/weights.npy", "4 of 4 tensors"),
        ),
    ),
    read={"data/train.csv": 0, "models/scaler.json": 1, "models/weights.npy": 2},
    data=frozenset({"data/train.csv"}),
)


def test_what_steps_read_comes_first_and_data_that_is_told_elsewhere_last() -> None:
    assert told(FILES, 120) == (
        " ~ files    4  weights.npy 4 of 4 tensors · weights.json 2467 of 2612 lines · + scaler.json"
        " · train.csv +400 lines"
    )
    assert told(FILES) == " ~ files    4  weights.npy 4 of 4 tensors · weights.json · + scaler.json · +1"


def test_code_is_told_by_its_names_and_what_no_step_reads_is_marked() -> None:
    code = branch(
        "code",
        (
            changed("README.md", "not an input, +2 −1"),
            changed("evaluate.py", "+4 −2"),
            changed("mlver.yaml", "the project file, +1 −1"),
            changed("src/prepare.py", "+10 −14"),
        ),
    )
    read = {"src/prepare.py": 0, "evaluate.py": 1}

    assert told(Section(name="code", tab="Code", by_thing=True, tree=code, read=read), 120) == (
        " ~ code     4  prepare.py  evaluate.py · mlver.yaml the project file · README.md no input"
    )


def test_files_of_one_name_keep_their_folders() -> None:
    code = branch("code", (changed("a/model.py", "+1 −1"), changed("b/model.py", "+1 −1")))

    assert told(Section(name="code", tab="Code", by_thing=True, tree=code)) == " ~ code     2  a/model.py  b/model.py"


def test_the_package_is_told_before_the_lock_file() -> None:
    lock = changed("lock", "content differs", "requirements.lock", "requirements.lock")
    packages = branch("packages", (changed("pixelprep", "minor", "1.0.0", "1.1.0"), same("numpy", "2.4.6")))

    assert told(Section(name="env", tab="Env", tree=branch("environment", (lock, packages)))) == (
        " ~ env      2  pixelprep 1.0.0 → 1.1.0 · lock content differs"
    )


def test_the_evaluation_data_is_named_though_it_is_the_same() -> None:
    tree = branch("data", (changed("train", "1 037 → 1 437 rows (+400)"), same("eval"), same("other")))

    section = Section(name="data", tab="Data", by_thing=True, tree=tree, evaluation=frozenset({"eval"}))

    assert told(section) == " ~ data     1  train 1 037 → 1 437 rows (+400) · eval same"


@pytest.mark.parametrize("kind", [Kind.SAME, Kind.CHANGED])
def test_a_machine_that_differs_has_a_line_of_its_own(kind: Kind) -> None:
    software = Section(name="env", tab="Env", tree=branch("environment", (same("python", "3.11"),)))
    cpu = same("cpu", "x") if kind is Kind.SAME else changed("cpu", before="x", after="y")
    machine = Section(name="hardware", tab="Env", tree=branch("hardware", (cpu,)))

    lines = [text_of(one).rstrip() for one in section_lines((software, machine), 80)]

    assert lines == (
        [" = env      0  same software, same machine"]
        if kind is Kind.SAME
        else [" = env      0  same software", " ~ hardware 1  cpu x → y"]
    )


@pytest.mark.parametrize("width", range(1, 40))
def test_things_are_told_in_the_room_there_is(width: int) -> None:
    things = [Told(name=line(name), said=line(" moved")) for name in ("one", "two", "three")]

    shown = text_of(told_line(things, 2, width, "·"))

    assert width_of(line(shown)) <= max(width, len("one moved · +4"))
    assert shown.startswith("one moved")


def test_very_many_changes_are_counted() -> None:
    leaves = tuple(changed(f"key{number}", before=1, after=2) for number in range(1000))

    shown = told(Section(name="params", tab="Params", tree=branch("params", leaves)))

    assert shown.startswith(" ~ params  1000  key0 1 → 2 · key1 1 → 2")
    assert shown.endswith("· +996")


def test_the_largest_of_the_outputs_that_are_read_is_told_first() -> None:
    comparison = comparison_of(*digits_rows()[:2])
    sizes = {"models/scaler.json": 59, "models/weights.npy": 19_408, "models/weights.json": 28_273}
    inputs = tuple(FileFact(path=path, sha256=None) for path in ("models/scaler.json", "models/weights.npy"))
    manifest = replace(
        comparison.after.manifest,
        steps=(StepFacts(name="evaluate", run="true", inputs=inputs),),
        artifacts=tuple(Artifact(path=path, sha256=None, size=size) for path, size in sizes.items()),
    )
    tree = branch("files", tuple(changed(path) for path in sizes))

    made = sections(replace(comparison, after=replace(comparison.after, manifest=manifest), files=tree))

    assert told(made[-1]) == " ~ files    3  weights.npy · scaler.json · weights.json"
