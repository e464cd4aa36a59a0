"""`mlver diff PATH PATH` of every format: a side that is missing, damaged, or more than is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlver.formats import archives, gguf, members, npy_header, npz, pickle_opcodes, protobuf, pytorch, safetensors
from tests.core.formats.test_mutations import FILES as BINARY
from tests.support.commands import Ran, Shell

FILES = BINARY | {
    "t.csv": b"id,x\n1,2\n2,3\n", "t.tsv": b"id\tx\n1\t2\n", "t.jsonl": b'{"id": 1, "x": 2}\n',
    "c.json": b'{"a": 1}', "c.yaml": b"a: [1]\n", "c.toml": b"a = 1\n", "x.txt": b"one\ntwo\n",
    "x.bin": bytes(range(256)),
}  # fmt: skip
CALLED = {
    "packed.npz": "npz", "w.safetensors": "safetensors", "m.pt": "pytorch", "m.pkl": "pickle", "z.joblib": "pickle",
    "q.gguf": "gguf",
    "x.zip": "zip", "x.tar": "tar", "t.parquet": "parquet", "t.jsonl": "json lines", "c.json": "json", "c.yaml": "yaml",
    "c.toml": "toml",
}  # fmt: skip
"""How the sentence names a format whose file is cut, where it is not its suffix; none of the rest can be cut."""
WHATEVER = {"t.csv", "t.tsv", "x.txt", "x.bin"}
"""Cut, these are still what they were."""


def diff(shell: Shell, folder: Path, *names: str) -> Ran:
    return shell.mlver("-C", str(folder), "diff", *names)


@pytest.mark.parametrize("name", FILES)
def test_a_side_that_is_missing_or_damaged(name: str, shell: Shell, tmp_path: Path) -> None:
    content = FILES[name]
    (tmp_path / name).write_bytes(content)
    for folder, other in (
        ("same", content),
        ("cut", content[: 700 if name == "x.tar" else -max(1, len(content) // 3)]),
        ("empty", b""),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(other)

    assert diff(shell, tmp_path, name, f"same/{name}", "--exit-code").code == 0
    for pair in ((name, f"gone/{name}"), (f"gone/{name}", name)):
        missing = diff(shell, tmp_path, *pair)
        assert (missing.code, missing.out) == (2, "")
        assert f"gone/{name}: no such file" in missing.err
    of_version = shell.mlver("diff", str(tmp_path / name), f"latest:{name}")
    assert of_version.code == 3
    assert name in of_version.err
    for pair in ((name, f"cut/{name}"), (f"cut/{name}", name), (name, f"empty/{name}")):
        ran = diff(shell, tmp_path, *pair)
        assert (ran.code, ran.err) == (0, "")
        assert diff(shell, tmp_path, *pair, "--exit-code").code == 1
        is_named = f"not compared as {CALLED.get(name, name.partition('.')[2])}: " in ran.out
        assert is_named or name in WHATEVER or pair[1].startswith("empty")


LIMITS: dict[str, tuple[object, str, int]] = {
    "w.npy": (npy_header, "_LONGEST_HEADER", 20), "w.npz": (npz, "MOST_OF_TENSORS", 1),
    "m.pt": (pytorch, "MOST_OF_TENSORS", 1), "x.zip": (members, "MOST_MEMBERS", 1),
    "x.tar": (archives, "MOST_MEMBERS", 1),
    "w.safetensors": (safetensors, "MOST_TENSORS", 1), "m.pkl": (pickle_opcodes, "MOST_MEMORY", 100),
    "m.gguf": (gguf, "MOST_TENSORS", 0), "m.onnx": (protobuf, "MOST_FIELDS", 3),
}  # fmt: skip
"""Of what a format looks at, made small."""
LONG = b"1," * (3 << 20)
"""More than is read of a text; of a table the columns are too many."""


@pytest.mark.parametrize("name", [*LIMITS, "t.csv", "c.json", "c.yaml", "c.toml", "x.txt"])
def test_a_limit_that_is_hit_has_its_own_exit_code_and_sentence(
    name: str, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in LIMITS:
        module, limit, small = LIMITS[name]
        monkeypatch.setattr(module, limit, small)
    content = FILES[name] if name in LIMITS else LONG
    for folder, other in (("a", content), ("b", content + b"\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(other)

    ran = diff(shell, tmp_path, f"a/{name}", f"b/{name}", "--exit-code")

    assert ran.code == 4
    assert "incomplete: a limit was hit" in ran.out
    assert any(word in ran.out for word in ("more than", "looked at", "more tensors"))
