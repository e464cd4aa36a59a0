"""What can be yanked of a version, a change or a matrix: references, digests, values, commands, whole comparisons."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mlver.model.change import Missing
from mlver_tui.activity import command_at
from mlver_tui.view_models.detail import DetailTab
from mlver_tui.view_models.receipt import param_leaves

if TYPE_CHECKING:  # the list needs these functions before its first rows, and nothing of what they are about
    from mlver.model.comparison import Comparison
    from mlver.model.data import Data
    from mlver.model.manifest import Artifact
    from mlver.model.matrix import Matrix, MatrixRow
    from mlver.model.version import Version, VersionRow
    from mlver_tui.view_models.change_rows import ChangeRow

_SHORT_ID = 12
_MOST = 200
"""Of params, metrics and files; an export has all."""


class Yankable(Struct, frozen=True, kw_only=True):
    """Something that can be put on the clipboard."""

    label: str
    shown: str
    """A short look at it, unsanitised; empty for what is made only when it is wanted."""
    make: Callable[[], str]
    key: str = ""
    """Its letter in the menu."""
    is_command: bool = False
    """A command of `mlver`: it is told with the place it works on."""


def given(key: str, label: str, text: str | None) -> Iterator[Yankable]:
    """A text that is there already; none, where there is none."""
    if text:
        yield Yankable(key=key, label=label, shown=text, make=lambda: text)


def command_given(key: str, command: str) -> Iterator[Yankable]:
    """A command of `mlver`; none, where there is none."""
    return (replace(one, is_command=True) for one in given(key, "command", command))


def told_at(place: str, one: Yankable) -> Yankable:
    """The same; of a command the one that works where the user stands."""
    if not one.is_command:
        return one
    command = command_at(place, one.shown)
    return replace(one, shown=command, make=lambda: command)


def called(row: VersionRow, rows: Sequence[VersionRow] = ()) -> str:
    """What a command takes for the version: its name, with its model where another model has that name too.

    Where that would say nothing, or be an option or no text, it is the id.
    """
    others = [other for other in rows if other.name == row.name and other.key != row.key]
    if row.name.startswith("-") or not row.name.isprintable() or any(other.model == row.model for other in others):
        return row.run or row.commit[:_SHORT_ID]
    return shlex.quote(f"{row.model}@{row.name}" if others else row.name)


def command_of(verb: str, rows: Sequence[VersionRow], all_rows: Sequence[VersionRow] = ()) -> str:
    """`mlver diff v1.1.0 v1.4.0`."""
    return " ".join(("mlver", verb, *(called(row, all_rows) for row in rows)))


def list_command(form: str, model: str | None, words: str) -> str:
    """`mlver list --format csv --model digits --where 'is:worth'`."""
    options = ["--json"] if form == "json" else ["--format", form]
    options += ["--model", shlex.quote(model)] if model else []
    options += ["--where", shlex.quote(words)] if words else []
    return " ".join(("mlver list", *options))


def version_yanks(row: VersionRow, rows: Sequence[VersionRow]) -> list[Yankable]:
    """What names a version, and what it is."""
    metric = row.primary_metric
    return [
        *given("n", "name", row.name),
        *given("i", "run id", row.run),
        *given("c", "commit", row.commit),
        *given("r", "ref", row.ref),
        *given("d", "recipe digest", row.recipe),
        *given("e", "result digest", row.result),
        *given("v", row.primary or "", _text(metric.value) if metric else None),
        *command_given("m", command_of("show", [row], rows)),
    ]


def side_yanks(side: str, row: VersionRow) -> list[Yankable]:
    """What names one of two versions."""
    return [
        *given("", f"name of {side}", row.name),
        *given("", f"run id of {side}", row.run),
        *given("", f"commit of {side}", row.commit),
    ]


def plain_name(row: VersionRow) -> str:
    """The version's name as a part of a file's."""
    return re.sub(r"[^\w.+-]+", "_", row.name).lstrip("._-")[:_LONGEST_NAME] or "version"


_LONGEST_NAME = 60


def part_yanks(version: Version, tab: DetailTab) -> list[Yankable]:
    """The params, metrics or files of a version, whichever its tab shows."""
    manifest = version.manifest
    made: list[Yankable] = []
    if tab is DetailTab.PARAMS:
        for path, value in param_leaves(manifest.params):
            made += given("", path, _text(value))
    elif tab is DetailTab.METRICS:
        for name, metric in manifest.metrics.items():
            made += given("", name, _text(metric.value))
    elif tab is DetailTab.FILES:
        for artifact in manifest.artifacts:
            made += artifact_yanks(artifact)
    return made[:_MOST]


def artifact_yanks(artifact: Artifact) -> list[Yankable]:
    """Where an output lies, and the digest of its content."""
    return [*given("", "path", artifact.path), *given("", f"digest of {artifact.path}", artifact.digest)]


def comparison_yanks(
    row: ChangeRow | None, comparison: Comparison, command: str, whole: Callable[[str], str]
) -> list[Yankable]:
    """What is under the cursor, the command, all of it, and what names the two versions."""
    return [
        *(_change_yanks(row, comparison) if row else []),
        *command_given("m", command),
        *whole_yanks({"t": "txt", "s": "json", "w": "md"}, whole),
        *side_yanks("A", comparison.before.row),
        *side_yanks("B", comparison.after.row),
    ]


def _change_yanks(row: ChangeRow, comparison: Comparison) -> list[Yankable]:
    """The name and both values of what is under the cursor; of a file the digests."""
    node = row.node
    made = [*given("p", "path" if _artifacts(row, comparison) else "key", row.name)]
    for key, side, value in (("a", "A", node.before), ("b", "B", node.after)):
        if not isinstance(value, Missing) and not node.children:
            made += given(key, f"value in {side}", _text(value))
    for side, artifact in _artifacts(row, comparison):
        made += given("", f"digest in {side}", artifact.digest)
    return made


def _text(value: Data) -> str:
    """As it would be typed into a file of params: text plain, all else as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def matrix_yanks(matrix: Matrix, row: MatrixRow | None, column: int, whole: Callable[[str], str]) -> list[Yankable]:
    """The value and the name under the cursor, the versions, and all of it."""
    made: list[Yankable] = []
    if row is not None:
        made += given("n", "name of the row", row.name)
        value = row.values[column] if column < len(row.values) else None
        if value is not None and not isinstance(value, Missing):
            made += given("v", "value", _text(value))
    made += command_given("m", command_of("diff", [column.row for column in matrix.columns]))
    return [*made, *whole_yanks({"c": "csv", "w": "md", "s": "json"}, whole)]


def whole_yanks(forms: Mapping[str, str], make: Callable[[str], str]) -> list[Yankable]:
    """All that is compared, in each form; made only when it is wanted."""
    return [
        Yankable(key=key, label=f"all of it as {_FORMS[form]}", shown="", make=partial(make, form))
        for key, form in forms.items()
    ]


_FORMS = {"csv": "CSV", "md": "Markdown", "json": "JSON", "txt": "text"}


def _artifacts(row: ChangeRow, comparison: Comparison) -> list[tuple[str, Artifact]]:
    """The outputs of that path on both sides."""
    sides = (("A", comparison.before), ("B", comparison.after))
    return [
        (side, artifact)
        for side, version in sides
        for artifact in version.manifest.artifacts
        if artifact.path == row.path[0]
    ]
