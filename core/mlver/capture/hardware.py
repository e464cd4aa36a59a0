"""The machine: what of it can change a result, and what makes a time comparable."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlver.capture.probe import ProbedEnvironment
from mlver.model.identity import normalised_name
from mlver.model.manifest import Gpu, HardwareFacts

NVIDIA_TIME_LIMIT_S = 5.0

_DECISIVE = re.compile(
    r"sse4_2|avx\w*|fma4?|f16c|amx\w*|bmi2"  # x86
    r"|asimd\w*|sve\w*|neon|fp|fphp|bf16|i8mm"  # ARM
    r"|vsx|vx\w*"  # POWER and Z
)
"""Instructions that numerical libraries choose their code by, so that sums round differently."""


def hardware(
    environment: Mapping[str, str], probed: ProbedEnvironment | None = None, *, proc: Path = Path("/proc")
) -> HardwareFacts:
    """What can be known of this machine without special rights; None where it cannot (or this is no Linux).

    `environment` is searched for `nvidia-smi`. `probed` knows the libraries that belong to the steps' interpreter.
    """
    cpu, features = _processor(proc)
    gpus, cuda = _gpus(environment.get("PATH") or os.defpath)
    return HardwareFacts(
        cpu=cpu,
        cores=_cores(),
        cpu_features=features,
        ram_bytes=_memory(),
        gpus=gpus,
        cuda=cuda,
        cudnn=_cudnn(probed) if probed else None,
        blas=probed.blas if probed else None,
    )


def _processor(proc: Path) -> tuple[str | None, tuple[str, ...]]:
    try:
        text = (proc / "cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None, ()
    fields: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    flags = (fields.get("flags") or fields.get("features") or "").split()
    return (
        fields.get("model name") or fields.get("cpu model") or fields.get("cpu"),
        tuple(sorted({flag for flag in flags if _DECISIVE.fullmatch(flag)})),
    )


def _cores() -> int | None:
    """Those this process may use: in a container or a job fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


@cache
def _gpus(path: str) -> tuple[tuple[Gpu, ...], str | None]:
    """NVIDIA's, as `nvidia-smi` lists them; asked once, for it can take a second to wake the driver."""
    listing = _nvidia(path, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
    if listing is None:
        return (), None
    gpus = tuple(gpu for line in listing.splitlines() if (gpu := _gpu(line)))
    version = re.search(r"CUDA Version:\s*([\d.]+)", _nvidia(path) or "")
    return gpus, version[1] if version else None


def _gpu(line: str) -> Gpu | None:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != 3:  # noqa: PLR2004 - the three columns asked for
        return None
    name, memory, driver = parts
    return Gpu(name=name, memory_bytes=int(memory) << 20 if memory.isdecimal() else None, driver=driver)


def _nvidia(path: str, *options: str) -> str | None:
    try:
        done = subprocess.run(
            ["nvidia-smi", *options],
            env={"PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=NVIDIA_TIME_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def _cudnn(probed: ProbedEnvironment) -> str | None:
    for package in probed.installed:
        if re.fullmatch(r"nvidia-cudnn(-cu\d+)?", normalised_name(package.name)):
            return package.version
    return None
