"""Whether a commit of a plain repository says anything of a model."""

from __future__ import annotations

from mlver.sources.survey import Survey


def is_plain(survey: Survey) -> bool:  # noqa: ARG001 - its reader comes next
    """Whether there is a config or a metrics file."""
    return False
