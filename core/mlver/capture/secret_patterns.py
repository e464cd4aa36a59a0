"""What a secret looks like: one table, used for files to be recorded and for logs.

Each pattern has anchors: every match begins with one of them (a URL's right behind it), and looking for them first is
what makes scanning quick. Every repetition is bounded, so that a stream never has to hold back more than
`LONGEST_BYTES`.

detect-secrets was tried for this: 250 ms to import, 0.2 MB/s, and hits in notebooks' pictures and sha256 digests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

LONGEST_BYTES = 1 << 15


class SecretPattern(Struct, frozen=True):
    """A shape of secret."""

    what: str
    """In the user's words: `a GitHub token`."""
    anchors: tuple[bytes, ...]
    shape: re.Pattern[bytes]

    def spans(self, content: bytes) -> Iterator[tuple[int, int]]:
        """Where it occurs."""
        if any(anchor in content for anchor in self.anchors):
            for match in self.shape.finditer(content):
                if not match[0].endswith(b"EXAMPLE"):  # AWS's documentation is pasted everywhere
                    yield match.span()


def _pattern(what: str, shape: bytes, *anchors: bytes) -> SecretPattern:
    return SecretPattern(what, anchors, re.compile(shape))


_START = rb"(?<![A-Za-z0-9_])"
_TOKEN = rb"[A-Za-z0-9_-]"
_PEM_BODY = (
    rb"(?:(?:Proc-Type|DEK-Info|Comment|Version):[^\n]{0,100}|\n[ \t]{0,20}|[A-Za-z0-9+/=\r\\\"',])"  # no spaces: prose
)

PRIVATE_KEY = _pattern(
    "a private key",
    rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
    rb"(?=(?s:.{0,300})[A-Za-z0-9+/]{30})"
    + _PEM_BODY
    + rb"{0,16384}+(?:-----END [A-Z0-9 ]{0,50}-----|-[-A-Z0-9 ]{0,70}\Z)?",  # it may be still to come
    b"-----BEGIN ",
)

URL_PASSWORD = _pattern("a password in a URL", rb"(?<=://)[^\s/@:'\"<>{}$]{0,256}:[^\s/@'\"<>{}$]{1,2048}(?=@)", b"://")

TOKENS = (
    _pattern("an AWS access key", rb"(?<![A-Za-z0-9+/])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9+/=])", b"AKIA", b"ASIA"),
    _pattern("a GitHub token", _START + rb"gh[oprsu]_[A-Za-z0-9]{36,255}", b"gho_", b"ghp_", b"ghr_", b"ghs_", b"ghu_"),
    _pattern("a GitHub token", _START + rb"github_pat_[A-Za-z0-9_]{40,255}", b"github_pat_"),
    _pattern("a GitLab token", _START + rb"gl(?:pat|dt|rt|ptt)-" + _TOKEN + rb"{20,255}", b"glpat-", b"gldt-", b"glrt-",
             b"glptt-"),
    _pattern("a Slack token", _START + rb"xox[abeoprs]-[A-Za-z0-9-]{10,255}", b"xox"),
    _pattern("a Slack hook", rb"hooks\.slack\.com/services/[A-Za-z0-9/]{20,100}", b"hooks.slack.com/"),
    _pattern(
        "an API key",
        # Capitals and digits are asked for, or `sk-learn-pipeline-with-scaling` would be one.
        rb"(?<![A-Za-z0-9_-])sk-(?=" + _TOKEN + rb"{0,80}[0-9])(?=" + _TOKEN + rb"{0,80}[A-Z])" + _TOKEN + rb"{20,512}",
        b"sk-",
    ),
    _pattern("a Hugging Face token", _START + rb"hf_[A-Za-z0-9]{30,255}", b"hf_"),
    _pattern("a Google API key", _START + rb"AIza" + _TOKEN + rb"{35}", b"AIza"),
    _pattern("a Google token", _START + rb"(?:ya29\.|GOCSPX-)" + _TOKEN + rb"{20,1024}", b"ya29.", b"GOCSPX-"),
    _pattern(
        "a JSON web token",
        _START + rb"eyJ" + _TOKEN + rb"{10,2000}\.eyJ" + _TOKEN + rb"{10,4000}\." + _TOKEN + rb"{10,2000}",
        b"eyJ",
    ),
    _pattern("an npm token", _START + rb"npm_[A-Za-z0-9]{36,255}", b"npm_"),
    _pattern("a PyPI token", _START + rb"pypi-AgE" + _TOKEN + rb"{50,512}", b"pypi-AgE"),
    _pattern("an Azure key", rb"Account[Kk]ey=[A-Za-z0-9+/]{40,200}={0,2}", b"AccountKey=", b"Accountkey="),
    _pattern("an Azure key", rb"SharedAccessKey=[A-Za-z0-9+/]{40,200}={0,2}", b"SharedAccessKey="),
    _pattern("a Stripe key", _START + rb"[rs]k_(?:live|test)_[A-Za-z0-9]{20,255}", b"rk_live_", b"rk_test_",
             b"sk_live_", b"sk_test_"),
    _pattern("a SendGrid key", _START + rb"SG\." + _TOKEN + rb"{16,64}\." + _TOKEN + rb"{16,64}", b"SG."),
    _pattern("a Databricks token", _START + rb"dapi[a-f0-9]{32,64}", b"dapi"),
    _pattern("a DigitalOcean token", _START + rb"do[op]_v1_[a-f0-9]{64}", b"doo_v1_", b"dop_v1_"),
)  # fmt: skip
"""Tokens that say of themselves what they are; no white space in any of them."""

SHAPES = (PRIVATE_KEY, *TOKENS)

_NAME_WORDS = frozenset(
    {"TOKEN", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASSPHRASE", "KEY", "APIKEY", "CREDENTIAL", "CREDENTIALS",
     "AUTH", "PWD", "PAT"}
)  # fmt: skip
_HARMLESS_ENDS = frozenset({"FILE", "PATH", "DIR", "SOCK", "CACHE", "URL", "NAME", "HOST", "PORT", "USER", "TYPE"})


def is_secret_name(name: str) -> bool:
    """Whether a variable of that name is likely to hold a secret: `HF_TOKEN`, but not `TOKENIZERS_PARALLELISM`."""
    words = re.findall(r"[A-Z]+", name.upper())
    if name.upper() in {"PWD", "OLDPWD"} or not words or words[-1] in _HARMLESS_ENDS:
        return False
    return not _NAME_WORDS.isdisjoint(words)
