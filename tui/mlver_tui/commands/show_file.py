"""`mlver show V:path`: a file of a version. A program gets its bytes, a person the text or what its format says."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.errors import BadArgument
from mlver_tui.commands.failures import FINE, INCOMPLETE
from mlver_tui.commands.invocation import Invocation
from mlver_tui.commands.named_files import NamedFiles, path_in
from mlver_tui.native_noise import own_words_only
from mlver_tui.view_models.file_contents import FileContents
from mlver_tui.view_models.text import sanitise_lines

if TYPE_CHECKING:
    from mlver.model.change import Change
    from mlver.project import Described
    from mlver_tui.commands.json_output import Json


class WantedOfFile(Struct, frozen=True, kw_only=True):
    """What the options ask for."""

    as_json: bool
    everything: bool

    @property
    def is_the_file_itself(self) -> bool:
        """Whether nothing was asked for but the file."""
        return not (self.as_json or self.everything)


@own_words_only()
def show_file(invocation: Invocation, name: str, wanted: WantedOfFile) -> int:
    """Print the file, or what it holds; the exit code is that of `mlver show`."""
    from mlver.project import describe_file, file_pieces

    path = path_in(name)
    with ExitStack() as stack:
        content = NamedFiles(invocation, stack).content(name)
        if isinstance(content, Path) and content.is_dir():
            raise BadArgument(f"{path} is a folder", hint=f"name a file in it: {name.rstrip('/')}/FILE")
        if wanted.is_the_file_itself and not invocation.console.is_terminal:
            for piece in file_pieces(content):
                invocation.console.show_bytes(piece)
            return FINE
        found = describe_file(path, content)
    if wanted.as_json:
        _show_json(invocation, name, found)
    elif found.text is not None:
        _show_text(invocation, found.text)
    elif found.told is not None:
        console = invocation.console
        contents = FileContents(
            name=name,
            form=found.form,
            size=found.size,
            told=found.told,
            everything=wanted.everything,
            glyphs=console.glyphs,
        )
        console.show_all(contents.lines(console.width))
    return FINE if found.told is None or found.told.complete else INCOMPLETE


def _show_text(invocation: Invocation, text: bytes) -> None:
    """Safe where a person reads it; to a program the bytes are given as they are."""
    console = invocation.console
    if not console.is_terminal:
        console.show_bytes(text)
        return
    lines = sanitise_lines(text.decode("utf-8", "backslashreplace"))
    console.show_text("".join(f"{console.glyphs.data(one)}\n" for one in lines))


def _show_json(invocation: Invocation, name: str, found: Described) -> None:
    from mlver_tui.commands.json_output import json_text

    told = found.told
    document: dict[str, Json] = {"file": name, "format": found.form, "size": found.size}
    if found.text is not None:
        document["text"] = found.text.decode("utf-8", "backslashreplace")
    if told is not None:
        document |= {"note": told.note, "details": list(told.details), "contents": _documents(told)}
    document["complete"] = told is None or told.complete
    invocation.console.show_text(json_text(document))


def _documents(told: Change) -> list[Json]:
    from mlver.model.change import Missing
    from mlver_tui.commands.json_output import plain

    return [
        {
            "name": node.label,
            "note": node.note,
            **({} if isinstance(node.after, Missing) else {"value": plain(node.after)}),
            **({"contents": _documents(node)} if node.children else {}),
        }
        for node in told.children
    ]
