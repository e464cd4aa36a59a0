"""Which model is meant on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from mlver.errors import VersionNotFound


def no_such_model(model: str, known: Iterable[str]) -> VersionNotFound:
    """The answer to a model that is not there, with the nearest that is."""
    from difflib import get_close_matches

    models = sorted(set(known))
    near = get_close_matches(model, models, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(models) or 'none yet'}"
    return VersionNotFound(f"no model is called '{model}'", hint=hint)
