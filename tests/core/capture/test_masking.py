from __future__ import annotations

import string
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlver.capture.masking import Mask, mask_text, secret_values

PRIVATE_KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n" + ("MIIEpAIBAAKCAQEA7bq9" * 3 + "\n") * 20 + "-----END RSA PRIVATE KEY-----"
)
TOKENS = (
    "AKIAQ3EGRY5XJK7VZ2PM",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "A1b2c3D4e5" * 5,
    "glpat-" + "aB3dE6gH9jK2mN5pQ8sT",
    "xoxb-" + "123456789012-abcdefABCDEF",
    "sk-proj-" + "aB3dE6gH9jK2mN5pQ8sT",
    "sk-ant-api03-" + "aB3dE6gH9jK2mN5pQ8sT",
    "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
    "AIza" + "SyA-1234567890abcdefghijklmnopqrstu",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N",
    "npm_" + "a1B2" * 9,
    "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 15,
    "AccountKey=" + "aB3dE6gH9j" * 8 + "abcdef==",
    "sk_live_" + "aB3dE6gH9jK2mN5pQ8sT1234",
    PRIVATE_KEY,
)


def masked(pieces: Iterable[bytes], values: Iterable[bytes] = ()) -> bytes:
    mask = Mask(values)
    return b"".join([mask.feed(piece) for piece in pieces]) + mask.finish()


def cut(content: bytes, places: Iterable[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(content) + 1) for place in places), len(content)]
    return [content[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_token_is_masked_and_what_surrounds_it_stays(token: str) -> None:
    assert mask_text(f"before {token} after") == "before *** after"
    assert mask_text(f"key='{token}'") == "key='***'"


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_token_that_comes_byte_by_byte_is_masked(token: str) -> None:
    content = f"before {token} after\n".encode()

    assert masked(content[at : at + 1] for at in range(len(content))) == b"before *** after\n"


def test_urls_lose_their_user_part() -> None:
    assert (
        mask_text("https://me:pw@host/x https://tok@host git@host:x")
        == "https://***@host/x https://***@host git@host:x"
    )


@pytest.mark.parametrize(
    "line",
    [
        "sk-learn-pipeline-with-scaling-and-more",
        "task-aB3dE6gH9jK2mN5pQ8sT",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "0b5a7c1e-6a3f-4f1e-9d51-3f2a4a9e8f10",
        "epoch 1: 100%|██████████| 10/10 [00:01<00:00, 9.87it/s]",
        "model.layers.0.self_attn.q_proj.weight",
        "-----BEGIN CERTIFICATE-----",
    ],
)
def test_ordinary_output_stays_as_it_is(line: str) -> None:
    assert mask_text(line) == line


def test_ordinary_output_is_not_held_back() -> None:
    mask = Mask(secret_values({"API_KEY": "correct-horse"}))

    assert mask.feed(b"Epoch 1 loss 0.123") == b"Epoch 1 loss 0.123"
    assert mask.feed(b"\rEpoch 2: 45%") == b"\rEpoch 2: 45%"


def test_values_of_secret_variables_are_known_by_the_variables_names() -> None:
    environment = {
        "HF_TOKEN": "token-value",
        "DB_PASSWORD": "p@ss word!",
        "OPENAI_API_KEY": "key-value-1",
        "TOKENIZERS_PARALLELISM": "disabled-value",
        "SSH_AUTH_SOCK": "/tmp/ssh-agent",
        "PWD": "/home/somebody",
        "SHORT_KEY": "true",
        "HOME": "/home/somebody",
    }

    assert set(secret_values(environment)) == {b"token-value", b"p@ss word!", b"p%40ss%20word%21", b"key-value-1"}


def test_every_line_of_a_secret_of_many_lines_is_known() -> None:
    values = secret_values({"DEPLOY_KEY": "first line here\n  second line here\n"})

    assert masked([b"  second line here\n"], values) == b"  ***\n"


def test_a_value_that_begins_like_a_longer_one_does_not_uncover_the_rest() -> None:
    values = (b"secret-value-longer", b"secret-value")

    assert masked([b"a secret-value", b"-longer b"], values) == b"a *** b"


secrets = st.lists(st.text(string.ascii_letters + "-_ :/@é", min_size=8, max_size=24), min_size=1, max_size=4)
noise = st.text(string.ascii_letters[:6] + "-_:/@ .\nsk", max_size=12)


@given(secrets, st.lists(noise, min_size=1, max_size=6), st.lists(st.integers(0, 4000), max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_no_value_and_no_token_survives_however_the_stream_is_cut(
    values: list[str], around: list[str], places: list[int], data: st.DataObject
) -> None:
    known = [value.encode() for value in values]
    hidden = st.sampled_from([*values, *TOKENS[:-1]])
    content = "".join(piece + data.draw(hidden) + " " for piece in around).encode()

    out = masked(cut(content, places), known)

    assert not any(value in out for value in known)
    assert out == masked([content], known)


@given(
    st.lists(st.sampled_from([*TOKENS, *"\n \"'=:-s", "-----BEGIN ", "://", "a@"]), max_size=8),
    st.lists(st.integers(0, 4000), max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_the_cuts_do_not_matter(parts: list[str], places: list[int]) -> None:
    content = "".join(parts).encode()

    assert masked(cut(content, places)) == masked([content])


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
@settings(max_examples=100, deadline=None)
def test_bytes_without_secrets_pass_unchanged(content: bytes, places: list[int]) -> None:
    assert masked(cut(content, places), [b"a value that does not occur"]) == content


def test_a_long_line_is_not_held_for_ever() -> None:
    mask = Mask()

    shown = mask.feed(b"eyJ" + b"a" * 100_000)

    assert len(shown) > 90_000
