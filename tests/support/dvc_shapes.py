"""DVC projects in the shapes that are met: each a history of tagged versions, made by the real dvc."""

from __future__ import annotations

from pathlib import Path

from tests.support.dvc_projects import DvcProject

TRAIN = """\
set -e
grep lr params.yaml > model.bin
lr=$(sed -n 's/^lr: //p' params.yaml)
rest='"nested": {"loss": 2, "note": "ok", "list": [1], "none": null}, "good": true'
printf '{"accuracy": %s, %s}' "$lr" "$rest" > metrics.json
printf '{"kept": %s}' "$lr" > cached.json
printf 'step\\tloss\\n0\\t1.5\\n1\\t%s\\n' "$lr" > plot.tsv
"""

SIMPLE = """\
stages:
  prepare:
    cmd: cp raw.txt prepared.txt
    deps: [raw.txt]
    outs: [prepared.txt]
  train:
    cmd: sh train.sh
    deps: [prepared.txt, train.sh]
    params:
      - lr
      - other.toml:
          - model.size
          - names
    outs: [model.bin]
    metrics:
      - metrics.json: {cache: false}
      - cached.json
    plots:
      - plot.tsv: {cache: false, x: step, y: loss}
"""

PARAMS = "lr: 0.1\nseed: 7\ndeep:\n  layers: [64, 32]\n  name: wide\nflag: true\nempty:\n"
OTHER = 'title = "kept"\nnames = ["a", "b"]\n[model]\nsize = 3\n[left]\nout = 1\n'


def simple(tmp_path: Path) -> DvcProject:
    """Two steps, params in YAML and TOML, a metric in git and one in the cache; a step renamed, its lock left."""
    project = DvcProject(tmp_path)
    files = {"train.sh": TRAIN, "raw.txt": "raw\n", "dvc.yaml": SIMPLE, "params.yaml": PARAMS, "other.toml": OTHER}
    project.version("v1", files)
    changed = PARAMS.replace("0.1", "0.2").replace("[64, 32]", "[64, 16]").replace("seed: 7\n", "")
    project.version(
        "v2",
        {
            "params.yaml": changed,
            "other.toml": OTHER.replace("3", "4").replace("out = 1", "out = 2"),
            "raw.txt": "rawer\n",
        },
    )
    # `prepare` is called `clean` from here on; dvc leaves the lock of `prepare` where it is.
    renamed = SIMPLE.replace("prepare:", "clean:").replace("prepared.txt", "clean.txt")
    project.version("v3", {"dvc.yaml": renamed, "params.yaml": changed + "added: {one: 1, two: null}\n"})
    return project


TEMPLATES = """\
vars:
  - config/vars.json
  - config/some.yaml:chosen
  - local: {word: here, items: [x, y]}
params:
  - constants.py
stages:
  single:
    vars:
      - config/step.toml
    cmd: echo ${local.word} ${sizes[1]} ${chosen.deep[0].name} ${only} > ${folder}/single.txt
    outs:
      - ${folder}/single.txt
  each:
    foreach: ${models}
    do:
      cmd: echo '{"score":${item.score}}' > ${folder}/${key}.json
      params: ["models.${key}.score"]
      metrics:
        - ${folder}/${key}.json: {cache: false}
  plain:
    foreach: [red, "${folder}", 3, true]
    do:
      cmd: echo ${item} > plain-${item}.txt
      outs: ["plain-${item}.txt"]
  places:
    foreach: ${listed}
    do:
      cmd: echo ${item.a} ${item.b} > place-${item.a}.txt
      outs: ["place-${item.a}.txt"]
  grid:
    matrix:
      size: ${sizes}
      kind: [big, {name: odd}]
    cmd: echo ${item.size} '\\${HOME}' > grid-${key}.txt
    outs:
      - grid-${key}.txt:
          cache: false
metrics:
  - ${folder}/extra.yaml
"""

CONSTANTS = """\
import os

RATE = 0.1
SIZES = (1, 2)
NAMES = {"a": 1, "b": [2]}
TYPED: int = 4
COMPUTED = os.cpu_count()
A = B = 3


class Model:
    depth = 5

    class Inner:
        width = -6

    def __init__(self):
        self.bias = True
        local = 1

    def other(self):
        self.left = 2
"""


def templated(tmp_path: Path) -> DvcProject:
    """`vars` of every kind, `foreach` over lists and mappings, `matrix`, and params that are Python constants."""
    project = DvcProject(tmp_path)
    params = "folder: out\nmodels:\n  small: {score: 1}\n  large: {score: 2}\n"
    files = {
        "dvc.yaml": TEMPLATES,
        "params.yaml": params,
        "constants.py": CONSTANTS,
        "config/vars.json": '{"sizes": [10, 20], "unused": 1, "listed": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}',
        "config/some.yaml": "chosen: {deep: [{name: n1}]}\nfolder: never\n",
        "config/step.toml": 'only = "once"\n',
        "out/extra.yaml": "extra: 1.5\nword: text\n",
    }
    project.version("v1", files)
    changed = {
        "params.yaml": params.replace("2}", "2.5}") + "  huge: {score: 4}\n",
        "constants.py": CONSTANTS.replace("0.1", "0.2").replace("-6", "-7").replace("True", "False"),
        "config/vars.json": '{"sizes": [10, 30], "unused": 2, "listed": [{"a": 1, "b": 9}]}',
        "config/some.yaml": "chosen: {deep: [{name: n2}]}\n",
        "out/extra.yaml": "extra: 2.5\n",
    }
    project.version("v2", changed)
    return project


