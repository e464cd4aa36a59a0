from __future__ import annotations

import base64
import hashlib
import json
import random

import pytest

from mlver.capture.secrets import SecretHit, find_secrets
from tests.core.capture.test_masking import PRIVATE_KEY, TOKENS

ENV_FILE = b"""# settings
DEBUG=true
MODEL_NAME=digits-large-v2
DB_PASSWORD=correct-horse-42
export HF_TOKEN="hunter2hunter2"
DATA_PATH=/data/secret/train.csv
UNNAMED=q8Zr1XvT5mNw3LpK7sYd
CHECKSUM=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
EXAMPLE_TOKEN=your-token-here
"""


def lines(content: bytes, name: str) -> list[int]:
    return [hit.line for hit in find_secrets(content, name=name)]


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_token_is_found_on_its_line_and_not_repeated(token: str) -> None:
    (hit,) = find_secrets(f"one\ntwo\nx = '{token}'\n".encode(), name="src/train.py")

    assert (hit.name, hit.line) == ("src/train.py", 3)
    assert token[:12] not in repr(hit)


def test_a_key_inside_a_json_string_is_found() -> None:
    content = json.dumps({"type": "service_account", "private_key": PRIVATE_KEY}, indent=1).encode()

    assert SecretHit("account.json", 3, "a private key") in find_secrets(content, name="account.json")


def test_env_files_are_read_more_strictly_than_others() -> None:
    assert lines(ENV_FILE, ".env") == [4, 5, 7]
    assert lines(ENV_FILE, "prod.env") == [4, 5, 7]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("train.py", 'API_KEY = "q8Zr1XvT5mNw3LpK"'),
        ("train.py", 'os.environ["WANDB_API_KEY"] = "5f2c9a7e1b3d4f60"'),
        ("conf.json", '"client_secret": "q8Zr1XvT5mNw3LpK",'),
        ("conf.yaml", "  password: q8Zr1XvT5mNw3LpK"),
        ("aws.ini", "aws_secret_access_key = wJ4lrXUtnFE1I/K7MDENG+bPxRfiC7"),
        ("nb.ipynb", '"api_key = \\"q8Zr1XvT5mNw3LpK\\"\\n",'),
        ("train.py", "connect('postgres://digits:s3cr3t-pw@db/x')"),
        ("mlver.yaml", "    run: python train.py --token q8Zr1XvT5mNw3LpK --epochs 3"),
        ("mlver.yaml", "    run: [python, train.py, --wandb-api-key, q8Zr1XvT5mNw3LpK]"),
        ("train.sh", "python train.py --hub_token='q8Zr1XvT5mNw3LpK'"),
    ],
)
def test_an_assigned_secret_is_found(name: str, line: str) -> None:
    assert lines(f"first\n{line}\n".encode(), name) == [2]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("train.py", 'api_key = os.environ["API_KEY"]'),
        ("train.py", "password = settings.database_password_2"),
        ("train.py", 'API_KEY = "your-api-key-here-123"'),
        ("train.py", 'secret = "${SECRET_FROM_VAULT_1}"'),
        ("train.py", 'access_token_url = "https://host/oauth2/v1/token"'),
        ("train.py", 'parser.add_argument("--password-file", default="secrets/pw1.txt")'),
        ("conf.yaml", "secretName: registry-credentials-2024"),
        ("conf.yaml", "password: null"),
        ("conf.yaml", "api_key: ${oc.env:API_KEY_1}"),
        ("README.md", "git clone https://user:password@host/x"),
        ("README.md", "AKIAIOSFODNN7EXAMPLE"),
        ("keys.py", 'HEADER = "-----BEGIN RSA PRIVATE KEY-----"'),
        ("train.py", "from sk-learn-pipeline-with-scaling import x"),
        ("tokens.json", '"eos_token": "<|endoftext|>", "secret": 1234567890123, "password": "passwordpassword"'),
        ("mlver.yaml", "    run: python train.py --token $HF_TOKEN_2024 --password-file conf/pw1.txt"),
        ("mlver.yaml", "    run: python train.py --tokenizer q8Zr1XvT5mNw3LpK --max-token 123456789012"),
        ("README.md", "python train.py --token your-token-here-123"),
        ("train.py", "key = 'model.layers.0.self_attn.q_proj.weight'"),
    ],
)
def test_what_only_looks_like_one_is_not_taken_for_a_secret(name: str, line: str) -> None:
    assert lines(f"first\n{line}\n".encode(), name) == []


def test_files_of_machine_learning_do_not_raise_alarm() -> None:
    dice = random.Random(1)
    picture = base64.b64encode(dice.randbytes(200_000)).decode()
    notebook = json.dumps({"cells": [{"outputs": [{"data": {"image/png": picture}}], "source": ["token = 1\n"]}]})
    lock = "".join(
        f"pkg{n}==1.{n} \\\n    --hash=sha256:{hashlib.sha256(dice.randbytes(8)).hexdigest()}\n" for n in range(300)
    )
    uv_lock = f'[[package]]\nname = "x"\nwheels = [{{ hash = "sha256:{hashlib.sha256(b"x").hexdigest()}" }}]\n'
    vocabulary = json.dumps({f"{word}{n}": n for n in range(3000) for word in ("secret", "token", "api_key")})
    ids = "run_id: 0b5a7c1e-6a3f-4f1e-9d51-3f2a4a9e8f10\ncommit: 4f3c2b1a09f8e7d6c5b4a3928170f6e5d4c3b2a1\n"

    files = {"a.ipynb": notebook, "r.lock": lock, "uv.lock": uv_lock, "vocab.json": vocabulary, "run.yaml": ids}

    assert {name: find_secrets(text.encode(), name=name) for name, text in files.items()} == dict.fromkeys(files, ())
    assert find_secrets(dice.randbytes(2_000_000), name="weights.npy") == ()
