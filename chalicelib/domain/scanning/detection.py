"""What a file is: by its first and last bytes, and what its name promises."""

import zlib
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from chalicelib.domain.scanning.containers.tars import is_tar
from chalicelib.domain.scanning.containers.zip_directory import has_end
from chalicelib.domain.scanning.paths import suffix_of
from chalicelib.domain.scanning.source import Source

# How much of a file is looked at to tell what it is.
HEAD: Final = 4 * 1024


class Kind(StrEnum):
    """A kind of content that is scanned in its own way."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    ZLIB = "zlib"
    BZIP2 = "bzip2"
    XZ = "xz"
    LZMA = "lzma"
    CLOSED = "closed"
    EXECUTABLE = "executable"
    PICKLE = "pickle"
    NPY = "npy"
    SAFETENSORS = "safetensors"
    GGUF = "gguf"
    HDF5 = "hdf5"
    PROTOBUF = "protobuf"
    DATA = "data"
    TEXT = "text"
    UNKNOWN = "unknown"


_HDF5: Final = b"\x89HDF\r\n\x1a\n"
# The least block before it in which anything may be. Others have the double, and the double of that.
_HDF5_BLOCK: Final = 512
# Longer beginnings come before shorter ones that they start with.
_BEGINNINGS: Final = (
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"7z\xbc\xaf\x27\x1c", Kind.CLOSED),
    (b"Rar!\x1a\x07", Kind.CLOSED),
    (b"MSCF", Kind.CLOSED),
    (b"\x28\xb5\x2f\xfd", Kind.CLOSED),
    (b"\x04\x22\x4d\x18", Kind.CLOSED),
    (b"\x7fELF", Kind.EXECUTABLE),
    (b"\xfe\xed\xfa\xce", Kind.EXECUTABLE),
    (b"\xfe\xed\xfa\xcf", Kind.EXECUTABLE),
    (b"\xce\xfa\xed\xfe", Kind.EXECUTABLE),
    (b"\xcf\xfa\xed\xfe", Kind.EXECUTABLE),
    (b"\xca\xfe\xba\xbe", Kind.EXECUTABLE),
    (b"\x93NUMPY", Kind.NPY),
    (b"GGUF", Kind.GGUF),
    (_HDF5, Kind.HDF5),
    (b"PAR1", Kind.DATA),
    (b"ARROW1", Kind.DATA),
    (b"FEA1", Kind.DATA),
    (b"{L\x00\x00\x00\x00\x00\x00\x00", Kind.DATA),
    (b"\x89PNG\r\n\x1a\n", Kind.DATA),
    (b"\xff\xd8\xff", Kind.DATA),
    (b"GIF8", Kind.DATA),
    (b"RDX2\n", Kind.CLOSED),
    (b"RDX3\n", Kind.CLOSED),
    (b"RDA2\n", Kind.CLOSED),
    (b"RDA3\n", Kind.CLOSED),
    (b"X\n\x00\x00\x00\x02", Kind.CLOSED),
    (b"X\n\x00\x00\x00\x03", Kind.CLOSED),
)
# Data formats by how they begin, as findings name them.
_DATA: Final = {
    b"PAR1": "parquet",
    b"ARRO": "arrow",
    b"FEA1": "feather",
    b"{L\x00\x00": "ubjson",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
}
# What files of these names are, whatever they hold. A file that is something else is a finding.
_SUFFIXES: Final[dict[str, frozenset[Kind]]] = {
    ".safetensors": frozenset({Kind.SAFETENSORS}),
    ".gguf": frozenset({Kind.GGUF}),
    ".npy": frozenset({Kind.NPY}),
    ".npz": frozenset({Kind.ZIP}),
    ".tar": frozenset({Kind.TAR}),
    ".keras": frozenset({Kind.ZIP}),
    ".skops": frozenset({Kind.ZIP}),
    ".zip": frozenset({Kind.ZIP}),
    ".h5": frozenset({Kind.HDF5}),
    ".hdf5": frozenset({Kind.HDF5}),
    ".onnx": frozenset({Kind.PROTOBUF}),
    ".pb": frozenset({Kind.PROTOBUF}),
    ".parquet": frozenset({Kind.DATA}),
    ".feather": frozenset({Kind.DATA}),
    ".png": frozenset({Kind.DATA}),
    ".jpg": frozenset({Kind.DATA}),
    ".jpeg": frozenset({Kind.DATA}),
    ".gif": frozenset({Kind.DATA}),
    ".json": frozenset({Kind.TEXT}),
    ".yaml": frozenset({Kind.TEXT}),
    ".yml": frozenset({Kind.TEXT}),
    ".md": frozenset({Kind.TEXT}),
    ".txt": frozenset({Kind.TEXT}),
    ".csv": frozenset({Kind.TEXT}),
    ".jinja": frozenset({Kind.TEXT}),
    ".py": frozenset({Kind.TEXT}),
}
# Files of these names are unpickled by those who load them, so they are read as pickles even if they look like none.
_UNPICKLED: Final = frozenset({".ckpt", ".cloudpickle", ".dill", ".joblib", ".p", ".pickle", ".pkl", ".pt", ".pth"})
_PICKLES: Final = frozenset({Kind.PICKLE, Kind.ZIP, Kind.GZIP, Kind.ZLIB, Kind.BZIP2, Kind.XZ, Kind.LZMA})
_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def kinds(path: str, source: Source) -> list[Kind]:
    """What a file is to some reader, the first by its beginning. More than one is a file that is two things at once.

    A tar archive begins with the name of a member, which its author chooses, so it may begin as anything.
    """
    head = source.read(0, HEAD)
    is_hdf5 = hdf5_start(source) is not None
    found = [_by_content(head, source, suffix_of(path), is_hdf5)]
    if Kind.TAR not in found and is_tar(head):
        found.append(Kind.TAR)
    if Kind.HDF5 not in found and is_hdf5:
        found.append(Kind.HDF5)
    # What is at the end of a tar archive is in a member of it, and looked at there.
    if Kind.ZIP not in found and Kind.TAR not in found and has_end(source):
        found.append(Kind.ZIP)
    return found


def promised(path: str) -> frozenset[Kind]:
    """The kinds that a file of this name may be; empty if the name promises nothing."""
    suffix = suffix_of(path)
    return _PICKLES if suffix in _UNPICKLED else _SUFFIXES.get(suffix, frozenset())


def hdf5_start(source: Source) -> int | None:
    """Where HDF5 begins in a file; None if it is nowhere where a reader looks. Each double of a block takes a read.

    Source: HDF5 file format specification 3.0, section II.A. A reader looks for the signature at 0, 512, and so on.
    """
    start = 0
    while start + len(_HDF5) <= source.size:
        if source.read(start, len(_HDF5)) == _HDF5:
            return start
        start = max(_HDF5_BLOCK, 2 * start)
    return None


def data_format(head: bytes) -> str:
    """Which data format begins so."""
    return next((name for beginning, name in _DATA.items() if head.startswith(beginning)), "data")


def _by_content(head: bytes, source: Source, suffix: str, is_hdf5: bool) -> Kind:
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    for kind, is_it in _LOOKS:
        if is_it(head, source, is_hdf5):
            return kind
    if suffix in _UNPICKLED and source.size:
        return Kind.PICKLE
    if suffix in {".onnx", ".pb"}:
        return Kind.PROTOBUF
    return Kind.TEXT if head and is_text(head) else Kind.UNKNOWN


def _is_zlib(head: bytes) -> bool:
    """A zlib stream has two bytes of header only, so its beginning must inflate as well."""
    if len(head) < 8 or head[0] != 0x78 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        zlib.decompressobj().decompress(head, HEAD)
    except zlib.error:
        return False
    return True


def _is_graph(head: bytes) -> bool:
    """Whether it starts as models of ONNX and TensorFlow do: a small version, and a field of bytes."""
    return len(head) > 4 and head[0] == 0x08 and 0 < head[1] < 0x20 and head[2] & 7 == 2 and 0x12 <= head[2] <= 0x7A


def is_text(head: bytes) -> bool:
    """Whether the beginning is UTF-8 without control characters. Its last character may be cut."""
    if any(byte in _CONTROL for byte in head):
        return False
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start >= HEAD - 3 and error.reason == "unexpected end of data"
    return True


def _is_program(head: bytes, source: Source) -> bool:
    """Whether it is a program for Windows, or one for several platforms at once, as llamafiles are."""
    if not head.startswith(b"MZ"):
        return False
    return head.startswith(b"MZqFpD") or source.read(int.from_bytes(head[60:64], "little"), 4) == b"PE\0\0"


def _is_safetensors(head: bytes, source: Source) -> bool:
    return head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= source.size - 8


def _is_lzma(head: bytes) -> bool:
    """Whether it starts as LZMA's old format: its usual properties, and a size that is unknown or small."""
    return head.startswith(b"\x5d\x00\x00") and (head[5:13] == b"\xff" * 8 or head[10:13] == b"\x00" * 3)


# What is told by more than how it begins, the surest first.
_LOOKS: Final[tuple[tuple[Kind, Callable[[bytes, Source, bool], bool]], ...]] = (
    (Kind.TAR, lambda head, *_: is_tar(head)),
    (Kind.EXECUTABLE, lambda head, source, _: _is_program(head, source)),
    (Kind.HDF5, lambda _head, _source, is_hdf5: is_hdf5),
    (Kind.SAFETENSORS, lambda head, source, _: _is_safetensors(head, source)),
    (Kind.PICKLE, lambda head, *_: head[:1] == b"\x80" and head[1:2] <= b"\x05"),
    (Kind.ZLIB, lambda head, *_: _is_zlib(head)),
    (Kind.LZMA, lambda head, *_: _is_lzma(head)),
    (Kind.PROTOBUF, lambda head, *_: _is_graph(head)),
)
