"""A DVC repository of hundreds of tags within a second, made by `git fast-import`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from tests.support.git import FIRST_SECOND, RepoBuilder

STEPS = ("fetch", "clean", "split", "features", "train", "evaluate")
CODE = {f"src/{step}.py": f"# {step}\n" * 40 for step in STEPS}
"""What every version holds beside its DVC files, the same in all."""

PIPELINE = """\
vars:
  - config/places.yaml
stages:
{steps}  report:
    foreach: [train, test]
    do:
      cmd: python src/report.py --part ${{item}} --out ${{places.reports}}/${{item}}.md
      deps: [src/evaluate.py, "${{places.models}}/model.pt"]
      outs: ["${{places.reports}}/${{item}}.md"]
metrics:
  - eval/summary.json
"""
STEP = """\
  {name}:
    cmd: python src/{name}.py --seed ${{seed}} --out ${{places.work}}/{name}
    deps: [src/{name}.py, data/raw.csv]
    params: [seed, {name}]
    outs: ["${{places.work}}/{name}"]
    metrics:
      - metrics/{name}.json: {{cache: false}}
"""


def make_dvc_tags(repo: RepoBuilder, count: int) -> None:
    """`count` commits with a tag each: `v0`, `v1`, ..."""
    repo.git("fast-import", "--quiet", content=b"".join(_script(count)))
    repo.git("pack-refs", "--all")
    repo.git("reset", "--quiet", "--hard", "main")


def files_of(number: int) -> dict[str, str]:
    """Every file of one version."""
    steps = "".join(STEP.format(name=name) for name in STEPS)
    raw = _md5(f"raw {number // 50}")
    places = "places: {work: work, models: work/train, reports: reports}\n"
    return CODE | {
        ".dvc/config": "[core]\n    analytics = false\n",
        ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
        "dvc.yaml": PIPELINE.format(steps=steps),
        "dvc.lock": _lock(number),
        "config/places.yaml": places,
        "params.yaml": _params(number),
        "data/raw.csv.dvc": f"outs:\n- md5: {raw}\n  hash: md5\n  size: 1000\n  path: raw.csv\n",
        "requirements.txt": "".join(f"package-{one}==1.{one}.0\n" for one in range(30)),
        "eval/summary.json": json.dumps({"accuracy": 0.5 + number / 1000, "f1": {"macro": 0.4, "micro": number / 7}}),
        **{f"metrics/{name}.json": json.dumps({name: {"rows": 10 + number, "seconds": 1.5}}) for name in STEPS},
    }


def _params(number: int) -> str:
    keys = "".join(f"  key_{one}: {one + (number if one == 3 else 0)}\n" for one in range(8))
    return f"seed: {number % 5}\n" + "".join(f"{name}:\n{keys}" for name in STEPS)


def _lock(number: int) -> str:
    lines = ["schema: '2.0'\nstages:\n"]
    for name in STEPS:
        lines.append(
            f"  {name}:\n    cmd: python src/{name}.py --seed {number % 5} --out work/{name}\n    deps:\n"
            f"    - path: data/raw.csv\n      hash: md5\n      md5: {_md5(f'raw {number // 50}')}\n      size: 1000\n"
            f"    - path: src/{name}.py\n      hash: md5\n      md5: {_md5(name)}\n      size: 400\n    params:\n"
            f"      params.yaml:\n        seed: {number % 5}\n        {name}:\n"
        )
        lines += (f"          key_{one}: {one + (number if one == 3 else 0)}\n" for one in range(8))
        lines.append(
            f"    outs:\n    - path: metrics/{name}.json\n      hash: md5\n      md5: {_md5(f'm {number} {name}')}\n"
            f"      size: 40\n    - path: work/{name}\n      hash: md5\n      md5: {_md5(f'o {number} {name}')}.dir\n"
            "      size: 90000\n      nfiles: 12\n"
        )
    return "".join(lines)


def _script(count: int) -> Iterator[bytes]:
    for number in range(count):
        message = b"Try %d" % number
        yield b"commit refs/heads/main\ncommitter Ada Example <ada@example.org> %d +0000\n" % (FIRST_SECOND + number)
        yield b"data %d\n%s\n" % (len(message), message)
        for path, text in files_of(number).items():
            body = text.encode()
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(body), body)
        yield b"reset refs/tags/v%d\nfrom refs/heads/main\n\n" % number


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
