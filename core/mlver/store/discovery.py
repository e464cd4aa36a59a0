"""Finds the repository a folder belongs to, without starting git and without the home folder."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from mlver.errors import NotARepository, RepositoryDamaged, StoreFailed

if TYPE_CHECKING:
    from dulwich.config import ConfigFile

_CONFIG_LIMIT = 4 << 20

_HARMLESS_EXTENSIONS = {
    b"noop", b"noop-v1", b"objectformat", b"partialclone", b"preciousobjects", b"refstorage", b"relativeworktrees",
    b"worktreeconfig",
}  # fmt: skip


class Layout(Struct, frozen=True, kw_only=True):
    """Where the parts of a repository are."""

    folder: Path
    """Top of the working tree; the repository itself when it is bare."""
    git_dir: Path
    """Holds HEAD and the index of this working tree."""
    common_dir: Path
    """Holds the refs and the objects, shared by all working trees."""
    is_bare: bool
    is_partial: bool
    """A clone that left objects out on purpose."""
    remotes: dict[str, str]
    """Name -> URL as the repository's own configuration has it."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a repository is, before its configuration is read."""

    folder: Path
    """The folder that holds `.git`, or is a repository itself."""
    git_dir: Path
    common_dir: Path


def find_place(start: Path) -> Place:
    """The repository that holds the folder, searched upwards; quick. Raises NotARepository, RepositoryDamaged."""
    try:
        start = start.resolve()
        for folder in (start, *start.parents):
            git_dir = _git_dir_of(folder)
            if git_dir:
                return Place(folder=folder, git_dir=git_dir, common_dir=_common_dir(git_dir))
    except (OSError, RuntimeError, ValueError) as error:
        raise NotARepository(f"{start} cannot be searched: {error}") from error
    raise NotARepository(f"{start} is in no git repository", hint="run inside a repository, or try: mlver-tui --demo")


def find_layout(start: Path) -> Layout:
    """The repository that holds the folder, and what it says of itself.

    Raises NotARepository, RepositoryDamaged, StoreFailed.
    """
    place = find_place(start)
    try:
        return _layout(place.folder, place.git_dir)
    except (OSError, RuntimeError, ValueError) as error:
        raise NotARepository(f"{place.git_dir} cannot be read: {error}") from error


def _git_dir_of(folder: Path) -> Path | None:
    dot_git = folder / ".git"
    if dot_git.is_file():
        return _linked_git_dir(dot_git)
    for candidate in (dot_git, folder):
        if _is_git_dir(candidate):
            return candidate
    return None


def _linked_git_dir(dot_git: Path) -> Path:
    """Follow the one-line file a linked working tree or a submodule has in place of the folder."""
    content = _content(dot_git) or b""
    if not content.startswith(b"gitdir: "):
        raise RepositoryDamaged(f"{dot_git} does not say where its repository is")
    git_dir = dot_git.parent / _path(content.removeprefix(b"gitdir: "))
    if not _is_git_dir(git_dir):
        raise RepositoryDamaged(
            f"{dot_git} points to {git_dir}, where no repository is", hint="if it was moved: git worktree repair"
        )
    return git_dir.resolve()


def _is_git_dir(folder: Path) -> bool:
    if not (folder / "HEAD").is_file() and not (folder / "HEAD").is_symlink():
        return False
    common = _common_dir(folder)
    return (common / "objects").is_dir() and ((common / "refs").is_dir() or (common / "reftable").is_dir())


def _common_dir(git_dir: Path) -> Path:
    content = _content(git_dir / "commondir")
    return (git_dir / _path(content)).resolve() if content else git_dir


def _layout(folder: Path, git_dir: Path) -> Layout:
    common_dir = _common_dir(git_dir)
    config = _config(common_dir)
    _refuse_unreadable(common_dir, config)
    is_inside = git_dir == folder
    is_bare = git_dir == common_dir and (
        _is_true(config, b"bare")
        or (is_inside and git_dir.name != ".git" and _setting(config, b"core", b"worktree") is None)
    )
    remotes = [section for section in config.sections() if section[0] == b"remote" and len(section) > 1]
    return Layout(
        folder=_work_tree(git_dir, config) if is_inside and not is_bare else folder,
        git_dir=git_dir,
        common_dir=common_dir,
        is_bare=is_bare,
        is_partial=_setting(config, b"extensions", b"partialclone") is not None
        or any(_value(config, section, b"promisor") for section in remotes),
        remotes={
            section[1].decode(errors="replace"): url.decode(errors="replace")
            for section in remotes
            if (url := _value(config, section, b"url"))
        },
    )


def _config(common_dir: Path) -> ConfigFile:
    content = _content(common_dir / "config") or b""
    try:
        # Includes may point anywhere, the home folder too: browsing follows none.
        from dulwich.config import ConfigFile

        return ConfigFile.from_file(BytesIO(content), expand_includes=False)
    except ValueError as error:
        raise RepositoryDamaged(f"{common_dir / 'config'} cannot be read: {error}") from error


def _refuse_unreadable(common_dir: Path, config: ConfigFile) -> None:
    version = _setting(config, b"core", b"repositoryformatversion") or b"0"
    if version not in {b"0", b"1"}:
        raise StoreFailed(f"{common_dir} has repository format {version.decode(errors='replace')}; mlver reads 0 and 1")
    if (_setting(config, b"extensions", b"objectformat") or b"sha1").lower() != b"sha1":
        raise StoreFailed(
            f"{common_dir} names its objects by SHA-256, which mlver cannot read yet",
            hint="a repository made with git init --object-format=sha1 works",
        )
    if (_setting(config, b"extensions", b"refstorage") or b"files").lower() != b"files":
        raise StoreFailed(
            f"{common_dir} keeps its refs as reftable, which mlver cannot read yet",
            hint="git refs migrate --ref-format=files",
        )
    unknown = {name.lower() for name, _ in config.items((b"extensions",))} - _HARMLESS_EXTENSIONS
    if version == b"1" and unknown:
        raise StoreFailed(
            f"{common_dir} needs {b', '.join(sorted(unknown)).decode(errors='replace')}, unknown to mlver"
        )


def _work_tree(git_dir: Path, config: ConfigFile) -> Path:
    """The working tree of a repository that was opened by its own folder."""
    linked = _content(git_dir / "gitdir")
    if linked:
        return (git_dir / _path(linked)).resolve().parent
    configured = _setting(config, b"core", b"worktree")
    return (git_dir / _path(configured)).resolve() if configured else git_dir.parent


def _is_true(config: ConfigFile, name: bytes) -> bool:
    return (_setting(config, b"core", name) or b"").lower() in {b"true", b"yes", b"on", b"1"}


def _setting(config: ConfigFile, section: bytes, name: bytes) -> bytes | None:
    return _value(config, (section,), name)


def _value(config: ConfigFile, section: tuple[bytes, ...], name: bytes) -> bytes | None:
    try:
        return config.get(section, name)
    except KeyError:
        return None


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_CONFIG_LIMIT)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _path(line: bytes) -> str:
    return line.split(b"\n")[0].rstrip(b"\r").decode(errors="surrogateescape")
