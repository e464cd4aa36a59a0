"""Tells what the Python that runs it is made of, in one marked line of JSON on standard output.

Run by the interpreter of a step, which may be older than mlver's (3.6 and up) and has none of mlver's packages:
standard library only, no syntax younger than 3.6. It reads the metadata of installed packages and imports none of them.
"""

# pathlib would cost a fifth of the probe's time, so:
# ruff: noqa: PTH110, PTH112, PTH118, PTH123, PTH208

import sys

MARK = "mlver-probe:"

SEARCHED = list(sys.path)
"""Where the step's own imports would look, but for the first entry: that is this file's folder, not the step's."""


def is_own_folder(entry: str) -> bool:
    """Whether the entry of sys.path is there only because this file was run."""
    return bool(entry) and __file__.startswith(entry + "/") and "/" not in __file__[len(entry) + 1 :]


if SEARCHED and is_own_folder(SEARCHED[0]):
    del SEARCHED[0]  # not so where PYTHONSAFEPATH is set

# Until the imports below are done nothing but the standard library is in reach: beside this file lies a `secrets.py`,
# and a folder on PYTHONPATH may hold a `json.py`. `os` is loaded by now, whoever wrote it.
_LIBRARY = getattr(sys.modules.get("os"), "__file__", "") or ""
_LIBRARY = _LIBRARY.rpartition("/")[0]
if __name__ == "__main__" and _LIBRARY:
    sys.path[:] = [_LIBRARY, _LIBRARY + "/lib-dynload"]

import json  # noqa: E402 - see above
import os  # noqa: E402
import re  # noqa: E402

VARIABLES = (
    "PYTHONHASHSEED", "PYTHONPATH", "PYTHONOPTIMIZE", "CUDA_VISIBLE_DEVICES", "SOURCE_DATE_EPOCH", "TZ", "LANG",
    "LC_ALL", "LC_NUMERIC", "OPENBLAS_CORETYPE", "MKL_CBWR", "NPY_DISABLE_CPU_FEATURES", "XLA_FLAGS", "JAX_PLATFORMS",
)  # fmt: skip
"""Environment variables that can change a result."""

THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)  # fmt: skip
"""Environment variables that say how sums are split, and so in which order they are added up."""

DETERMINISM = (
    "CUBLAS_WORKSPACE_CONFIG", "TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
    "NVIDIA_TF32_OVERRIDE", "FLAGS_cudnn_deterministic",
)  # fmt: skip
"""Environment variables that ask libraries to repeat themselves."""


def package_folders(entry: str) -> "list[str]":
    """The metadata folders and files in one entry of sys.path; the order is sorted, so that it is always the same."""
    if entry.endswith(".egg") and os.path.isdir(os.path.join(entry, "EGG-INFO")):
        return [os.path.join(entry, "EGG-INFO")]
    try:
        names = sorted(os.listdir(entry or os.curdir))
    except OSError:
        return []  # a zip archive, or an entry that is not there
    return [os.path.join(entry, name) for name in names if name.endswith((".dist-info", ".egg-info"))]


def read_package(folder: str) -> "dict[str, object] | None":
    """Name, version and needs of an installed package; None when its metadata cannot be read."""
    for name in ("METADATA", "PKG-INFO", ""):  # an egg-info of distutils is a file itself
        try:
            with open(os.path.join(folder, name) if name else folder, "rb") as file:
                return read_headers(file, folder)
        except OSError:
            continue
    return None


def read_headers(lines: "object", folder: str) -> "dict[str, object] | None":
    """The three headers wanted; the description behind the first empty line can be long and is not read."""
    name, version, needs = "", "", []
    for line in lines:  # type: ignore[attr-defined]  # a binary file; `IO` would cost an import of typing
        text = line.decode("utf-8", "replace").rstrip()
        if not text:
            break
        key, _, value = text.partition(":")
        if key == "Name":
            name = value.strip()
        elif key == "Version":
            version = value.strip()
        elif key == "Requires-Dist":
            needs.append(value.strip())
    if not name or not version:
        return None
    is_requested = os.path.exists(os.path.join(folder, "REQUESTED"))
    return {"name": name, "version": version, "needs": needs, "requested": is_requested}


def packages(searched: "list[str]") -> "list[dict[str, object]]":
    """What can be imported; of two installations of one package the first on the path, as an import would take it."""
    found = {}  # type: dict[str, dict[str, object]]
    for entry in searched:
        for folder in package_folders(entry):
            package = read_package(folder)
            if package is not None:
                found.setdefault(re.sub(r"[-_.]+", "-", str(package["name"])).lower(), package)
    return [found[name] for name in sorted(found)]


def blas(searched: "list[str]") -> "str | None":
    """The linear algebra numpy was built with, from the file that says so; numpy itself is not imported."""
    for entry in searched:
        try:
            with open(os.path.join(entry, "numpy", "__config__.py"), "rb") as file:
                text = file.read(100000).decode("utf-8", "replace")
        except OSError:
            continue
        built = re.search(r'"blas": \{\s*"name": "([^"]+)".*?"version": "([^"]*)"', text, re.DOTALL)
        if built:
            return (built.group(1) + " " + built.group(2)).strip()
        older = re.search(r"blas\w*_info\s*=\s*\{'libraries': \['([^']+)'", text)  # numpy before 1.26
        return older.group(1) if older else None
    return None


def system() -> str:
    """Kernel, machine, C library and distribution."""
    kernel = os.uname()
    parts = [" ".join((kernel.sysname, kernel.release, kernel.machine))]
    if "CS_GNU_LIBC_VERSION" in os.confstr_names:
        parts.append(os.confstr("CS_GNU_LIBC_VERSION") or "")
    try:
        with open("/etc/os-release", encoding="utf-8", errors="replace") as file:
            parts += re.findall(r'^PRETTY_NAME="?([^"\n]*)', file.read(10000), re.MULTILINE)[:1]
    except OSError:
        parts.append("")  # a system that does not name its distribution
    return ", ".join(part for part in parts if part)


def chosen(names: "tuple[str, ...]") -> "dict[str, str]":
    """Those of the variables that are set."""
    return {name: os.environ[name] for name in names if name in os.environ}  # noqa: TID251 - a program of its own


def main() -> None:
    """Answer."""
    answer = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(sys.implementation.name, sys.implementation.name),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "os": system(),
        "packages": packages(SEARCHED),
        "variables": chosen(VARIABLES),
        "threads": chosen(THREADS),
        "determinism": chosen(DETERMINISM),
        "blas": blas(SEARCHED),
    }
    # A line of its own whatever was written before it, and ASCII whatever the encoding of standard output is.
    sys.stdout.write("\n" + MARK + json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
