"""What is built works away from the checkout: the sample lies in the wheel, and the demo is made from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(folder), str(TOP)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def away(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which only the wheel is found, not the checkout."""
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), str(wheel)], check=True
    )
    home = tmp_path_factory.mktemp("home")
    return {
        "PYTHONPATH": str(target),
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }


def mlver(away: dict[str, str], *arguments: str) -> str:
    """What a command of the installed wheel prints."""
    done = subprocess.run(
        [Path(away["PYTHONPATH"]) / "bin" / "mlver", *arguments],
        cwd=away["HOME"],
        env=away,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_both_packages_and_the_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "mlver/project/project.py",
        "mlver_tui/app.py",
        "mlver_tui/_sample/build.py",
        "mlver_tui/_sample/data/digits.csv",
    } <= names
    assert not [name for name in names if name.startswith(("core/", "tui/", "tests/", "sample_repo/"))]


def test_the_code_comes_from_the_wheel(away: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import mlver_tui; print(mlver_tui.__file__)"],
        cwd=away["HOME"],
        env=away,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith(away["PYTHONPATH"])


def test_the_demo_is_recorded_from_the_wheel(away: dict[str, str]) -> None:
    folder = mlver(away, "demo", "--path").strip()

    listed = json.loads(mlver(away, "-C", folder, "list", "--json"))

    models = [row["model"] for row in listed["versions"]]
    assert models.count("digits") >= 13
    assert models.count("parity") == 3
