"""Files that a run's steps wrote and that the project file does not name: they are in no version, so it is said."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from mlver.model.names import PROJECT_FILE
from mlver.model.roles import DOCUMENTS, RUN_FOLDERS
from mlver.recording.layout import Layout, covers
from mlver.recording.walking import files_below

_MOST_NAMED = 5
_LOGS = (".log", ".db")
_PROSE = (".md", ".rst")
_WHERE = "(outputs:, metrics:)"


def unnamed_products(layout: Layout, top: Path, since: float, known: Container[str] = ()) -> str | None:
    """A sentence about what was written below the project's folder since that time; None: there is nothing to say.

    `top` is the folder that stands for the top of the repository, `known` has the files of the run's snapshot. Source,
    prose and declared files do not count, for a person may edit them meanwhile, nor do logs of training tools where
    the project names what it makes.
    """
    written = [path for path in _written(layout, top, since) if not _is_a_persons(layout, path, known)]
    if written:
        named = [layout.relative(path) for path in written[:_MOST_NAMED]]
        return f"the steps wrote {_listed(named, len(written))}; {PROJECT_FILE} {_names(len(written))} {_WHERE}"
    if not layout.products:
        return f"{PROJECT_FILE} names neither outputs nor metrics {_WHERE}: this version holds none"
    return None


def _written(layout: Layout, top: Path, since: float) -> Iterator[str]:
    home = layout.project.folder
    named = (*layout.products, *layout.settings_files, *layout.data_paths, *_inputs(layout))

    def is_log(path: str) -> bool:
        return bool(layout.products) and (path in RUN_FOLDERS or path.endswith(_LOGS))

    def is_closed(path: str) -> bool:
        is_neighbour = (top / home / path / PROJECT_FILE).is_file()
        return is_log(path) or is_neighbour or any(covers(pattern, layout.from_top(path)) for pattern in named)

    for path, entry in files_below(top / home, is_closed=is_closed):
        from_top = layout.from_top(path)
        if is_log(path) or any(covers(pattern, from_top) for pattern in named):
            continue
        with suppress(OSError):  # it is gone again
            if entry.stat(follow_symlinks=False).st_mtime >= since:
                yield from_top


def _is_a_persons(layout: Layout, path: str, known: Container[str]) -> bool:
    """Whether a person writes it; a document that came to be during the run may be what was measured."""
    return path.endswith(_PROSE) or (layout.is_source(path) and (path in known or not path.endswith(DOCUMENTS)))


def _inputs(layout: Layout) -> Iterator[str]:
    """Declared inputs; the whole project as one says nothing of what its steps write."""
    for step in layout.project.steps:
        yield from (path for path in layout.all_from_top(step.inputs) if path not in {".", layout.project.folder})


def _listed(paths: Sequence[str], count: int) -> str:
    if count > len(paths):
        return f"{', '.join(paths)} and {count - len(paths)} more"
    return " and ".join(part for part in (", ".join(paths[:-1]), paths[-1]) if part)


def _names(count: int) -> str:
    if count == 1:
        return "does not name it"
    return "names neither" if count == 2 else "names none of them"  # noqa: PLR2004 two is what neither means
