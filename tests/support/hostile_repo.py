"""A repository that attacks the terminal in every text it has: names, values, words, files, logs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.git import RepoBuilder
from tests.support.training import TrainingProject

CLIPBOARD, TITLE, ELSEWHERE = "\x1b]52;c;UFdORUQ=\x07", "\x1b]0;PWNED\x07", "\x1b[66;6H"
"""What a terminal would obey: the clipboard set, a title, the cursor moved."""
ATTACK = f"{CLIPBOARD}{TITLE}{ELSEWHERE}\x9d52;c;UFdORUQ=\x9c\x9b2J\u202e[/nope][bold]"
"""The same with the controls of eight bits, text turned round, and markup of the app's own library."""
OF_REFS = "\u009d52;c;UFdORUQ=\u009c\u009b2J\u202e"
"""git lets no control of seven bits and no bracket into a name."""
OF_FILES = ATTACK.replace("/", "|")

PLACES = (
    "author", "reason", "commit", "branch", "tag", "message", "param", "value", "metric", "note", "artifact", "code",
    "line", "log", "history", "broken",
)  # fmt: skip
"""What is attacked from; each text begins with `evil-<place>` and goes on with the attack."""

_PROJECT = """\
mlver: 1
model: toy
steps:
  train:
    run: sh train.sh
    inputs: [train.sh, src/]
    params: {params.json: null}
    outputs: [models/]
    metrics: [metrics.json]
    history: history.csv
metrics:
  accuracy: {goal: maximise, tolerance: 0.005, primary: true}
"""


def evil(place: str, attack: str = ATTACK) -> str:
    """The text of a place."""
    return f"evil-{place}{attack}"


def hostile_repo(tmp_path: Path) -> TrainingProject:
    """Two recorded versions that differ in everything, one that cannot be read, a tag of plain files, a note."""
    made = TrainingProject(tmp_path / "toy", tmp_path / "home")
    made.environment["GIT_AUTHOR_NAME"] = made.environment["GIT_COMMITTER_NAME"] = evil("author")
    made.folder.mkdir(parents=True)
    made.git("init", "-q", "-b", evil("branch", OF_REFS))
    made.write("params.json", json.dumps({evil("param"): evil("value")}))
    made.write("metrics.json", json.dumps({evil("metric"): 1}))
    made.commit(evil("commit"))
    made.git("tag", evil("tag", OF_REFS))
    _write(made, 1)
    made.git("rm", "-q", "--cached", "metrics.json")
    made.commit(evil("commit"))
    made.run(reason=evil("reason"))
    _write(made, 2)
    made.commit(evil("commit"))
    newest = made.run(reason=evil("reason"))
    made.git("tag", "-a", "-m", evil("message"), "toy@v1.0.0", newest.commit)
    made.git("tag", "-a", "-m", evil("message"), "toy#prod#1", newest.commit)
    with made.opened() as project:
        project.write_note(project.plan_note(newest, evil("note")))
    broken = {".mlver/version.yaml": f"mlver: 1\nmodel: {json.dumps(evil('broken'))}\n"}
    RepoBuilder(made.folder, tmp_path / "home").commit_in_ref("refs/mlver/runs/toy/r00000009-aaaaaa", broken)
    return made


def _write(made: TrainingProject, number: int) -> None:
    """The files of the version of that number."""
    made.write("mlver.yaml", _PROJECT)
    made.write(".gitignore", "models/\nmetrics.json\nhistory.csv\n")
    made.write("params.json", json.dumps({evil("param"): evil("value") + str(number), "lr": number}, indent=1))
    made.write(f"src/{evil('code', OF_FILES)}.py", f"scale = {number}  # {evil('line')}\n")
    files = {
        f"models/{evil('artifact', OF_FILES)}.json": json.dumps({evil("key"): number}),
        "metrics.json": json.dumps({"accuracy": 0.9 + number / 100, evil("metric"): number}),
        "history.csv": f"step,metric,value\n1,{evil('history')},0.{number}\n2,{evil('history')},0.1\n",
    }
    script = "".join(f"printf %s {_quoted(text)} > {_quoted(path)}\n" for path, text in files.items())
    made.write("train.sh", f"mkdir -p models\n{script}printf '%s\\n' {_quoted(evil('log'))}\n")


def _quoted(text: str) -> str:
    """A word of the shell."""
    return "'" + text.replace("'", "'\\''") + "'"
