"""The quick reader of `meta.yaml` says what the whole one says, of whatever a YAML 1.1 writer may have written."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from mlver.sources.mlflow.meta import _by_line, _whole

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
PRINTED = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co"], exclude_characters="\ufeff")
"""Without further kinds of line ends: YAML's reader and writer do not agree on them."""

TEXTS = st.one_of(
    st.text(PRINTED, max_size=20),
    st.text("0123456789e.-+_: #'\"~nulxo", max_size=12),
    st.sampled_from(
        ["12e45678", "null", "true", "yes", "it's", "'", "a: b", "a #b", "- x", "[]", "{}", "5'", "1:30", " "]
    ),
)
VALUES = st.one_of(TEXTS, st.integers(), st.none(), st.just([]), st.just({}), st.booleans())


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_the_quick_reader_says_what_the_whole_one_says(data: dict[str, object]) -> None:
    content = yaml.safe_dump(data, default_flow_style=False, allow_unicode=True).encode()

    quick = _by_line(content)

    if quick is not None:
        whole = _whole(content, "meta.yaml")
        assert quick.texts == whole.texts


@given(st.dictionaries(KEYS, TEXTS, min_size=1))
def test_texts_are_what_mlflow_wrote(data: dict[str, str]) -> None:
    content = yaml.safe_dump(data, default_flow_style=False, allow_unicode=True).encode()

    meta = _by_line(content) or _whole(content, "meta.yaml")

    assert meta.texts == data


def test_what_mlflow_writes_is_read_by_line() -> None:
    content = (
        b"artifact_uri: file:///tmp/a%20b/artifacts\nend_time: 1795271062765\nentry_point_name: ''\n"
        b"experiment_id: '326522356829287144'\nlifecycle_stage: active\nrun_name: my run\nstatus: 3\ntags: []\n"
    )

    meta = _by_line(content)

    assert meta is not None
    assert (meta.text("experiment_id"), meta.number("end_time")) == ("326522356829287144", 1795271062765)
    assert (meta.text("entry_point_name"), meta.text("tags"), meta.text("run_name")) == ("", "", "my run")
    assert _by_line(content + b"status: 4\n") is None  # which of the two counts is not for us to say
