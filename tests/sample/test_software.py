"""The software the demo's steps run in: made offline, upgraded for real, mended when it broke."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from sample_repo import software
from sample_repo.software import ensure_software, requirements_lock

SEEN = """
import numpy, pixelprep, yaml
from importlib.metadata import version
print(version("pixelprep"), pixelprep.__file__)
"""

LISTED = """
from importlib.metadata import distributions
for name, version in sorted((each.name.lower(), each.version) for each in distributions()):
    print(f"{name}=={version}")
"""


def seen_by(project: Path) -> str:
    python = str(project / ".venv" / "bin" / "python")
    return subprocess.run([python, "-c", SEEN], check=True, capture_output=True, text=True, env={}).stdout


def test_a_step_sees_numpy_yaml_and_the_installed_pixelprep(tmp_path: Path) -> None:
    ensure_software(tmp_path, "1.0.0")

    assert seen_by(tmp_path).startswith(f"1.0.0 {tmp_path}/.venv/")


def test_an_update_replaces_the_release_before(tmp_path: Path) -> None:
    ensure_software(tmp_path, "1.0.0")
    ensure_software(tmp_path, "1.1.0")

    assert seen_by(tmp_path).startswith("1.1.0 ")
    assert len(list(tmp_path.glob(".venv/lib/*/site-packages/pixelprep-*"))) == 1


def test_a_link_that_leads_nowhere_is_not_taken_for_software(tmp_path: Path) -> None:
    ensure_software(tmp_path, "1.0.0")
    numpy = next(tmp_path.glob(".venv/lib/*/site-packages/numpy"))
    numpy.unlink()
    numpy.symlink_to("/gone/numpy")

    ensure_software(tmp_path, "1.0.0")

    assert seen_by(tmp_path).startswith("1.0.0 ")


def test_the_environment_holds_only_what_the_lock_names(tmp_path: Path) -> None:
    ensure_software(tmp_path, "1.0.0")

    python = str(tmp_path / ".venv" / "bin" / "python")
    listed = subprocess.run([python, "-c", LISTED], check=True, capture_output=True, text=True, env={}).stdout

    assert listed == requirements_lock("1.0.0")


def test_packages_that_cannot_be_linked_are_found_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(software, "_shared_places", dict)

    ensure_software(tmp_path, "1.0.0")

    assert next(tmp_path.glob(".venv/lib/*/site-packages/shared.pth")).is_file()
    assert seen_by(tmp_path).startswith("1.0.0 ")


@pytest.mark.parametrize("broken", ["bin/python", "lib/*/site-packages/numpy", "shared.json"])
def test_software_that_broke_is_made_anew(tmp_path: Path, broken: str) -> None:
    ensure_software(tmp_path, "1.0.0")
    next((tmp_path / ".venv").glob(broken)).unlink()

    ensure_software(tmp_path, "1.0.0")

    assert seen_by(tmp_path).startswith("1.0.0 ")


def test_the_lock_names_what_is_really_there() -> None:
    assert requirements_lock("1.0.0").splitlines() == [
        f"numpy=={version('numpy')}",
        "pixelprep==1.0.0",
        f"pyyaml=={version('pyyaml')}",
    ]
