from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlver.capture import probe as probing
from mlver.capture import probe_script
from mlver.capture.probe import probe
from mlver.errors import RunRefused

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}


def script(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def install(site: Path, name: str, version: str, *, needs: tuple[str, ...] = (), requested: bool = False) -> None:
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    headers = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs)]
    (folder / "METADATA").write_text("\n".join([*headers, "", "Version: 9.9 (a description)", ""]), encoding="utf-8")
    if requested:
        (folder / "REQUESTED").touch()


def test_an_interpreter_tells_what_it_is(tmp_path: Path) -> None:
    probed = probe(sys.executable, cwd=tmp_path, environment=ENVIRONMENT)

    assert probed.python == ".".join(map(str, sys.version_info[:3]))
    assert probed.executable == sys.executable
    assert probed.os.startswith(os.uname().sysname)
    assert "pytest" in probed.packages


def test_packages_on_the_steps_own_path_are_seen_first_one_first(tmp_path: Path) -> None:
    install(tmp_path / "first", "Some.Package", "1.0", needs=("numpy>=1", 'x; extra == "dev"'), requested=True)
    install(tmp_path / "second", "some-package", "2.0")
    (tmp_path / "second" / "old_style.egg-info").write_text("Name: old-style\nVersion: 0.1\n", encoding="utf-8")
    (tmp_path / "second" / "broken-1.dist-info").mkdir()

    probed = probe(sys.executable, cwd=tmp_path, environment={**ENVIRONMENT, "PYTHONPATH": "first:second"})

    package = next(package for package in probed.installed if package.name.lower().startswith("some"))
    assert (package.name, package.version, package.is_requested) == ("Some.Package", "1.0", True)
    assert package.needs == ("numpy>=1", 'x; extra == "dev"')
    assert probed.packages["old-style"] == "0.1"
    assert "broken" not in probed.packages


def test_no_module_of_the_project_is_imported(tmp_path: Path) -> None:
    for name in ("json", "re", "secrets", "numpy", "train"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")

    probed = probe(sys.executable, cwd=tmp_path, environment={**ENVIRONMENT, "PYTHONPATH": str(tmp_path)})

    assert probed.python


def test_variables_that_change_results_are_told_and_no_others(tmp_path: Path) -> None:
    variables = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "2", "CUBLAS_WORKSPACE_CONFIG": ":4096:8", "API_KEY": "k"}

    probed = probe(sys.executable, cwd=tmp_path, environment={**ENVIRONMENT, **variables})

    assert probed.variables["PYTHONHASHSEED"] == "0"
    assert probed.threads == {"OMP_NUM_THREADS": "2"}
    assert probed.determinism == {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
    assert "API_KEY" not in {**probed.variables, **probed.threads, **probed.determinism}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            'CONFIG = {"blas": {\n "name": "scipy-openblas",\n "found": True,\n "version": "0.3.31"}}',
            "scipy-openblas 0.3.31",
        ),
        ("blas_opt_info={'libraries': ['mkl_rt', 'pthread']}", "mkl_rt"),
        ("blas_opt_info = {'libraries': ['mkl_rt', 'pthread']}", "mkl_rt"),
        ("", None),
    ],
)
def test_the_linear_algebra_is_read_from_numpys_own_file(config: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__config__.py").write_text(config, encoding="utf-8")

    probed = probe(sys.executable, cwd=tmp_path, environment={**ENVIRONMENT, "PYTHONPATH": str(tmp_path)})

    assert probed.blas == expected


def test_what_start_up_files_print_is_passed_over(tmp_path: Path) -> None:
    noisy = script(tmp_path / "python", f'#!/bin/sh\nprintf "hello"\n"{sys.executable}" "$@"\nprintf "bye\\n\\377"\n')

    assert probe(noisy, cwd=tmp_path, environment=ENVIRONMENT).executable == sys.executable


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/bin/sh\nexit 0\n", "it gave no answer"),
        ("#!/bin/sh\necho 'no module encodings' >&2; exit 1\n", "no module encodings"),
        ("#!/bin/sh\nprintf '\\nmlver-probe:{}\\n'\n", "cannot be read"),
        ("#!/bin/sh\nprintf '\\nmlver-probe:{'\n", "cannot be read"),
    ],
)
def test_something_that_is_no_python_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match=said):
        probe(script(tmp_path / "python", text), cwd=tmp_path, environment=ENVIRONMENT)


def test_an_interpreter_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match="cannot start /no/python"):
        probe("/no/python", cwd=tmp_path, environment=ENVIRONMENT)


def is_alive(stat: Path) -> bool:
    """Whether the process is there and is more than a name in the table."""
    try:
        return stat.read_text(encoding="utf-8").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_interpreter_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing, "TIME_LIMIT_S", 0.3)
    hangs = script(tmp_path / "python", "#!/bin/sh\nsleep 60 & echo $! > pid; wait\n")
    began = time.monotonic()

    with pytest.raises(RunRefused, match="did not answer"):
        probe(hangs, cwd=tmp_path, environment=ENVIRONMENT)

    assert time.monotonic() - began < 5
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text(encoding='utf-8').strip()}/stat")
    deadline = time.monotonic() + 5
    while is_alive(stat) and time.monotonic() < deadline:
        time.sleep(0.02)  # the kernel takes a moment to end what was killed
    assert not is_alive(stat)


def test_the_probe_can_be_read_by_python_3_6() -> None:
    source = Path(probe_script.__file__).read_text(encoding="utf-8")

    tree = ast.parse(source, feature_version=(3, 6))

    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"json", "os", "re", "sys"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_importing_the_probe_leaves_the_importers_path_alone() -> None:
    code = "import sys; before = list(sys.path); import mlver.capture.probe; assert sys.path == before"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
