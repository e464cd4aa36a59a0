"""Builds MLflow stores: with the real mlflow by a script, and large ones by writing what it would write."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.support.foreign_tools import python_of, tool_environment

LEFT_OUT = object()
"""For a key of `meta.yaml` that is not there."""

FIRST_MILLISECOND = 1_790_000_000_000


def run_script(script: str, *arguments: str, folder: Path, home: Path) -> Any:
    """What a script in mlflow's interpreter prints on its last line, as JSON. It has `sys` and `json`."""
    done = subprocess.run(
        [python_of("mlflow"), "-W", "ignore", "-c", f"import json, sys\n{script}", *arguments],
        cwd=folder,
        env=mlflow_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def mlflow_environment(home: Path) -> dict[str, str]:
    """A person who still keeps a file store, which mlflow 3 must be told to allow."""
    return tool_environment(home) | {"MLFLOW_ALLOW_FILE_STORE": "true", "USER": "ada", "LOGNAME": "ada"}


class FileStoreWriter:
    """Writes the files of a file store as mlflow's own store does (mlflow/store/tracking/file_store.py)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def experiment(self, number: str, name: str, **more: Any) -> Path:
        """The folder of a new experiment; `more` replaces what its `meta.yaml` says, `LEFT_OUT` a line."""
        folder = self.folder / number
        meta = {
            "artifact_location": folder.absolute().as_uri(),
            "creation_time": FIRST_MILLISECOND,
            "experiment_id": number,
            "last_update_time": FIRST_MILLISECOND,
            "lifecycle_stage": "active",
            "name": name,
        }
        _write_meta(folder, meta | more)
        return folder

    def run(
        self,
        experiment: str,
        run_id: str,
        /,
        *,
        params: Mapping[str, str] | None = None,
        metrics: Mapping[str, Iterable[str]] | None = None,
        tags: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Path:
        """The folder of a new run; `metrics` are the lines of each one's file."""
        folder = self.folder / experiment / run_id
        meta = {
            "artifact_uri": f"{folder.absolute().as_uri()}/artifacts",
            "end_time": FIRST_MILLISECOND + 60_000,
            "entry_point_name": "",
            "experiment_id": experiment,
            "lifecycle_stage": "active",
            "run_id": run_id,
            "run_name": f"run {run_id[:4]}",
            "source_name": "",
            "source_type": 4,
            "source_version": "",
            "start_time": FIRST_MILLISECOND,
            "status": 3,
            "tags": [],
            "user_id": "ada",
        }
        _write_meta(folder, meta | more)
        for kind in ("artifacts", "metrics", "params", "tags"):
            (folder / kind).mkdir()
        _write_each(folder / "params", params or {})
        _write_each(folder / "tags", tags or {})
        _write_each(
            folder / "metrics", {key: "".join(f"{line}\n" for line in lines) for key, lines in (metrics or {}).items()}
        )
        return folder


def _write_meta(folder: Path, meta: Mapping[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    known = {key: value for key, value in meta.items() if value is not LEFT_OUT}
    (folder / "meta.yaml").write_text(yaml.safe_dump(known, default_flow_style=False, allow_unicode=True))


def _write_each(folder: Path, texts: Mapping[str, str]) -> None:
    for key, text in texts.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_text(text)
