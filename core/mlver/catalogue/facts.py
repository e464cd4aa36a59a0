"""What a commit alone determines about a version: the part of a row that is worth remembering."""

from __future__ import annotations

import json

from mlver.catalogue.seeing import Seen
from mlver.catalogue.stored import Facts
from mlver.catalogue.texts import metrics_text
from mlver.comparing.strip import Background, strip_and_title
from mlver.model.canonical import canonical_json
from mlver.model.manifest import Manifest
from mlver.model.moments import seconds_of
from mlver.model.version import NO_STRIP


def facts_of(
    commit_id: str,
    manifest: Manifest,
    parent: Manifest | None,
    background: Background,
    compared: str,
) -> Facts:
    """The facts of a readable version; `parent` None: it has none, or it is not here."""
    strip, title = strip_and_title(manifest, parent, background)
    return Facts(
        commit_id=commit_id,
        model=manifest.model,
        run=manifest.run,
        status=manifest.status.value,
        created=seconds_of(manifest.created),
        author=manifest.author.name,
        reason=manifest.reason,
        title=title,
        strip=strip,
        recipe=manifest.recipe,
        family=manifest.family,
        result=manifest.result,
        parent=manifest.parent,
        compared=compared,
        primary_metric=manifest.primary_metric,
        metrics=metrics_text(manifest.metrics),
        tags=canonical_json(manifest.tags).decode(),
        code_commit=manifest.code.commit,
        has_overrides=int(any(isinstance(part, dict) and part.get("set") for part in manifest.params_from.values())),
        is_dirty=int(bool(manifest.code.dirty)),
        problem=manifest.problem,
        is_broken=0,
        absent=json.dumps(manifest.absent),
    )


def broken_facts(seen: Seen, run: str | None, problem: str, *, is_partial: bool = False) -> Facts:
    """The facts of a version that cannot be read: one marked row."""
    return Facts(
        commit_id=seen.commit_id,
        model=seen.model,
        run=run,
        status="failed",
        created=None,
        author="",
        reason=None,
        title=problem,
        strip=NO_STRIP,
        recipe=None,
        family=None,
        result=None,
        parent=None,
        compared="",
        primary_metric=None,
        metrics="{}",
        tags="{}",
        code_commit=None,
        has_overrides=0,
        is_dirty=0,
        problem=problem,
        is_broken=1,
        is_partial=int(is_partial),
    )
