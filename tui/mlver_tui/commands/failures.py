"""What ends a command early, as one clear message and an exit code; never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from mlver.errors import MlverError
from mlver_tui.commands.settings import read_settings
from mlver_tui.native_noise import without_panics

FINE, FAILED, USAGE, NOTHING_FOUND = 0, 1, 2, 3
INCOMPLETE = 4
"""A limit was hit: what was printed is not all there is."""
INTERRUPTED = 130


def exit_code_of(work: Callable[[], int]) -> int:
    """Do the work and give its exit code; what is raised is told on the errors."""
    try:
        code = without_panics(work)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        _tell("interrupted")
        return INTERRUPTED
    except MlverError as error:
        _tell(error.message, error.hint)
        return error.exit_code
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 the last line of defence: a person gets a sentence, a file gets the rest
        return _unforeseen(error)
    return code


def _tell(message: str, hint: str = "") -> None:
    """`error: ...` and, when there is something to do about it, `hint: ...`."""
    # Loaded only when something failed: `mlver --help` prints by click alone.
    from mlver_tui.commands.console import Console
    from mlver_tui.view_models.spans import Span, Tone, line

    console = Console(read_settings())
    first, *more = message.splitlines() or [""]
    console.say(line(Span("error: ", Tone.WARNING), console.glyphs.data(first)))
    console.say(*(line("       ", console.glyphs.data(one)) for one in more))
    if hint:
        console.say(line(Span("hint: ", Tone.ACCENT), console.glyphs.data(hint)))


def _reader_left() -> int:
    """`mlver list | head` has what it wanted. What is still buffered goes nowhere, so that the end is quiet."""
    _drop_output()
    return FINE


def _drop_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _unforeseen(error: Exception) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()  # a full disk behind the output would fail again when the program ends
    where = _kept_trace(error)
    if isinstance(error, OSError):
        # The system's doing: a full disk, a folder that may not be read. Its own words are the clearest.
        named = f": {error.filename}" if error.filename else ""
        _tell(f"{error.strerror or error}{named}", f"{where} says where" if where else "")
        return FAILED
    hint = f"this should not happen; please report it with {where}" if where else "this should not happen"
    _tell(f"{type(error).__name__}: {error}", hint)
    return FAILED


def _kept_trace(error: Exception) -> Path | None:
    """The file that the whole story was written to; None where that was not possible."""
    import traceback

    target = read_settings().state / "last-failure.txt"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return target
