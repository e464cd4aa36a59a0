"""Files as `torch.save` lays them out, written without torch: an archive of a pickle and raw storages."""

from __future__ import annotations

import io
import pickle
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STORAGES = {
    "float32": "FloatStorage", "float64": "DoubleStorage", "int64": "LongStorage", "float16": "HalfStorage",
    "int8": "QInt8Storage",
}  # fmt: skip


class Tensor:
    """Stands in a value for a tensor that torch would pickle."""

    def __init__(
        self,
        array: NDArray[Any],
        *,
        strides: tuple[int, ...] | None = None,
        offset: int = 0,
        storage: Storage | None = None,
    ) -> None:
        self.storage, self.offset = storage or Storage(array), offset
        self.strides = strides or tuple(step // array.itemsize for step in np.array(array, order="C").strides)
        self.shape = array.shape

    def __reduce__(self) -> tuple[Any, ...]:
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (self.storage, self.offset, self.shape, self.strides, False, OrderedDict())


class Quantised:
    """Stands in a value for a quantised tensor: integers with one scale."""

    def __init__(self, array: NDArray[Any], scale: float) -> None:
        self.array, self.scale = array, scale

    def __reduce__(self) -> tuple[Any, ...]:
        rebuild = sys.modules["torch._utils"]._rebuild_qtensor
        return rebuild, (
            Storage(self.array),
            0,
            self.array.shape,
            (1,),
            ("affine", self.scale, 0),
            False,
            OrderedDict(),
        )


class Storage:
    """Numbers without a tensor over them, as quantised tensors have them."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array


def torch_file(
    value: Any,
    *,
    top: str = "archive",
    byteorder: bytes = b"little",
    protocol: int = 2,
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The archive of a value in which `Tensor`s stand; `more` are other members by name."""
    storages: list[bytes] = []
    keys: dict[Storage, str] = {}

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: Any) -> Any:
            if not isinstance(obj, Storage):
                return None
            if obj not in keys:
                keys[obj] = str(len(keys))
                storages.append(obj.array.tobytes())
            storage = getattr(sys.modules["torch"], _STORAGES[obj.array.dtype.name])
            return "storage", storage, keys[obj], "cpu", obj.array.size

    content = io.BytesIO()
    with _torch_by_name():
        Pickler(content, protocol).dump(value)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in (
            ("data.pkl", content.getvalue()),
            ("byteorder", byteorder),
            ("version", b"3\n"),
            *more.items(),
        ):
            archive.writestr(zipfile.ZipInfo(f"{top}/{name}"), part)
        for number, part in enumerate(storages):
            archive.writestr(zipfile.ZipInfo(f"{top}/data/{number}"), part)
    return made.getvalue()


@contextmanager
def _torch_by_name() -> Iterator[None]:
    """Modules that are called as torch's, so that a pickle names them."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")

    for name in ("_rebuild_tensor_v2", "_rebuild_qtensor"):

        def rebuild() -> None: ...

        rebuild.__module__, rebuild.__qualname__ = "torch._utils", name
        setattr(utils, name, rebuild)
    for name in _STORAGES.values():
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    before = {name: sys.modules.get(name) for name in ("torch", "torch._utils")}
    sys.modules.update({"torch": torch, "torch._utils": utils})
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
