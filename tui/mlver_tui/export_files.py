"""Files that the user names to have something written into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from mlver.errors import BadArgument


class NamedFile(Struct, frozen=True):
    """A file that was named."""

    path: Path
    form: str
    """What its ending asks for: `csv`."""
    is_there: bool


def named_file(typed: str, forms: Sequence[str]) -> NamedFile:
    """The file that was named, whose ending must be one of the forms. Raises BadArgument."""
    try:
        path = Path(typed.strip()).expanduser().absolute()
        is_there = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # too long, nobody's home, a zero byte
        raise BadArgument(f"{typed}: {error}", hint="name another file") from error
    form = path.suffix.removeprefix(".").lower()
    if form not in forms:
        *most, last = (f".{one}" for one in forms)
        raise BadArgument(
            f"{path.name}: in no known format", hint=f"name a file that ends in {', '.join(most)} or {last}"
        )
    return NamedFile(path, form, is_there)


def write_new_file(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises BadArgument when it is, or cannot be written."""
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        raise _not_written(path, error) from error


def replace_file(path: Path, text: str) -> None:
    """Write over a file, all of it or nothing; a link stays one. Raises BadArgument when it cannot be written."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.mlver-{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        shutil.copymode(target, beside)
        beside.replace(target)
    except (OSError, ValueError) as error:
        beside.unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError | ValueError) -> BadArgument:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return BadArgument(f"cannot write {path}: {why}", hint="name another file")
