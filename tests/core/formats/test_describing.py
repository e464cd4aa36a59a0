"""One file by itself: what every format tells of it, whatever became of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.errors import LimitReached, RepositoryDamaged
from mlver.formats import describing, members
from mlver.formats.describing import describe_file
from mlver.model.change import Change, Kind
from tests.core.formats.test_mutations import FILES

TOLD: dict[str, tuple[str, str, dict[str, str]]] = {
    "w.npy": ("npy", "<f4 5×12", {}),
    "w.npz": ("npz", "2 tensors, 72 numbers", {"w": "f32 5×12", "b": "f32 12"}),
    "packed.npz": ("npz", "2 tensors, 72 numbers", {"w": "f32 5×12", "b": "f32 12"}),
    "w.safetensors": ("safetensors", "2 tensors, 72 numbers", {"w": "f32 5×12", "b": "f32 12", "metadata": ""}),
    "m.pt": ("pytorch", "1 tensor, 60 numbers", {"w": "f32 5×12"}),
    "m.pkl": ("pickle", "1 tensor, 60 numbers", {"w": "f32 5×12"}),
    "z.joblib": ("pickle", "1 tensor, 60 numbers", {"w": "f32 5×12"}),
    "m.gguf": ("gguf", "1 tensor, 60 numbers", {"w": "f32 5×12", "metadata": ""}),
    "q.gguf": ("gguf", "2 tensors, 320 numbers", {"q": "q8_0 2×32", "k": "q4_k 256"}),
    "m.onnx": ("onnx", "1 tensor, 60 numbers", {"W": "f32 5×12", "graph": "", "metadata": ""}),
    "x.zip": ("zip", "2 members", {}),
    "x.tar": ("tar", "2 members", {}),
    "t.parquet": ("parquet", "50 rows, 3 columns", {"id": "Int64", "x": "Float64", "s": "String"}),
}


def told(name: str, content: bytes) -> Change:
    found = describe_file(name, content).told
    assert found is not None
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_format_tells_what_a_file_holds(name: str) -> None:
    form, note, expected = TOLD[name]

    found = describe_file(name, FILES[name])

    assert found.told is not None
    assert (found.form, found.told.note, found.told.complete) == (form, note, True)
    notes = {node.label: node.note for node in found.told.children}
    assert expected.items() <= notes.items()
    assert all(node.note.endswith(("byte", "bytes")) for node in found.told.children if form in {"zip", "tar"})
    assert {leaf.kind for leaf in found.told.leaves()} == {Kind.SAME}


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_told_as_what_it_still_is(name: str) -> None:
    content = FILES[name]
    cut = content[: 700 if name == "x.tar" else -max(1, len(content) // 3)]

    found = told(name, cut)

    assert found.complete
    assert found.note == f"{len(cut)} bytes"
    assert any(said.startswith("not read as ") for said in found.details)


@pytest.mark.parametrize(
    ("name", "form"),
    [("t.csv", "csv"), ("t.jsonl", "json lines"), ("c.json", "json"), ("c.yaml", "yaml"), ("x", "text")],
)
def test_a_text_is_told_by_its_lines(name: str, form: str) -> None:
    found = describe_file(name, b'{"a": 1}\n')

    assert (found.form, found.told, found.text) == (form, None, b'{"a": 1}\n')


def test_other_bytes_are_counted() -> None:
    assert told("x", bytes(1000)).note == "1\u2009000 bytes"
    assert told("x", b"").note == "0 bytes"


def test_a_limit_that_is_hit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 1)

    found = told("x.zip", FILES["x.zip"])

    assert not found.complete
    assert "not read as zip: more than 1 members" in found.details
    monkeypatch.setattr(describing, "MOST_TEXT", 5)
    with pytest.raises(LimitReached, match="a text of more than"):
        describe_file("x.txt", b"longer")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepositoryDamaged):
        describe_file("x", tmp_path)