def nested(tmp_path: Path, top: str = "") -> DvcProject:
    """Pipelines in folders below, with `wdir`, paths that go up, and params of their own."""
    project = DvcProject(tmp_path, top)
    first = (
        "stages:\n  run:\n    cmd: cp ../shared/in.txt out.txt\n    deps: [../shared/in.txt]\n    params: [a]\n"
        "    outs: [out.txt]\n"
        "params: [more.json]\nmetrics: [m.json]\nplots:\n  - curve.csv: {x: when, y: loss}\n"
        "artifacts:\n  best: {path: out.txt, type: model, desc: the best}\n"
    )
    second = (
        "stages:\n  run:\n    wdir: ../../work\n    cmd: mkdir -p made && cp ../first/out.txt made/x.txt"
        " && cp own.yaml made/m.yaml\n"
        "    deps: [../first/out.txt]\n    params:\n      - own.yaml:\n    outs: [made]\n"
        "metrics: [../../work/made/m.yaml]\n"
    )
    files = {
        "first/dvc.yaml": first,
        "first/params.yaml": "a: 1\nb: 2\n",
        "first/more.json": '{"c": 3}',
        "first/m.json": '{"f1": 0.5}',
        "first/curve.csv": "when,loss,other\n1,0.5,9\n2,0.25,9\n",
        "second/deep/dvc.yaml": second,
        "work/own.yaml": "a: 10\nd: 0.5\n",
        "shared/in.txt": "one\n",
        "params.yaml": "top: 1\n",
    }
    project.version("v1", files)
    changed = {
        "first/params.yaml": "a: 2\nb: 3\n",
        "first/more.json": '{"c": 4}',
        "first/m.json": '{"f1": 0.75}',
        "work/own.yaml": "a: 11\nd: 0.25\n",
        "shared/in.txt": "two\n",
        "params.yaml": "top: 2\n",
    }
    project.version("v2", changed)
    return project


def data(tmp_path: Path) -> DvcProject:
    """Folders and files that are only tracked, one of them imported."""
    project = DvcProject(tmp_path)
    outside = tmp_path / "outside.csv"
    outside.write_text("a,b\n1,2\n")
    files = {
        "data/one.txt": "1\n",
        "data/sub/two.txt": "2\n",
        "data/gone.txt": "x\n",
        "train.csv": "a\n1\n",
        "weights.pt": "w1",
        "text.txt": "lines\r\n",
    }
    added = ["add", "--quiet", "data", "train.csv", "weights.pt", "text.txt"]
    project.version("v1", files, added, ["import-url", "--quiet", str(outside), "imported.csv"])
    (project.folder / "data/gone.txt").unlink()
    changed = {"data/one.txt": "1.1\n", "data/new.txt": "new\n", "weights.pt": "w2"}
    project.version("v2", changed, ["add", "--quiet", "data", "weights.pt"])
    return project


def experiments(tmp_path: Path) -> DvcProject:
    """A version, an experiment that was run from it and one that was saved."""
    project = DvcProject(tmp_path)
    pipeline = (
        "stages:\n  train:\n    cmd: cp params.yaml metrics.yaml && cp params.yaml model.bin\n    params: [lr]\n"
        "    outs: [model.bin]\n    metrics:\n      - metrics.yaml: {cache: false}\n"
    )
    project.version("base", {"dvc.yaml": pipeline, "params.yaml": "lr: 0.1\n"})
    project.dvc(["exp", "run", "--quiet", "--name", "tried", "--set-param", "lr=0.5"])
    project.repo.write({"params.yaml": "lr: 0.7\n"})
    project.dvc(["exp", "save", "--quiet", "--name", "saved"])
    return project


ODD = """\
stages:
  never:
    cmd: "echo ${train} > never.txt; exit 0"
    params:
      - cfg.yaml:
          - layers.0
          - deep.*.size
          - "gone"
      - conf.py:
          - Model.depth
    outs: [never.txt]
    metrics:
      - ms: {cache: false}
  flags:
    foreach: ${flags}
    do:
      cmd: echo ${item} > flag-${item}.txt
      outs: ["flag-${item}.txt"]
metrics: [top, number.yaml, missing.json]
params: [conf, none.yaml]
plots: [p.csv]
"""


def odd(tmp_path: Path) -> DvcProject:
    """A step that never ran, keys with patterns, folders of params and metrics, files that are not there."""
    project = DvcProject(tmp_path)
    params = "train: {lr: 0.1, names: [a, b], on: true, off: false}\nflags: [true, 1.5, text, null]\n"
    config = "layers: [1, 2]\ndeep: {a: {size: 1, other: 2}, b: {size: 3}}\nleft: 1\n"
    files = {
        "dvc.yaml": ODD,
        "params.yaml": params,
        "cfg.yaml": config,
        "conf.py": CONSTANTS,
        "conf/a.yaml": "from_a: 1\n",
        "conf/sub/b.json": '{"from_b": 2}',
        "ms/one.json": '{"one": 1}',
        "ms/two.yaml": "two: 2\n",
        "top/sub/t.toml": "deep = 1\n",
        "number.yaml": "0.5\n",
    }
    project.version("v1", files, ["repro", "--quiet", "flags"])
    changed = {
        "params.yaml": params.replace("0.1", "0.2"),
        "cfg.yaml": config.replace("[1, 2]", "[3, 4]").replace("size: 3", "size: 4").replace("left: 1", "left: 2"),
        "conf.py": CONSTANTS.replace("depth = 5", "depth = 6").replace("0.1", "0.3"),
        "conf/a.yaml": "from_a: 2\n",
        "conf/sub/b.json": '{"from_b": 3}',
        "ms/one.json": '{"one": 2}',
        "top/sub/t.toml": "deep = 2\n",
        "number.yaml": "0.75\n",
    }
    project.version("v2", changed, ["repro", "--quiet", "flags"])
    return project
