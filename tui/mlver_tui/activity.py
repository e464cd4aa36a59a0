"""What the explorer did in this session, each with the command that does the same."""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from mlver.errors import Interrupted, MlverError

MOST_REMEMBERED = 1000


class Activity(Struct, frozen=True, kw_only=True):
    """Something that was done; unsanitised."""

    said: str
    """`compare v1.1.0 with v1.4.0`."""
    command: str = ""
    """The equal command of `mlver`; empty: there is none."""
    at: float
    """When it began, seconds since the epoch."""
    took_s: float
    outcome: str = ""
    """What came of it; empty: it went well."""
    times: int = 1
    """How often it was done and came to the same, with nothing else between; the time is that of the last."""


def command_at(place: str, command: str) -> str:
    """The command of `mlver` as it works wherever the user stands: `mlver -C '/data/mlflow.db' list`.

    Args:
        place: what is explored; empty: what the command works on where the user stands.
        command: `mlver list`; empty: there is none.
    """
    program, _, rest = command.partition(" ")
    return f"{program} -C {shlex.quote(place)} {rest}" if place and command else command


class Activities:
    """The newest last; the oldest of very many are forgotten."""

    def __init__(self, clock: Callable[[], float], place: str = "") -> None:
        self._clock, self._place = clock, place
        self._done: deque[Activity] = deque(maxlen=MOST_REMEMBERED)
        self._remembering = Lock()

    def __iter__(self) -> Iterator[Activity]:
        return iter(tuple(self._done))

    def add(self, said: str, command: str = "", outcome: str = "") -> None:
        """Remember what took no time."""
        self._remember(Activity(said=said, command=command, at=self._clock(), took_s=0.0, outcome=outcome))

    @contextmanager
    def doing(self, said: str, command: str = "") -> Iterator[None]:
        """Remember what is done inside, how long it takes and how it ends; from any thread."""
        began, outcome = self._clock(), "stopped"  # unless something tells otherwise
        try:
            yield
            outcome = ""
        except Interrupted:
            raise
        except MlverError as error:
            outcome = error.message
            raise
        finally:
            took_s = self._clock() - began
            self._remember(Activity(said=said, command=command, at=began, took_s=took_s, outcome=outcome))

    def _remember(self, new: Activity) -> None:
        """What is done again and again, as looking at a repository that changes, is one line and hides nothing."""
        new = replace(new, command=command_at(self._place, new.command))
        with self._remembering:
            last = self._done[-1] if self._done else None
            if last and (last.said, last.command, last.outcome) == (new.said, new.command, new.outcome):
                self._done[-1] = replace(new, times=last.times + 1)
            else:
                self._done.append(new)
