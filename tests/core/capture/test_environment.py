from __future__ import annotations

import hashlib

import pytest

from mlver.capture.environment import counted_packages, environment_facts, environment_text
from mlver.capture.probe import Package, ProbedEnvironment
from mlver.errors import RunRefused

NUMPY = Package(name="numpy", version="2.4.6")


def probed(*packages: Package) -> ProbedEnvironment:
    return ProbedEnvironment(
        python="3.11.7", implementation="CPython", executable="/p", prefix="/", os="Linux", installed=packages
    )


def test_without_a_lock_everything_counts() -> None:
    counted = counted_packages(probed(NUMPY, Package(name="Foo_Bar", version="1")), lock=None, lock_path=None)

    assert counted.packages == {"numpy": "2.4.6", "foo-bar": "1"}
    assert counted.warnings == ()


def test_without_a_lock_mlver_and_what_only_mlver_needs_do_not_count() -> None:
    counted = counted_packages(
        probed(
            Package(
                name="mlver-tui", version="0.1.0", needs=("textual>=8", "numpy", "click", 'pytest; extra == "dev"')
            ),
            Package(name="textual", version="8", needs=("rich",)),
            Package(name="rich", version="15"),
            Package(name="click", version="8"),
            NUMPY,
            Package(name="pytest", version="8"),
            Package(name="flask", version="3", needs=("click>=8",)),
        ),
        lock=None,
        lock_path=None,
    )

    assert counted.packages == {"click": "8", "pytest": "8", "flask": "3"}
    assert counted.warnings == (
        "no lock file: 3 packages that only mlver needs do not count; environment.lock in mlver.yaml says which do",
    )


def test_what_the_user_asked_for_counts_although_mlver_needs_it_too() -> None:
    mlver = Package(name="mlver-tui", version="0.1.0", needs=("numpy", "rich"), is_requested=True)
    asked = Package(name="numpy", version="2.4.6", is_requested=True)

    counted = counted_packages(probed(mlver, asked, Package(name="rich", version="15")), lock=None, lock_path=None)

    assert counted.packages == {"numpy": "2.4.6"}


REQUIREMENTS = b"""\
# made by a tool
--index-url https://packages.test/simple
-r other.txt
numpy==1.26.4 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
Torch[extra] == 2.1.0 ; python_version >= "3.9"  # a comment
pywin32==306 ; sys_platform == "win32"
scipy>=1.10
local @ file:///tmp/x.whl
missing==1.0
"""

UV_LOCK = b"""
version = 1
[[package]]
name = "my-project"
version = "0.1"
source = { editable = "." }
[[package]]
name = "numpy"
version = "1.26.4"
source = { registry = "https://packages.test" }
[[package]]
name = "colorama"
version = "0.4"
"""

PIPFILE_LOCK = b'{"default": {"numpy": {"version": "==1.26.4"}}, "develop": {"pytest": {"version": "==8"}}}'
CONDA = b"""
name: x
channels:
  - conda-forge
dependencies:
  - python=3.11
  - numpy=1.26
  - pip:
    - torch==2.1.0
"""
INSTALLED = (
    NUMPY,
    Package(name="torch", version="2.1.0+cpu"),
    Package(name="scipy", version="1.16"),
    Package(name="local", version="1"),
    Package(name="pytest", version="8"),
    Package(name="my-project", version="0.1"),
)


@pytest.mark.parametrize(
    ("path", "content", "names"),
    [
        ("requirements.txt", REQUIREMENTS, {"numpy", "torch", "scipy", "local"}),
        ("requirements.lock", REQUIREMENTS, {"numpy", "torch", "scipy", "local"}),
        ("uv.lock", UV_LOCK, {"numpy"}),
        ("poetry.lock", UV_LOCK, {"numpy"}),
        ("pylock.toml", UV_LOCK.replace(b"[[package]]", b"[[packages]]"), {"numpy"}),
        ("Pipfile.lock", PIPFILE_LOCK, {"numpy"}),
        ("environment.yml", CONDA, {"numpy", "torch"}),
        ("empty.txt", b"", set()),
    ],
)
def test_with_a_lock_its_packages_count_as_they_are_installed(path: str, content: bytes, names: set[str]) -> None:
    counted = counted_packages(probed(*INSTALLED), lock=content, lock_path=path)

    assert counted.packages == {p.name: p.version for p in INSTALLED if p.name in names}


def test_what_differs_from_the_lock_is_told() -> None:
    counted = counted_packages(probed(*INSTALLED), lock=REQUIREMENTS, lock_path="requirements.txt")

    assert counted.warnings == (
        "the lock says numpy 1.26.4, installed is 2.4.6",
        "in the lock but not installed: missing",
    )


@pytest.mark.parametrize(("locked", "is_told"), [("1.0", False), ("v1", False), ("1.0.0+cpu", True), ("1.0.1", True)])
def test_spellings_of_one_version_are_no_difference(locked: str, is_told: bool) -> None:
    counted = counted_packages(
        probed(Package(name="a", version="1.0.0+cu12")), lock=f"a=={locked}".encode(), lock_path="r.txt"
    )

    assert bool(counted.warnings) == is_told


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("uv.lock", b"[[package]]\nname = "),
        ("uv.lock", b"[[package]]\nversion = '1'\n"),
        ("pylock.toml", b"package = 3"),
        ("pylock.toml", b"a = " + b"[" * 100_000),
        ("Pipfile.lock", b'{"default": []}'),
        ("Pipfile.lock", b"{" * 100_000),
        ("requirements.txt", b"\xff\xfe\x00"),
    ],
)
def test_a_lock_that_cannot_be_read_is_refused_by_name(path: str, content: bytes) -> None:
    with pytest.raises(RunRefused, match=path):
        counted_packages(probed(), lock=content, lock_path=path)


def test_the_same_lock_gives_the_same_digest_whatever_else_is_installed() -> None:
    lock = b"numpy==2.4.6\n"

    one, _ = environment_facts(probed(NUMPY), lock=lock, lock_path="r.txt", container=None)
    other, packages = environment_facts(
        probed(NUMPY, Package(name="x", version="1")), lock=lock, lock_path="r.txt", container=None
    )

    assert one.digest == other.digest
    assert packages == {"numpy": "2.4.6", "x": "1"}
    assert other.lock is not None
    assert (other.lock.path, other.lock.sha256) == ("r.txt", hashlib.sha256(lock).hexdigest())


@pytest.mark.parametrize("container", [None, "image@sha256:0"])
def test_a_container_changes_the_digest(container: str | None) -> None:
    plain, _ = environment_facts(probed(NUMPY), lock=None, lock_path=None, container=None)

    facts, _ = environment_facts(probed(NUMPY), lock=None, lock_path=None, container=container)

    assert (facts.digest == plain.digest) == (container is None)


def test_the_environment_text_is_sorted_lines() -> None:
    assert environment_text({"b": "2", "Zed": "1", "a": "3"}) == "a==3\nb==2\nZed==1\n"
