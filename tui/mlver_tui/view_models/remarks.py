"""What is remarked about a thing, by the tool that compared it and by those that looked inside: each of it once."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[^\s(),;]+")


def said_once(remarks: Iterable[str]) -> list[str]:
    """The remarks without those that another says too, with all their words: `rows +400` in `1037 rows (+400)`."""
    kept: list[tuple[str, frozenset[str]]] = []
    for remark in filter(None, remarks):
        words = frozenset(_WORDS.findall(remark.casefold()))
        if any(words <= others for _, others in kept):
            continue
        kept = [(said, others) for said, others in kept if not others < words]
        kept.append((remark, words))
    return [said for said, _ in kept]
