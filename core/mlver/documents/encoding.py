"""Bytes to text: the size, the encoding and left-over merge conflicts are looked at before any parser sees them."""

from __future__ import annotations

import codecs
import re

from mlver.documents.document import Budget
from mlver.errors import DocumentInvalid

_CONFLICT = re.compile(rb"^<{7}(?: .*)?\r?$(?s:.*?)^(?:={7}\r?|>{7}(?: .*)?)$", re.MULTILINE)
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes, *, name: str, budget: Budget) -> str:
    """The text, a UTF-8 byte order mark left out."""
    if len(content) > budget.max_bytes:
        raise DocumentInvalid(f"is {len(content)} bytes; documents are read up to {budget.max_bytes}", name=name)
    if content.startswith(_OTHER_MARKS):
        raise DocumentInvalid("is UTF-16; documents are UTF-8", name=name, line=1, hint="save it as UTF-8")
    if b"<<<<<<<" in content and (conflict := _CONFLICT.search(content)):
        line = content.count(b"\n", 0, conflict.start()) + 1
        hint = "resolve the merge: keep one side and delete the lines <<<<<<<, ======= and >>>>>>>"
        raise DocumentInvalid("holds an unresolved merge conflict", name=name, line=line, hint=hint)
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = error.object[error.start]
        raise DocumentInvalid(f"byte 0x{wrong:02x} is not UTF-8", name=name, line=line) from error
