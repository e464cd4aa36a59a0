from __future__ import annotations

import pytest
from msgspec.structs import replace

from mlver.comparing.environments import compare_environments, compare_hardware
from mlver.comparing.result_movers import is_marked, marked, moving_reason
from mlver.model.change import Change
from mlver.model.manifest import EnvironmentFacts, Gpu, HardwareFacts

KNOWN = EnvironmentFacts(digest="x", python="3.11.7", implementation="CPython", os="Linux")
MACHINE = HardwareFacts(
    cpu="one", cores=2, cpu_features=("avx2",), ram_bytes=8 << 30, gpus=(Gpu(name="A", driver="1"),)
)


def names(tree: Change) -> list[str]:
    return [leaf.label for leaf in tree.leaves() if is_marked(leaf)]


def test_packages_that_compute_are_marked_and_others_are_not() -> None:
    packages = (
        {"numpy": "1.26", "rich": "13", "nvidia-cublas-cu12": "1", "opencv-python": "4", "gone": "1"},
        {"numpy": "2.0", "rich": "14", "nvidia-cublas-cu12": "2", "opencv-python": "4", "scikit-learn": "1"},
    )

    tree = marked(compare_environments(KNOWN, KNOWN, packages))

    assert names(tree) == ["numpy", "nvidia-cublas-cu12", "scikit-learn"]
    numpy = next(leaf for leaf in tree.leaves() if leaf.label == "numpy")
    assert (numpy.note, numpy.details) == ("major, can move results", (moving_reason("packages", "numpy"),))


def test_settings_are_marked_one_by_one() -> None:
    after = EnvironmentFacts(
        digest="y", python="3.12.0", implementation="CPython", os="Linux",
        variables={"PYTHONHASHSEED": "0"}, threads={"OMP_NUM_THREADS": "4"},
        determinism={"CUBLAS_WORKSPACE_CONFIG": ":4096:8"},
    )  # fmt: skip

    tree = marked(compare_environments(KNOWN, after, ({}, {})))

    assert sorted(names(tree)) == ["CUBLAS_WORKSPACE_CONFIG", "OMP_NUM_THREADS", "PYTHONHASHSEED", "python"]


def test_of_a_machine_memory_is_not_marked() -> None:
    after = HardwareFacts(
        cpu="two", cores=2, cpu_features=("avx2", "fma"), ram_bytes=16 << 30, gpus=(Gpu(name="A", driver="2"),)
    )

    assert sorted(names(marked(compare_hardware(MACHINE, after)))) == ["cpu", "driver", "fma"]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("python", "3.11", "3.12"),
        ("implementation", "CPython", "PyPy"),
        ("os", "Linux", "Darwin"),
        ("container", "image@sha256:1", "image@sha256:2"),
    ],
)
def test_every_fact_of_the_software_is_compared_and_marked(part: str, before: str, after: str) -> None:
    sides = [replace(KNOWN, **{part: value}) for value in (before, after)]

    assert names(marked(compare_environments(sides[0], sides[1], ({}, {})))) == [part]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("cpu", "one", "two"),
        ("cores", 2, 4),
        ("cuda", "12.1", "12.4"),
        ("cudnn", "8", "9"),
        ("blas", "mkl", "openblas"),
    ],
)
def test_every_fact_of_the_machine_is_compared_and_marked(part: str, before: object, after: object) -> None:
    sides = [replace(MACHINE, **{part: value}) for value in (before, after)]

    assert names(marked(compare_hardware(sides[0], sides[1]))) == [part]


def test_of_two_processors_alike_each_is_compared() -> None:
    sides = [replace(MACHINE, gpus=(Gpu(name="A", driver=driver),) * 2) for driver in ("1", "2")]

    assert names(marked(compare_hardware(sides[0], sides[1]))) == ["driver", "driver"]


def test_what_is_not_known_is_not_marked() -> None:
    assert names(marked(compare_environments(KNOWN, EnvironmentFacts(), (None, {"numpy": "1"})))) == []
