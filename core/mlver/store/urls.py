"""URLs without what is nobody's business."""

from __future__ import annotations

import re

_URL_USER = re.compile(r"(?:(?<=://)|^)[^/\s]*@(?=[^/\s])")


def without_user(text: str) -> str:
    """The text with the user part of every URL in it left out: `https://TOKEN@host/x` -> `https://host/x`.

    A text that is itself in the short form of ssh loses it too: `git@host:x` -> `host:x`.
    """
    return _URL_USER.sub("", text)
