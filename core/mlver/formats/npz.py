"""NumPy archives (`.npz`): a zip archive of `.npy` arrays, compared array by array."""

from __future__ import annotations

from mlver.comparing.bytes import BinaryFile
from mlver.formats.array_types import tensor_of
from mlver.formats.blob import Blob, Pair
from mlver.formats.format import Limits, NotUnderstood
from mlver.formats.members import MOST_OF_TENSORS, ZIP_MAGIC, read_members
from mlver.formats.tensor import Tensor
from mlver.formats.tensors import compare_tensors, tensors_told
from mlver.model.change import Change
from mlver.progress import ShouldStop

_SUFFIX = ".npy"


class NpzFormat:
    """Named arrays in one file."""

    name = "npz"
    tells_bytes = True
    vouches = True

    def recognises(self, path: str, head: bytes) -> bool:
        """Whether it is a zip archive that is called an archive of arrays, or begins with one."""
        name_length = int.from_bytes(head[26:28], "little")
        first = head[30 : 30 + name_length]
        return head.startswith(ZIP_MAGIC) and (path.endswith(".npz") or first.endswith(_SUFFIX.encode()))

    def compare(self, pair: Pair, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is compared
        """Arrays by name; the compression does not matter."""
        with pair.before.open() as before, pair.after.open() as after:
            return compare_tensors(pair.path, read_arrays(before), read_arrays(after), should_stop)

    def describe(self, path: str, side: Blob, limits: Limits, should_stop: ShouldStop) -> Change:  # noqa: ARG002 - all is told
        """Type and shape of each array."""
        with side.open() as file:
            return tensors_told(path, read_arrays(file))


def read_arrays(file: BinaryFile) -> dict[str, Tensor]:
    """The arrays of an archive. Raises NotUnderstood, also where one of its members is no plain array."""
    members = read_members(file, MOST_OF_TENSORS)
    if any(not name.endswith(_SUFFIX) for name in members):
        raise NotUnderstood("a member is no array")
    return {(short := name.removesuffix(_SUFFIX)): tensor_of(short, member.file) for name, member in members.items()}
