"""The software the sample's steps run in: a virtual environment of its own, made without any network.

It shares numpy and PyYAML with the interpreter that builds the demo, through a `.pth` file, and has one package to
itself: `pixelprep`, which lies here in two releases so that the story can have a real change of environment.
"""

from __future__ import annotations

import shutil
import sysconfig
import venv
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SHARED = {"numpy": "numpy", "pyyaml": "yaml"}
"""Packages the steps use beside pixelprep: distribution -> module."""

_OTHER_MODELS = ("parity",)
"""Folders with an mlver.yaml of their own: mlver looks for `.venv` beside that file, so it is linked there."""

_PACKAGES = Path(__file__).parent / "packages"


def requirements_lock(pixelprep: str | None = None) -> str:
    """A lock file with what is really there on this machine; None: for a model that needs no pixelprep."""
    pins = {name: version(name) for name in SHARED} | ({"pixelprep": pixelprep} if pixelprep else {})
    return "".join(f"{name}=={pins[name]}\n" for name in sorted(pins))


def ensure_software(project: Path, pixelprep: str) -> None:
    """Make the project's `.venv`, or mend it when the interpreter behind it has gone; install that pixelprep."""
    folder = project / ".venv"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    shared = site / "shared.pth"
    wanted = "".join(f"{place}\n" for place in _shared_places())
    is_sound = (folder / "bin" / "python").exists() and shared.is_file() and shared.read_text("utf-8") == wanted
    if not is_sound:
        venv.EnvBuilder(symlinks=True, clear=True).create(folder)
        shared.write_text(wanted, "utf-8")
    if not (site / _record_name(pixelprep)).is_dir():
        _install(site, pixelprep)
    for model in _OTHER_MODELS:
        link = project / model / ".venv"
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to("../.venv")


def _shared_places() -> list[str]:
    specs = [find_spec(module) for module in SHARED.values()]
    places = (str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin)
    return list(dict.fromkeys(places))


def _install(site: Path, pixelprep: str) -> None:
    """As an installer would: the module, and the folder that says which release it is."""
    for old in site.glob("pixelprep-*.dist-info"):
        shutil.rmtree(old)
    source = _PACKAGES / f"pixelprep-{pixelprep}"
    shutil.copyfile(source / "pixelprep.py", site / "pixelprep.py")
    record = site / _record_name(pixelprep)
    record.mkdir()
    shutil.copyfile(source / "METADATA", record / "METADATA")
    (record / "INSTALLER").write_text("mlver demo\n", "utf-8")
    (record / "RECORD").write_text(
        f"pixelprep.py,,\n{record.name}/METADATA,,\n{record.name}/INSTALLER,,\n{record.name}/RECORD,,\n", "utf-8"
    )


def _record_name(pixelprep: str) -> str:
    return f"pixelprep-{pixelprep}.dist-info"
