"""Everything a change must pass: format, lint, types, import contracts, dependencies, tests.

    python tests/check.py [--quick]      --quick leaves the tests out

Each check is run to its end, so one run shows all that is wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("lint-imports",)),
    ("dependencies", ("deptry", "core", "tui")),
    ("tests", ("pytest", "-q", "-n", "2", "--dist", "worksteal")),
)


def main() -> int:
    """Run the checks; 0 when all passed."""
    chosen = CHECKS[:-1] if "--quick" in sys.argv[1:] else CHECKS
    failed = [name for name, command in chosen if not passes(name, command)]
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all checks passed'}")
    return 1 if failed else 0


def passes(name: str, command: tuple[str, ...]) -> bool:
    """Run one check, its output shown."""
    print(f"\n== {name}: {' '.join(command)}", flush=True)
    started = time.monotonic()
    program, *arguments = command
    done = subprocess.run([TOOLS / program, *arguments], cwd=TOP, env=os.environ, check=False)
    print(f"   {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
