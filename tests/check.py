"""Everything a change must pass: format, lint, types, import contracts, dependencies, tests.

    python tests/check.py [--quick]      --quick leaves the tests out

Each check is run to its end, so one run shows all that is wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent

CHECKS: dict[str, tuple[str, ...]] = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports",),
    "dependencies": ("deptry", "core", "tui"),
}
TESTS = ("pytest", "-q", "-n", "2", "--dist", "worksteal")


def main() -> int:
    """Run the checks; 0 when all passed. The tests wait for programs now and then: the other checks run meanwhile."""
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(lambda: [name for name, command in CHECKS.items() if not passes(name, command)])
        failed = [] if "--quick" in sys.argv[1:] or passes("tests", TESTS, is_shown=True) else ["tests"]
        failed = [*others.result(), *failed]
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all checks passed'}")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...], *, is_shown: bool = False) -> bool:
    """Run one check, its output shown as it comes, or all at once when it failed."""
    started = time.monotonic()
    program, *arguments = command
    output = None if is_shown else subprocess.PIPE
    done = subprocess.run(
        [TOOLS / program, *arguments], cwd=TOP, env=os.environ, check=False, stdout=output, stderr=subprocess.STDOUT
    )
    said = f"\n{done.stdout.decode(errors='replace')}" if done.stdout and done.returncode else ""
    result = "passed" if done.returncode == 0 else "FAILED"
    print(f"\n== {name}: {' '.join(command)}: {result} in {time.monotonic() - started:.1f} s{said}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
