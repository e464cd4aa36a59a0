"""Runs commands of a foreign tool in one interpreter that is kept: each takes a second or two to start."""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support.foreign_tools import python_of

_KEEPER = """
import importlib, json, os, sys, tempfile, time

module, _, name = sys.argv[1].partition(":")
main = getattr(importlib.import_module(module), name)
orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
clock, begun = time.time, 0
time.time = lambda: clock() + 60 * begun


def run(words):
    try:
        return main(words)
    except SystemExit as left:
        return left.code


for order in orders:
    folder, words, environment = json.loads(order)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    begun += 1
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complained:
        os.dup2(told.fileno(), 1)
        os.dup2(complained.fileno(), 2)
        code = run(words)
        sys.stdout.flush()
        sys.stderr.flush()
        said = [(each.seek(0), each.read().decode(errors="replace"))[1] for each in (told, complained)]
    print(json.dumps([code or 0, *said]), file=answers, flush=True)
"""
"""A minute passes from command to command: what tools order by time they may not order by less than a second."""

_MAINS = {"dvc": "dvc.cli:main", "gto": "gto.cli:app"}


class Answer(NamedTuple):
    """How a command ended."""

    code: int
    told: str
    complained: str


def run_kept(name: str, words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Answer:
    """Run one command as its own program would."""
    keeper = _keeper(name)
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    keeper.stdin.write(json.dumps([str(folder), list(words), dict(environment)]) + "\n")
    keeper.stdin.flush()
    answer = keeper.stdout.readline()
    assert answer, f"the interpreter of {name} ended at: {' '.join(words)}"
    return Answer(*json.loads(answer))


@cache
def _keeper(name: str) -> subprocess.Popen[str]:
    keeper = subprocess.Popen(
        [python_of(name), "-W", "ignore", "-c", _KEEPER, _MAINS[name]],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_end, keeper)
    return keeper


def _end(keeper: subprocess.Popen[str]) -> None:
    """It ends with its input, as it does when these tests are killed."""
    keeper.communicate()
