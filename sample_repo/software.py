"""The software the sample's steps run in: a virtual environment of its own, made without any network.

It has three packages: numpy and PyYAML, shared with the interpreter that builds the demo, and the project's own little
`pixelprep`, which lies here in two releases so that the story can have a real change of environment.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution, version
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
    """Make the project's `.venv`, or make it anew when what it was made from has gone; install that pixelprep."""
    folder = project / ".venv"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    receipt = folder / "shared.json"
    places = _shared_places()
    wanted = json.dumps({name: str(place) for name, place in places.items()}, indent=1)
    is_mine = receipt.is_file() and receipt.read_text("utf-8") == wanted
    if not (is_mine and (folder / "bin" / "python").exists() and _is_shared(site, places)):
        venv.EnvBuilder(symlinks=True, clear=True).create(folder)
        _share(folder, site, places)
        receipt.write_text(wanted, "utf-8")
    if not (site / _record_name(pixelprep)).is_dir():
        _install(site, pixelprep)
    for model in _OTHER_MODELS:
        link = project / model / ".venv"
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to("../.venv")


@cache
def _shared_places() -> dict[str, Path]:
    """Name in site-packages -> where it is, for all that belongs to the shared packages."""
    places = {}
    for name in SHARED:
        package = distribution(name)
        for file in package.files or ():
            if file.parts[0] != ".." and file.parts[0] not in places:
                places[file.parts[0]] = Path(str(package.locate_file(file.parts[0])))
    return places


def _is_shared(site: Path, places: Mapping[str, Path]) -> bool:
    """Whether the shared packages are still there; `exists` asks what a link leads to."""
    shown = site / "shared.pth"
    if shown.is_file():
        return all(Path(folder).is_dir() for folder in shown.read_text("utf-8").splitlines())
    return bool(places) and all((site / name).exists() for name in places)


def _share(folder: Path, site: Path, places: Mapping[str, Path]) -> None:
    """Link the shared packages; where they do not work so, let Python look into the folders they lie in.

    A link is not enough for packages that find their libraries by their own place, as those of conda do, nor for those
    whose installer kept no list of files. The folders hold more than the packages that are wanted.
    """
    for name, place in places.items():
        (site / name).symlink_to(place)
    check = [str(folder / "bin" / "python"), "-c", "import " + ", ".join(SHARED.values())]
    if subprocess.run(check, env={}, capture_output=True, check=False).returncode:
        for name in places:
            (site / name).unlink()
        specs = [find_spec(module) for module in SHARED.values()]
        folders = dict.fromkeys(str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin)
        (site / "shared.pth").write_text("".join(f"{folder}\n" for folder in folders), "utf-8")


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
