"""Files of DVC may hold anything: reading them gives notes, never an exception."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.documents.document import Document
from mlver.model.data import Data
from mlver.sources.dvc.parts import Origin, Part
from mlver.sources.dvc.pipeline import PipelineReader
from mlver.sources.dvc.pointers import read_pointer
from mlver.sources.plain.noting import Notes

WORDS = [
    "stages", "cmd", "deps", "outs", "params", "metrics", "plots", "vars", "foreach", "do", "matrix", "wdir", "path",
    "md5", "hash", "files", "relpath", "cloud", "datasets", "artifacts", "name", "repo", "url", "cache", "schema", "x",
    "y", "${a}", "${item}", "${item.x}", "${a[0].b}", "../..", "/abs", "s3://b/k", "a.yaml:k", "train@1", "",
]  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=5))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=25,
)
MAPPINGS = st.dictionaries(st.sampled_from(WORDS), ANYTHING, max_size=8)
STAGES = st.fixed_dictionaries(
    {"stages": st.dictionaries(st.sampled_from(WORDS), MAPPINGS, max_size=4), "vars": ANYTHING}
)


def whole(data: Data) -> Part:
    return Part(Origin("folder/file", Document(data=data, lines={}), Notes()), data)


@settings(max_examples=100)
@given(document=MAPPINGS | STAGES, lock=MAPPINGS | STAGES, params=ANYTHING)
def test_any_pipeline_and_lock(document: Any, lock: Any, params: Any) -> None:
    reader = PipelineReader("folder", whole(lock), lambda _path: params)

    pipeline = reader.whole(whole(document))

    paths = [out.tracked.path for step in (*pipeline.steps, *reader.from_lock().steps) for out in step.outputs]
    assert not [path for path in paths if path.startswith(("/", "../"))]


@settings(max_examples=100)
@given(pointer=MAPPINGS)
def test_any_pointer(pointer: Any) -> None:
    pipeline = read_pointer(whole(pointer))

    assert not [one for one in pipeline.data if one.output.tracked.path.startswith(("/", "../"))]
