"""The words both files use: names, paths, digests, moments, goals and tolerances."""

from __future__ import annotations

import math
import re

from mlver.manifests.shapes import At, Misshapen, Reader, filled_text, one_of, text
from mlver.model.data import Data
from mlver.model.manifest import FORMAT
from mlver.model.metric import Goal, Tolerance
from mlver.model.names import MODEL_NAME, RUN_ID


def spelled(pattern: re.Pattern[str], what: str) -> Reader[str]:
    """Text of a given form."""

    def read(value: Data, at: At) -> str:
        found = text(value, at)
        if not pattern.fullmatch(found):
            raise Misshapen(f"must be {what}, here it is {found[:80]!r}", at)
        return found

    return read


model_name = spelled(MODEL_NAME, "a model name: lower-case letters, digits, - and /")
run_id = spelled(RUN_ID, "a run id: r3fa92c1e-k7q2mx")
sha256 = spelled(re.compile("[0-9a-f]{64}"), "a sha256: 64 hexadecimal digits")
digest = spelled(re.compile("sha256:[0-9a-f]{64}"), "a digest: sha256: and 64 hexadecimal digits")
git_id = spelled(re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?"), "a git object id: 40 hexadecimal digits")
moment = spelled(
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z"),
    "a moment in UTC: 2026-11-21T10:00:00Z",
)


def path(value: Data, at: At) -> str:
    """A path from the top of the repository, with `/`, that stays inside it and out of git's own folder."""
    found = text(value, at)
    if "\\" in found or "\0" in found:
        raise Misshapen(f"{found[:80]!r} is no path: paths are written with /", at)
    if not found or found[0] == "/":
        raise Misshapen(f"{found[:80]!r} must be a path inside the repository", at)
    if "." in found and not _FORBIDDEN.isdisjoint(found.lower().split("/")):
        raise Misshapen(f"{found[:80]!r} leaves the repository or enters .git", at)
    return found


_FORBIDDEN = frozenset(["..", ".git"])


def format_number(value: Data, at: At) -> int:
    """The number behind `mlver:`; only the one this mlver reads."""
    if isinstance(value, bool) or value != FORMAT:
        shown = value if isinstance(value, (int, float, str)) else "something else"
        raise Misshapen(
            f"this mlver reads `mlver: {FORMAT}`, the file says {shown!r}", at, hint="a newer mlver may read it"
        )
    return FORMAT


def of_this_format(data: Data, at: At) -> Data:
    """The data of a whole file, its format looked at before anything else: another one may have other shapes."""
    if isinstance(data, dict) and "mlver" in data:
        format_number(data["mlver"], (at, "mlver"))
    return data


def tolerance(value: Data, at: At) -> Tolerance:
    """`0.005` in the metric's unit, or `5%` of the value before."""
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        return Tolerance(float(found.group(1)), percent=True)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 <= float(value) < math.inf:  # type: ignore[arg-type]  # it is a number here
        raise Misshapen(f"must be a number or a percentage, 0.005 or 5%, here it is {value!r:.40}", at)
    return Tolerance(float(value))  # type: ignore[arg-type]  # it is a number here


_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?(?:e[-+]?[0-9]{1,2})?)[ ]?%")

goal = one_of(
    {
        "maximise": Goal.MAXIMISE,
        "minimise": Goal.MINIMISE,
        "maximize": Goal.MAXIMISE,
        "minimize": Goal.MINIMISE,
        "max": Goal.MAXIMISE,
        "min": Goal.MINIMISE,
    }
)


def command(value: Data, at: At) -> str | tuple[str, ...]:
    """A line for the shell, or a program with its arguments as a list."""
    if isinstance(value, list):
        if not value:
            raise Misshapen("must name a program", at)
        return tuple([text(word, (at, index)) for index, word in enumerate(value)])
    return filled_text(value, at)
