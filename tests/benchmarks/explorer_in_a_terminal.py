"""The explorer's budgets in a real pty, a bare Textual app in turn with it on the same machine.

    python tests/benchmarks/explorer_in_a_terminal.py make FOLDER COUNT      a repository of many versions, FOLDER/repo
    python tests/benchmarks/explorer_in_a_terminal.py start FOLDER WORDS     first rows, memory warm
    python tests/benchmarks/explorer_in_a_terminal.py keys FOLDER WORDS      cursor-downs; idle; a slow line
    python tests/benchmarks/explorer_in_a_terminal.py busy                   keys while 50,000 leaves are compared

FOLDER is a project that was listed once; WORDS stand in one of its first rows, or are the count (`10000/10000`).
MLVER_BIN names the folder of the programs: an install that is compiled and not editable is what users have.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support.git import RepoBuilder
from tests.support.many_params import two_of_many_params
from tests.support.many_versions import record_many
from tests.support.probe import Probe

PROGRAMS = Path(os.environ.get("MLVER_BIN", Path(sys.executable).parent))
RUNS = int(os.environ.get("MLVER_RUNS", "5"))
BARE = """
from textual.app import App
from textual.widgets import Footer, Header, Static
class Bare(App):
    def compose(self):
        yield Header(); yield Static("BARE-APP-READY"); yield Footer()
Bare().run()
"""
SLOW_LINE = 100_000 / 8
LEAVES = 50_000


def explorer(folder: Path, *options: str) -> Probe:
    """The explorer there, as the user who runs this has it."""
    return Probe((str(PROGRAMS / "mlver-tui"), *options), folder, dict(os.environ))


def make(folder: Path, count: str) -> None:
    """Versions within minutes, packed."""
    folder.mkdir(parents=True)
    repo = RepoBuilder.create(folder)
    record_many(repo, int(count))
    repo.git("pack-refs", "--all")


def start(folder: Path, words: str) -> None:
    """First rows, beside the bare app's first text."""
    bare, ours = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(BARE)
        script.flush()
        for _ in range(RUNS + 1):
            with Probe((str(PROGRAMS / "python"), script.name), folder, dict(os.environ)) as probe:
                bare.append(probe.until("BARE-APP-READY"))
            with explorer(folder) as probe:
                ours.append(probe.until(words))
    both = statistics.median(ours[1:]), statistics.median(bare[1:])  # the first warms the caches
    print(f"first rows  {both[0]:.2f} s   {both[0] / both[1]:.2f} x a bare app ({both[1]:.2f} s), {RUNS} runs each")


def keys(folder: Path, words: str) -> None:
    """Cursor-downs, idleness, a key held on a slow line."""
    with explorer(folder) as probe:
        probe.until(words)
        probe.settle(1.0)
        answers = [probe.press(key) for key in ("j" * 10 + "k" * 10) * 2]  # even a short list has so many rows
        told("cursor-down, idle", answers)
        print(f"idle        {probe.settle(5.0, 5.0)} bytes in 5 s")
    with explorer(folder) as probe:
        probe.until(words)
        probe.settle(1.0)
        print(f"slow line   {probe.hold('j', 5, SLOW_LINE):.1f} s of backlog after j held for 5 s")


def busy() -> None:
    """Keys in the list's footer bar while two versions of many params are compared, and in the comparison itself."""
    with tempfile.TemporaryDirectory(prefix="mlver-benchmark-") as place:
        made = two_of_many_params(Path(place), LEAVES)
        os.environ.update(made.environment)
        with explorer(made.folder) as probe:
            probe.until("many")
            probe.settle(1.0)
            probe.send("d")
            probe.settle(0.05, 0.3)
            answers = []
            for _ in range(20):  # help opens and closes whatever is being compared
                answers += [probe.press("?", 0.02), probe.press("\x1b", 0.12)]
                if b"METRIC" in probe._seen:
                    break
            told(f"while {LEAVES} leaves are compared", answers)
        with explorer(made.folder) as probe:
            probe.until("many")
            probe.settle(1.0)
            began = probe.until("many")
            probe.send("d2")
            print(f"compare     {probe.until('section') - began:.1f} s to the tree of {LEAVES} changed leaves")
            probe.settle(1.0)
            told("cursor-down in it", [probe.press("j") for _ in range(20)])


def told(what: str, answers: Sequence[tuple[float, int]]) -> None:
    """One line of figures."""
    first = sorted(1000 * seconds for seconds, _ in answers)
    p95 = first[min(len(first) - 1, int(0.95 * len(first)))]
    sizes = [count for _, count in answers]
    median = statistics.median(first)
    print(
        f"{what}: {len(first)} keys, first byte median {median:.0f} ms, p95 {p95:.0f} ms;"
        f" {statistics.median(sizes) / 1000:.1f} kB each, at most {max(sizes) / 1000:.1f} kB"
    )


def main() -> None:
    """What is asked for."""
    what, *where = sys.argv[1:]
    parts: dict[str, Callable[[Path, str], None]] = {"make": make, "start": start, "keys": keys}
    if what in parts:
        parts[what](Path(where[0]), where[1])
    else:
        busy()


if __name__ == "__main__":
    main()
