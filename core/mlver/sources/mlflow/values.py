"""What texts and numbers in an MLflow store mean."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from hashlib import sha256

from mlver.documents.yaml_scalars import NumberTooLong, core_value
from mlver.model.data import Data
from mlver.model.status import Status
from mlver.sources.mlflow.records import Point

STATUSES = {
    "RUNNING": Status.RUNNING,
    "SCHEDULED": Status.RUNNING,
    "FINISHED": Status.DONE,
    "FAILED": Status.FAILED,
    "KILLED": Status.INTERRUPTED,
}

STATUS_NUMBERS = {"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}
"""As `meta.yaml` of a file store has them."""

PARENT_TAG = "mlflow.parentRunId"

DELETED_STAGE = "Deleted_Internal"
"""Where the registry puts a version that was deleted."""

IS_PROMPT = "mlflow.prompt.is_prompt"
"""The tag of a registered prompt, which is no model."""

_RUN_IN_SOURCE = (re.compile(r"runs:/+([^/]+)"), re.compile(r"/([0-9a-f]{32})/artifacts(?:/|$)"))

_LONGEST_TYPED = 40
_FIELDS = (2, 3, 5)
"""Of a line of a metric: old ones have no step; with five, name and digest of a data set follow, and no step either."""

_WITH_STEP = 3

_LONGEST_PLAIN = 256
"""Bytes; in a shorter line digits are a number, which need not be made to know it."""


def model_of(experiment: str) -> str:
    """A model's name out of an experiment's: `My Exp & more` -> `my-exp-more`.

    `experiment-` and a digest where nothing is left, so that two such experiments stay two.
    """
    parts = (re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in experiment.lower().split("/"))
    return "/".join(filter(None, parts)) or f"experiment-{sha256(experiment.encode()).hexdigest()[:6]}"


@lru_cache(maxsize=65_536)
def param_value(text: str) -> Data:
    """A param as a params file would give it: MLflow keeps text, and 0.1 here must be found as 0.1 elsewhere.

    What is no scalar of YAML's core schema stays text, `None` and the empty text too, and so does what would lose its
    meaning as a number: `12e4567` is more likely a commit than infinity.
    """
    if not text or len(text) > _LONGEST_TYPED:
        return text
    try:
        value = core_value(text)
    except NumberTooLong:
        return text
    is_lost = isinstance(value, float) and math.isinf(value) and "inf" not in text.lower()
    return text if is_lost else value


def seconds(milliseconds: object) -> float | None:
    """Milliseconds since the epoch as seconds; None where they are none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, (int, float)):
        return None
    return milliseconds / 1000 if 0 <= milliseconds < _LAST_MOMENT else None


_LAST_MOMENT = 253_402_300_800_000
"""The year 10000: a date beyond the calendar says nothing."""


def point(line: bytes) -> Point | None:
    """One line of a metric's file: `time value step`; None: it is none."""
    parts = line.split()
    if len(parts) not in _FIELDS:
        return None
    try:
        return Point(int(parts[2]) if len(parts) == _WITH_STEP else 0, int(parts[0]), float(parts[1]))
    except ValueError:
        return None


def only_value(content: bytes) -> float | None:
    """The value in the file of a metric that was logged once; None: it was not, or holds no value."""
    parts = content.split()
    if len(parts) != _WITH_STEP:
        return None
    time, value, step = parts
    try:
        if not (len(content) < _LONGEST_PLAIN and time.isdigit() and step.isdigit()):
            int(time), int(step)
        return float(value)
    except ValueError:
        return None


def run_of_source(source: str) -> str:
    """The id of the run whose artifact a registered version is, as far as its address says; else empty."""
    matches = (pattern.search(source) for pattern in _RUN_IN_SOURCE)
    return next((match[1] for match in matches if match), "")
