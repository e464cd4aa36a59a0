"""Random whole manifests for property tests, and the least one there can be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mlver.model.manifest import (
    Artifact,
    CodeFacts,
    DataFacts,
    EnvironmentFacts,
    FileFact,
    Gpu,
    HardwareFacts,
    LockFacts,
    Manifest,
    Person,
    Resources,
    Slice,
    Status,
    StepFacts,
)
from mlver.model.metric import Goal, Metric, MetricMeaning, Tolerance
from tests.support.data import TRICKY, scalars, trees

HEX = "3fa92c1e" * 8

MINIMAL = f"""\
mlver: 1
model: digits
run: r3fa92c1e-k7q2mx
status: done
recipe: sha256:{HEX}
family: sha256:{HEX}
created: "2026-11-21T10:00:00Z"
"""
"""The least a run's manifest holds."""


def _some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _few(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=2).map(tuple)


_word = st.sampled_from(TRICKY)
_text = _some(_word)
_hexadecimal = st.text("0123456789abcdef", min_size=64, max_size=64)
_digest = _hexadecimal.map(lambda digits: f"sha256:{digits}")
_git_id = _some(_hexadecimal.map(lambda digits: digits[:40]))
_moment = st.sampled_from(["2026-11-21T10:00:00Z", "1999-12-31T23:59:59.123Z"])
_run = st.sampled_from(["r3fa92c1e-k7q2mx", "r00000000-aaaaaa"])
_path = st.sampled_from(["a.py", "data/train.csv", "models/no", "é/1e-4", "a b.txt", "..x/.gitignore", "-", "1:30"])
_count = _some(st.integers(min_value=0, max_value=2**53))
_seconds = _some(st.floats(min_value=0, max_value=1e9))
_mapping = st.dictionaries(_word, trees(3), max_size=2)
_words = st.dictionaries(_word, _word, max_size=2)
_leaves = st.dictionaries(_word, scalars(), max_size=2)
_file = st.builds(FileFact, path=_path, sha256=_some(_hexadecimal), size=_count)
_tolerance = st.builds(Tolerance, st.sampled_from([0.0, 0.005, 5.0, 12.5, 1e-7]), percent=st.booleans())
_meaning = st.builds(
    MetricMeaning,
    goal=_some(st.sampled_from(Goal)),
    tolerance=_some(_tolerance),
    unit=_word,
    primary=st.booleans(),
)
_code = st.builds(
    CodeFacts,
    commit=_git_id,
    tree=_git_id,
    dirty=_some(st.booleans()),
    remote=_text,
    branch=_text,
    untracked=_few(_path),
    allowed_secrets=_few(_path),
)
_step = st.builds(
    StepFacts,
    name=_word,
    run=_word.filter(str.strip) | st.lists(_word, min_size=1, max_size=3).map(tuple),
    cwd=st.just(".") | _path,
    path=_text,
    inputs=_few(_file),
    outputs=_few(_file),
    started=_some(_moment),
    wall_s=_seconds,
    cpu_s=_seconds,
    peak_rss_bytes=_count,
    exit=_some(st.integers(-64, 255)),
    changed_while_running=_few(_path),
)
_data = st.builds(
    DataFacts,
    name=_word,
    path=_path,
    role=_text,
    sha256=_some(_hexadecimal),
    size=_count,
    rows=_count,
    columns=_count,
    source=_text,
    snapshot=_text,
    store=_text,
)
_environment = st.builds(
    EnvironmentFacts,
    digest=_some(_digest),
    python=_text,
    implementation=_text,
    os=_text,
    lock=_some(st.builds(LockFacts, path=_path, sha256=_some(_hexadecimal))),
    container=_text,
    variables=_words,
    threads=_words,
    determinism=_leaves,
)
_hardware = st.builds(
    HardwareFacts,
    cpu=_text,
    cores=_count,
    cpu_features=_few(_word),
    ram_bytes=_count,
    gpus=_few(st.builds(Gpu, name=_word, memory_bytes=_count, driver=_text)),
    cuda=_text,
    cudnn=_text,
    blas=_text,
)


def manifests() -> st.SearchStrategy[Manifest]:
    """Any manifest of a run the model can hold, NaN and tricky text among its values."""
    return st.builds(
        Manifest,
        model=st.sampled_from(["digits", "a/b-c", "x"]),
        run=_run,
        status=st.sampled_from(Status),
        recipe=_digest,
        family=_digest,
        result=_some(_digest),
        created=_moment,
        ended=_some(_moment),
        author=st.builds(Person, name=_word, email=_word),
        host=_text,
        writer=_text,
        reason=_text,
        parent=_some(_run),
        code=_code,
        steps=_few(_step),
        params=_mapping,
        params_from=st.dictionaries(_path, trees(3), max_size=2),
        data=_few(_data),
        features=_few(_mapping),
        services=_few(_mapping),
        bases=_few(_mapping),
        signature=_some(_mapping.filter(bool)),
        environment=_environment,
        hardware=_hardware,
        seeds=_leaves,
        metrics=st.dictionaries(_word, st.builds(Metric, value=scalars(), meaning=_meaning), max_size=3),
        slices=_few(st.builds(Slice, metric=_word, slice=_leaves, value=st.none() | st.floats() | _word)),
        artifacts=_few(
            st.builds(Artifact, path=_path, sha256=_some(_hexadecimal), size=_count, kind=_text, step=_text)
        ),
        resources=st.builds(Resources, wall_s=_seconds, cpu_s=_seconds, peak_rss_bytes=_count, peak_gpu_bytes=_count),
        tags=_leaves,
        history=_some(_path),
        predictions=_some(_path),
        ignore=_few(_word),
        problem=_text,
        unknown=st.dictionaries(st.sampled_from(["extra", "code.signed", "later"]), trees(3), max_size=2),
    )
