"""The digests of one file, by every rule that versions are kept by."""

from __future__ import annotations

from hashlib import file_digest, md5, sha1, sha256
from pathlib import Path

_PIECE = 1 << 20
"""Bytes read at once. DVC's too: it leaves a line end as it is that two of its pieces share."""

_JUDGED = 512
_TEXT = bytes(range(32, 127)) + b"\n\r\t\f\b"
_MOST_OTHERS = 0.3


def file_digests(path: Path) -> tuple[str, ...]:
    """sha256, as mlver and Git LFS name contents; md5, as DVC 3 and DVC 2 do; sha1 of a blob, as git does."""
    blob = sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    rules = (sha256(), md5(usedforsecurity=False), _Dos2Unix(), blob)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            for rule in rules:
                rule.update(piece)
    return tuple(dict.fromkeys(rule.hexdigest() for rule in rules))


def sha256_of(path: Path) -> str:
    """sha256 of a file in hex."""
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()


class _Dos2Unix:
    """md5 as DVC took it before its third version: of a text with Unix line ends, of anything else as it is."""

    def __init__(self) -> None:
        self._md5 = md5(usedforsecurity=False)
        self._is_text: bool | None = None
        """None: nothing was read yet."""

    def update(self, piece: bytes) -> None:
        if self._is_text is None:
            self._is_text = _is_text(piece[:_JUDGED])
        self._md5.update(piece.replace(b"\r\n", b"\n") if self._is_text else piece)

    def hexdigest(self) -> str:
        return self._md5.hexdigest()


def _is_text(start: bytes) -> bool:
    """By DVC's rule: no zero byte, and at most 30 % of other bytes than printable ASCII."""
    return b"\0" not in start and len(start.translate(None, _TEXT)) <= _MOST_OTHERS * len(start)
