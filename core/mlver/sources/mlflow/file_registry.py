"""The model registry of a file store: `models/<name>/version-<n>/` and `models/<name>/aliases/`."""

from __future__ import annotations

from collections.abc import Iterator

from mlver.errors import MlverError
from mlver.sources.mlflow.folder import Folder, files_below
from mlver.sources.mlflow.meta import Meta, read_meta
from mlver.sources.mlflow.records import RegisteredVersion
from mlver.sources.mlflow.values import DELETED_STAGE, IS_PROMPT, run_of_source, seconds

_VERSION = "version-"
_ALIAS_LIMIT = 1024


def registered_versions(folder: Folder, top: str) -> tuple[tuple[RegisteredVersion, ...], tuple[str, ...]]:
    """The versions that are not deleted, and what could not be read."""
    found: list[RegisteredVersion] = []
    problems: list[str] = []
    for name, is_folder in sorted(folder.names(top).items()):
        if not is_folder:
            continue
        try:
            found.extend(_of_model(folder, f"{top}/{name}", problems))
        except MlverError as error:
            problems.append(error.message)
    return tuple(found), tuple(problems)


def _of_model(folder: Folder, path: str, problems: list[str]) -> Iterator[RegisteredVersion]:
    meta = read_meta(folder, path)
    if meta is None or _text(folder, f"{path}/tags/{IS_PROMPT}") == "true":
        return
    model = meta.text("name") or path.rpartition("/")[2]
    aliases = {name: _text(folder, f"{path}/aliases/{name}") for name in files_below(folder, f"{path}/aliases")}
    for name in sorted(folder.names(path)):
        number = name.removeprefix(_VERSION)
        if not (name.startswith(_VERSION) and number.isdecimal() and len(number) < _MOST_DIGITS):
            continue
        try:
            version = read_meta(folder, f"{path}/{name}")
        except MlverError as error:
            problems.append(error.message)
            continue
        if version is not None and version.text("current_stage") != DELETED_STAGE:
            held = tuple(sorted(alias for alias, holder in aliases.items() if holder == number))
            yield _version(model, int(number), held, version, f"{path}/{name}")


_MOST_DIGITS = 10


def _version(model: str, number: int, aliases: tuple[str, ...], meta: Meta, entry: str) -> RegisteredVersion:
    return RegisteredVersion(
        model=model,
        version=number,
        run_id=meta.text("run_id") or run_of_source(meta.text("source")),
        stage=meta.text("current_stage"),
        aliases=aliases,
        created=seconds(meta.number("creation_timestamp")),
        user=meta.text("user_id"),
        description=meta.text("description"),
        entry=entry,
    )


def _text(folder: Folder, path: str) -> str:
    try:
        return folder.read(path, _ALIAS_LIMIT).decode("utf-8", "replace").strip()
    except MlverError:
        return ""
