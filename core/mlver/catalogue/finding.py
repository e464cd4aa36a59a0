"""The version that a user's words mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice, takewhile
from unicodedata import normalize

from mlver.errors import VersionAmbiguous, VersionNotFound
from mlver.model.ledger import Ledger, Move
from mlver.model.moments import moment
from mlver.model.nearest import did_you_mean
from mlver.model.status import Status
from mlver.model.version import VersionRow

_LATEST = "latest"
_SHORTEST_PREFIX = 4
_SHOWN = 5
_MOST_NEAR = 3


def find_row(rows: Sequence[VersionRow], text: str) -> VersionRow:
    """The version that `text` means: an exact name, else the one that holds that stage, else a beginning of an id.

    An id is a run, a recipe or a commit, and its beginning must be unique. `latest` is the newest finished version,
    `V^` the parent of V (`V^^` its parent). `model@...` and `model/...` say which model is meant.

    Raises:
        VersionNotFound: none; the hint names the nearest.
        VersionAmbiguous: several; the hint names them.
    """
    base = text.rstrip("^")
    row = _find_base(rows, base)
    for _ in range(len(text) - len(base)):
        parent = next((other for other in rows if other.key == row.parent), None)
        if parent is None:
            raise VersionNotFound(f"{row.name} has no parent here", hint="mlver list shows what there is")
        row = parent
    return row


def taken_back(ledger: Ledger, text: str) -> VersionNotFound | None:
    """Why a release is found no more: who took it back, and when; None: there was none of that name."""
    text = text.rstrip("^")
    for event in reversed(ledger.events):
        if event.version and text in {event.version, f"{event.model}@{event.version}"}:
            if event.move is not Move.DEREGISTERED:
                return None
            who = event.author.name or event.author.email or "somebody"
            when = f" on {moment(event.made)[:10]}" if event.made is not None else ""
            return VersionNotFound(
                f"release {event.version} of {event.model} was taken back{when} by {who}",
                hint=f"its commit is {event.place[:10]}; mlver stages --history tells the rest",
            )
    return None


def row_on_commit(rows: Iterable[VersionRow], commit: str) -> VersionRow | None:
    """The version that is a commit; else the newest run whose code stood on it, as plainly as there is one."""
    known = list(rows)
    ran = [row for row in known if row.run and row.code_commit == commit]
    ran.sort(key=lambda row: (row.status is not Status.DONE, row.has_overrides, row.is_dirty, -(row.created or 0.0)))
    return next((row for row in known if row.commit == commit), None) or next(iter(ran), None)


def _find_base(rows: Sequence[VersionRow], text: str) -> VersionRow:
    called = [row for row in rows if text in row.names]
    if len(called) == 1:  # a tag or a branch may be called `digits@rc` or `digits/try`
        return called[0]
    model, asked = _split_model(rows, text)
    among = [row for row in rows if model in {None, row.model}]
    if asked == _LATEST:
        return _latest(among)
    for matches in (_exactly, _composed_alike, _holding, _beginning):
        found = [row for row in among if matches(row, asked)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _ambiguous(text, found)
    near = _near(asked, dict.fromkeys(name for row in among for name in _names(row)))
    hint = did_you_mean(repr(name) for name in near) or "mlver list shows what there is"
    raise VersionNotFound(f"no version is called {text!r}", hint=hint)


def _near(asked: str, names: Collection[str]) -> list[str]:
    """The name that is spelled most alike; else those that begin with the same letters: `v1.4.0` for `v9`."""
    from difflib import get_close_matches

    letters = "".join(takewhile(str.isalpha, asked))
    alike = (name for name in names if letters and name.startswith(letters))
    return get_close_matches(asked, names, n=1) or list(islice(alike, _MOST_NEAR))


def _split_model(rows: Sequence[VersionRow], text: str) -> tuple[str | None, str]:
    models = {row.model for row in rows}
    meant = [model for model in models if text.startswith((f"{model}@", f"{model}/"))]
    model = max(meant, key=len, default=None)
    return (None, text) if model is None else (model, text[len(model) + 1 :])


def _latest(rows: Sequence[VersionRow]) -> VersionRow:
    done = [row for row in rows if row.status.value == "done" and not row.is_broken]
    if not done:
        raise VersionNotFound("there is no finished version yet", hint="mlver run records one")
    return done[0]


def _exactly(row: VersionRow, text: str) -> bool:
    return text in _names(row)


def _holding(row: VersionRow, text: str) -> bool:
    return text in row.stages


def _composed_alike(row: VersionRow, text: str) -> bool:
    """Whether a name has the same letters: `é` is one character or two, and a keyboard gives what it gives."""
    return not text.isascii() and normalize("NFC", text) in {normalize("NFC", name) for name in _names(row)}


def _beginning(row: VersionRow, text: str) -> bool:
    if len(text) < _SHORTEST_PREFIX:
        return False
    ids = (row.run, row.commit, (row.recipe or "").removeprefix("sha256:"), row.recipe)
    return any(one and one.startswith(text) for one in ids)


def _names(row: VersionRow) -> tuple[str, ...]:
    # A registered model of a store has a name of its own: `houses@v1` is called v1 as well.
    registered = (name.rpartition("@")[2] for name in row.names if "@" in name)
    return (row.name, *row.names, *registered, row.key, row.ref, row.commit, *([row.run] if row.run else []))


def _ambiguous(text: str, found: Sequence[VersionRow]) -> VersionAmbiguous:
    named = [f"{row.model}@{row.name}" for row in found]
    # What has one name in one model is told apart by its id.
    ids = [
        name if named.count(name) == 1 else row.run or row.commit[:12] for name, row in zip(named, found, strict=True)
    ]
    # A run that two stores have is told apart by where it is.
    names = [row.key if ids.count(one) > 1 else one for one, row in zip(ids, found, strict=True)][:_SHOWN]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return VersionAmbiguous(f"{text!r} means several versions", hint=f"one of {', '.join(names)}{more}")
