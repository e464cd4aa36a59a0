"""Names of tags that release a version or move it between stages: the Git Tag Ops grammar, and which release is higher.

`[<folder>=]<name>@v<semver>` releases, with `!` behind it takes back; `<name>#<stage>` puts in a stage, with `!` takes
out; `<name>@deprecated` and `<name>@created` speak of the model. `#<n>` at the end lets the same happen again.
"""

from __future__ import annotations

import re

from msgspec import Struct

from mlver.model.ledger import Move

_FOLDER = r"[A-Za-z0-9_./-]+"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9/_-]*[A-Za-z0-9])?"
_NUMBER = r"(?:0|[1-9][0-9]*)"
_BEFORE_RELEASE = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = (
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-{_BEFORE_RELEASE}(?:\.{_BEFORE_RELEASE})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_TAG = re.compile(
    rf"(?P<model>(?:{_FOLDER}=)?{_NAME})"
    rf"(?:(?:#(?P<stage>{_NAME})|@(?P<version>v{_SEMVER}))(?P<back>!?)|@(?P<word>deprecated|created))"
    r"(?:#(?P<number>[0-9]{1,18}))?"
)
_LONGEST = 1_000
"""Characters; no registry has such names, and a pattern need not try them."""

_WORDS = {"deprecated": Move.DEPRECATED, "created": Move.CREATED}


class TagName(Struct, frozen=True, kw_only=True):
    """What the name of a tag says."""

    move: Move
    model: str
    """With `:` between folder and name, as people write it; in the tag it is `=`."""
    version: str | None = None
    stage: str | None = None
    number: int | None = None


def parse_name(name: str) -> TagName | None:
    """What a tag's name (without `refs/tags/`) says of a model; None: it is some other tag."""
    if len(name) > _LONGEST or ("@" not in name and "#" not in name):
        return None
    match = _TAG.fullmatch(name)
    if match is None:
        return None
    return TagName(
        move=_move(match),
        model=match["model"].replace("=", ":"),
        version=match["version"],
        stage=match["stage"],
        number=int(match["number"]) if match["number"] else None,
    )


def _move(match: re.Match[str]) -> Move:
    if match["word"]:
        return _WORDS[match["word"]]
    if match["stage"]:
        return Move.UNASSIGNED if match["back"] else Move.ASSIGNED
    return Move.DEREGISTERED if match["back"] else Move.REGISTERED


_Part = tuple[bool, int, str]
Precedence = tuple[tuple[_Part, ...], bool, tuple[_Part, ...], str]


def precedence(version: str) -> Precedence:
    """Sort key of release names, as semantic versioning orders them.

    v1.10.0 is above v1.9.0, v1.0.0 above v1.0.0-rc.10, and that above v1.0.0-rc.2.
    """
    numbered, _, build = version.removeprefix("v").partition("+")
    core, _, before = numbered.partition("-")
    return _parts(core), not before, _parts(before), build


def _parts(text: str) -> tuple[_Part, ...]:
    # Digits, which never begin with a zero, are compared by length, then as text: a number may be of any length.
    return tuple((False, len(one), one) if one.isdecimal() else (True, 0, one) for one in text.split("."))
