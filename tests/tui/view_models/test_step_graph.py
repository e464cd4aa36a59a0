"""The steps of a version: what makes stands above what reads, and files say where they come from and go to."""

from __future__ import annotations

from msgspec.structs import replace

from mlver.model.manifest import FileFact, Manifest, StepFacts
from mlver_tui.view_models.spans import text_of, width_of
from mlver_tui.view_models.step_graph import MOST_FILES, StepGraph, flow_of, in_order, step_graph_lines
from tests.support.explorer import HOSTILE, digits_rows, manifest_of
from tests.support.lineages import pipeline_of

MANIFEST = manifest_of(digits_rows()[0])


def step(name: str, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()) -> StepFacts:
    files = [tuple(FileFact(path=path, sha256=None) for path in paths) for paths in (inputs, outputs)]
    return StepFacts(name=name, run=name, inputs=files[0], outputs=files[1])


def texts(*steps: StepFacts, width: int = 80, **more: object) -> list[str]:
    graph = StepGraph(manifest=replace(MANIFEST, steps=steps), **more)  # type: ignore[arg-type]
    return [text_of(line).rstrip() for line in step_graph_lines(graph, width)]


def test_files_say_which_step_made_them_and_which_read_them() -> None:
    lines = texts(*pipeline_of())

    assert "  │ │   out data/eval.csv  to evaluate" in lines
    assert "  │ │   in  data/train.csv  from prepare" in lines
    assert "        in  models  from train" in lines
    assert lines[0].startswith("  ●─╮ prepare")
    assert lines[0].endswith("0.11 s")


def test_a_file_within_a_folder_that_was_made_is_made() -> None:
    flow = flow_of((step("a", outputs=("models/",)), step("b", inputs=("models/best/weights.npy",))))

    assert flow.after("a") == ("b",)


def test_a_file_beside_one_that_was_made_is_not() -> None:
    flow = flow_of((step("a", outputs=("data/train.csv",)), step("b", inputs=("data/raw.csv",))))

    assert flow.after("a") == ()


def test_what_makes_comes_first_however_they_were_recorded() -> None:
    steps = tuple(reversed(pipeline_of()))

    ordered = [one.name for one in in_order(steps, flow_of(steps))]

    assert ordered.index("prepare") < ordered.index("train") < ordered.index("report")


def test_steps_in_a_circle_are_all_shown() -> None:
    lines = texts(step("a", ("y",), ("x",)), step("b", ("x",), ("y",)))

    assert [line.split()[-1] for line in lines if "●" in line] == ["a", "b"]


def test_a_step_that_reads_what_it_writes_leads_nowhere() -> None:
    assert flow_of((step("a", ("x",), ("x",)),)).makers == {}


def test_those_that_differ_are_marked_and_the_first_says_why() -> None:
    lines = texts(*pipeline_of(), differing=("train", "evaluate"), first="train", why="its command differs")

    heads = [line for line in lines if "●" in line]
    assert [sign for line in heads for sign in ("~", "=") if f"{sign} " in line] == ["=", "~", "~", "="]
    assert "~ train  its command differs" in heads[1]


def test_of_many_files_those_that_lead_to_steps_come_first_and_the_others_are_counted() -> None:
    many = tuple(f"images/{number:04}.png" for number in range(500))

    lines = texts(step("a", outputs=("last.csv",)), step("b", inputs=(*many, "last.csv")))

    assert sum("images/" in line for line in lines) == MOST_FILES - 1
    assert any("in  last.csv  from a" in line for line in lines)
    assert any(f"in  +{501 - MOST_FILES} more" in line for line in lines)


def test_a_step_that_failed_says_so() -> None:
    assert "1.50 s, exit 3" in texts(replace(step("a"), wall_s=1.5, exit=3))[0]


def test_no_steps_are_no_crash() -> None:
    graph = StepGraph(manifest=Manifest(model="digits", status=MANIFEST.status))

    assert "nothing is known of the steps" in text_of(step_graph_lines(graph, 80)[0])


def test_hostile_names_are_harmless_at_every_width() -> None:
    steps = (step(HOSTILE, (HOSTILE,), ("x",)), step("b", ("x", HOSTILE), ()))
    graph = StepGraph(manifest=replace(MANIFEST, steps=steps), first=HOSTILE, why=HOSTILE)

    for width in (1, 10, 40, 100):
        for line in step_graph_lines(graph, width):
            assert "\x1b" not in text_of(line)
            assert width_of(line) <= width
