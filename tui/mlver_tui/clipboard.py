"""Which way text comes to the user's clipboard. A program is started only when something is yanked."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from msgspec import Struct

from mlver_tui.user_programs import feed_program, find_program

MOST_BYTES_OF_SEQUENCE = 74_000
"""Terminals take no more in one clipboard sequence."""
_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_TOOLS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)
"""The variable that says that it can work, and how it is told to take its input."""


class Route(Struct, frozen=True):
    """One way to the clipboard."""

    name: str
    """What a person is told: `by tmux`."""
    command: tuple[str, ...] = ()
    """What is started, the text on its input; nothing: the terminal is told by its own sequence."""


SEQUENCE = Route("by the terminal's clipboard sequence (OSC 52)")


def route_of(environment: Mapping[str, str], platform: str = sys.platform) -> Route:
    """The way that works here: tmux drops the terminal's sequence, over ssh a tool would copy to the far machine."""
    if environment.get("TMUX") and (tmux := find_program("tmux", environment)):
        return Route("by tmux", (tmux, "load-buffer", "-w", "-"))
    if any(environment.get(name) for name in _REMOTE):
        return SEQUENCE
    if platform == "darwin" and (pbcopy := find_program("pbcopy", environment)):
        return Route("by pbcopy", (pbcopy,))
    for variable, (name, *options) in _TOOLS:
        if environment.get(variable) and (program := find_program(name, environment)):
            return Route(f"by {name}", (program, *options))
    return SEQUENCE


def give(route: Route, text: str, environment: Mapping[str, str]) -> str:
    """Hand the text to the program of a route; what went wrong, nothing when it took it."""
    ended = feed_program(route.command, text, environment)
    problem = ended.problem or (f"ended with {ended.code}" if ended.code else "")
    return f"{route.command[0]} {problem}" if problem else ""


def clean(text: str) -> str:
    """The text without what a terminal or a shell that it is pasted into would obey."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
