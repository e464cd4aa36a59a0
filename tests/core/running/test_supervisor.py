from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from mlver.running import supervisor

LIGHT = {"__future__", "ctypes", "errno", "marshal", "os", "select", "signal", "sys", "time"}


def test_the_supervisor_imports_only_light_parts_of_the_standard_library() -> None:
    tree = ast.parse(Path(supervisor.__file__).read_text(encoding="utf-8"))

    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported <= LIGHT


def test_a_supervisor_whose_mlver_is_gone_before_it_spoke_ends_quietly() -> None:
    code = "import sys; sys.path.append(sys.argv.pop(1)); from supervisor import main; main()"
    folder = str(Path(supervisor.__file__).parent)

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, folder, "2"], input=b"100\npart", capture_output=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_programs_name_may_hold_brackets_and_spaces() -> None:
    rest = b"S 7 1 1 0 -1 4194304 1 2 3 4 100 50 25 25 20 0 1 0 999 8192 3 184"

    process = supervisor.Process(42, b"42 (a) b (c)) " + rest)

    assert (process.pid, process.parent, process.started) == (42, 7, 999)
    assert process.cpu_s == 200 / supervisor.TICKS
    assert process.rss == 3 * supervisor.PAGE
