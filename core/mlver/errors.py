"""Every intended failure of mlver.

MlverError                      what a front end catches; has a message and a hint
├── InvalidInput                the user's words or files are wrong             (exit code 2)
│   ├── DocumentInvalid         YAML, JSON or TOML that cannot be read; names file and line
│   ├── ProjectFileInvalid      mlver.yaml breaks its rules; names file, line and key
│   ├── ManifestInvalid         a recorded version's manifest breaks its rules
│   ├── BadArgument             a value given on the command line or in a dialog
│   ├── FilterInvalid           a filter that means nothing; says where in it
│   │   └── FieldUnknown        there is no such field
│   └── RunRefused              a run that would record something wrong was not started
│       ├── WorkingTreeBusy     another run is under way in this working tree
│       └── SecretFound         a file to be recorded holds what looks like a secret
├── NothingFound                there is nothing by that name                    (exit code 3)
│   ├── NotARepository          the folder is in no git repository
│   ├── NoProjectFile           no mlver.yaml where one is needed
│   ├── NoVersions              the repository has no versions yet
│   ├── VersionNotFound         no version by that name
│   ├── VersionAmbiguous        several versions by that name
│   └── FileNotFoundInVersion   the version has no such file
├── StoreFailed                 git or the object store could not do it          (exit code 1)
│   ├── RepositoryDamaged       an object is unreadable or not what it should be
│   ├── ObjectMissing           an object is not present here
│   ├── RefExists               add-if-absent found the ref present
│   ├── RefMoved                compare-and-swap found another value
│   ├── ReadOnly                the git directory cannot be written
│   └── StorageFull             the disk is full
├── RunFailed                   a step failed, or what it should have made is missing (exit code 1)
├── ReplayRefused               a replay that cannot work was not started        (exit code 1)
├── LimitReached                a budget was spent before the answer was whole   (exit code 4)
└── Interrupted                 the user stopped it                              (exit code 130)
"""

from __future__ import annotations

from unicodedata import east_asian_width


class MlverError(Exception):
    """A failure mlver foresees: what is wrong, and what the user can do."""

    exit_code = 1
    """What the commands exit with when this ends them."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def add_hint(self, more: str) -> None:
        """Say besides what whoever raised it could not know."""
        self.hint = f"{self.hint}; {more}" if self.hint else more


class InvalidInput(MlverError):
    """The user's words or files are wrong."""

    exit_code = 2


class DocumentInvalid(InvalidInput):
    """A YAML, JSON or TOML text cannot be read."""

    def __init__(self, problem: str, *, name: str, line: int | None = None, key: str = "", hint: str = "") -> None:
        """Name the place: `name` is the file as the user knows it, `line` counts from 1, `key` is dotted."""
        place = f"{name}:{line}" if line else name
        super().__init__(f"{place}: {key + ': ' if key else ''}{problem}", hint=hint)
        self.problem = problem
        self.name = name
        self.line = line
        self.key = key


class ProjectFileInvalid(DocumentInvalid):
    """mlver.yaml breaks its rules."""


class ManifestInvalid(DocumentInvalid):
    """A recorded version's manifest breaks its rules."""


class BadArgument(InvalidInput):
    """A value given on the command line or in a dialog is wrong."""


class FilterInvalid(InvalidInput):
    """A filter means nothing, or asks what nobody can answer."""

    def __init__(self, problem: str, *, text: str, start: int, end: int | None = None, hint: str = "") -> None:
        """`start` and `end` are characters of `text`, from 0; without an end it is one character."""
        self.problem = problem
        self.text = text
        self.start = start
        self.end = max(start + 1, end or 0)
        # Any blank is one blank, so that the filter is one line and the mark stands under the mistake.
        shown = "".join(" " if one.isspace() else one for one in text)
        before = sum(2 if east_asian_width(one) in "WF" else 1 for one in text[:start])
        super().__init__(f"{problem}\n{shown}\n{' ' * before}{'^' * (self.end - start)}", hint=hint)


class FieldUnknown(FilterInvalid):
    """A filter asks about a field that is none."""

    def __init__(self, name: str, *, text: str, start: int, end: int, near: tuple[str, ...] = ()) -> None:
        """`near`: the fields that may be meant."""
        self.name = name
        self.near = near
        hint = (
            f"did you mean {' or '.join(near)}?" if near else "metric.NAME and param.NAME ask about metrics and params."
        )
        problem, more = f"no field is called {name!r}", "Words with a sign in them need quotes"
        super().__init__(problem, text=text, start=start, end=end, hint=f"{hint} {more}")


class RunRefused(InvalidInput):
    """A run that would record something wrong was not started."""


class WorkingTreeBusy(RunRefused):
    """Another run is under way in this working tree."""


class SecretFound(RunRefused):
    """A file to be recorded holds what looks like a secret."""


class NothingFound(MlverError):
    """There is nothing by that name."""

    exit_code = 3


class NotARepository(NothingFound):
    """The folder is in no git repository."""


class NoProjectFile(NothingFound):
    """No mlver.yaml where one is needed."""


class NoVersions(NothingFound):
    """The repository has no versions yet."""


class VersionNotFound(NothingFound):
    """No version goes by that name."""


class VersionAmbiguous(NothingFound):
    """Several versions go by that name."""


class FileNotFoundInVersion(NothingFound):
    """The version has no such file."""


class StoreFailed(MlverError):
    """Git or the object store could not do what was asked."""


class RepositoryDamaged(StoreFailed):
    """An object is unreadable, or is not what it should be."""


class ObjectMissing(StoreFailed):
    """An object is not present here (a partial or shallow clone, a pruned store)."""


class RefExists(StoreFailed):
    """Add-if-absent found the ref present."""


class RefMoved(StoreFailed):
    """Compare-and-swap found another value than expected."""


class ReadOnly(StoreFailed):
    """The git directory cannot be written."""


class StorageFull(StoreFailed):
    """The disk is full."""


class RunFailed(MlverError):
    """A step failed, or what it should have made is missing."""


class ReplayRefused(MlverError):
    """A replay that cannot work was not started."""


class LimitReached(MlverError):
    """A budget was spent before the answer was whole."""

    exit_code = 4


class LibraryPanicked(MlverError):
    """A compiled library gave up half-way."""

    def __init__(self, said: str) -> None:
        first = said.partition("\n")[0]
        super().__init__(
            f"a library gave up on what it was to read: {first}",
            hint="the file may be damaged; please report one that is not",
        )


class Interrupted(MlverError):
    """The user stopped it."""

    exit_code = 130
