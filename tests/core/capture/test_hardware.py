from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlver.capture.hardware import hardware

CPUINFO = """processor\t: 0
model name\t: AMD EPYC 9R14
flags\t\t: fpu vme sse4_2 avx avx2 fma avx512f avx512_bf16 bmi2 hypervisor

processor\t: 1
model name\t: AMD EPYC 9R14
"""

NVIDIA_SMI = """#!/bin/sh
case "$1" in
--query-gpu*) echo "NVIDIA A100-SXM4-40GB, 40960, 550.54.15"; echo "NVIDIA A100-SXM4-40GB, [N/A], 550.54.15" ;;
*) echo "| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4     |" ;;
esac
"""


def test_the_processor_is_named_with_what_changes_sums(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(CPUINFO, encoding="utf-8")

    facts = hardware({"PATH": str(tmp_path)}, proc=tmp_path)

    assert facts.cpu == "AMD EPYC 9R14"
    assert facts.cpu_features == ("avx", "avx2", "avx512_bf16", "avx512f", "bmi2", "fma", "sse4_2")


def test_cores_are_those_that_may_be_used(tmp_path: Path) -> None:
    facts = hardware({"PATH": str(tmp_path)})

    assert facts.cores == len(os.sched_getaffinity(0))
    assert facts.ram_bytes is not None
    assert facts.ram_bytes > 100_000_000


def test_what_is_not_known_is_none(tmp_path: Path) -> None:
    facts = hardware({"PATH": str(tmp_path)}, proc=tmp_path / "gone")

    assert (facts.cpu, facts.cpu_features, facts.gpus, facts.cuda, facts.blas) == (None, (), (), None, None)


def test_gpus_are_those_nvidia_smi_lists(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(NVIDIA_SMI, encoding="utf-8")
    program.chmod(0o755)

    facts = hardware({"PATH": str(tmp_path)})

    assert [(gpu.name, gpu.memory_bytes, gpu.driver) for gpu in facts.gpus] == [
        ("NVIDIA A100-SXM4-40GB", 40960 << 20, "550.54.15"),
        ("NVIDIA A100-SXM4-40GB", None, "550.54.15"),
    ]
    assert facts.cuda == "12.4"


def test_a_broken_nvidia_smi_means_no_gpus(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\nexit 9\n", encoding="utf-8")
    program.chmod(0o755)

    assert hardware({"PATH": str(tmp_path)}).gpus == ()


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="asks a Linux machine")
def test_this_machine_has_a_processor(tmp_path: Path) -> None:
    assert hardware({"PATH": str(tmp_path)}).cpu
