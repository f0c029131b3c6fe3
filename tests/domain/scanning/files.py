"""Files to be scanned: archives whose bytes are made on demand, and sources that count what is read of them."""

import io
import struct
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Bytes, Source
from chalicelib.domain.scanning.verdict import Verdict

# A pickle of protocol 0 that runs a command when it is loaded.
RUNS_A_SHELL = b"cos\nsystem\n(S'id'\ntR."
KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


def scanned(path: str, content: bytes) -> FileScan:
    return scan_file(path, Bytes(content))


def verdict(path: str, content: bytes) -> Verdict:
    return scanned(path, content).verdict


def codes(path: str, content: bytes) -> set[str]:
    return {reason.code for reason in scanned(path, content).reasons}


class Counted:
    """A source that counts its reads and their bytes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.reads = 0
        self.bytes = 0

    @property
    def size(self) -> int:
        return self._source.size

    def read(self, start: int, length: int) -> bytes:
        content = self._source.read(start, length)
        self.reads += 1
        self.bytes += len(content)
        return content


class Sparse:
    """A file of which only some parts are kept: zeros are between them, made when they are read."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, content: bytes) -> None:
        self._starts.append(self.size)
        self._parts.append(content)
        self.size += len(content)

    def add_zeros(self, length: int) -> None:
        self.size += length

    def read(self, start: int, length: int) -> bytes:
        end = min(start + length, self.size)
        made = bytearray(max(0, end - start))
        for index in range(max(0, bisect_right(self._starts, start) - 1), len(self._parts)):
            part_start, part = self._starts[index], self._parts[index]
            if part_start >= end:
                break
            first, last = max(start, part_start), min(end, part_start + len(part))
            if first < last:
                made[first - start : last - start] = part[first - part_start : last - part_start]
        return bytes(made)


@dataclass
class SparseZip:
    """Writes a zip as PyTorch does: stored members at multiples of 64, sizes after the members, a zip64 end."""

    file: Sparse = field(default_factory=Sparse)
    directory: list[bytes] = field(default_factory=list)

    def add(self, name: str, content: bytes | int) -> None:
        """A member with this content, or with so many zeros."""
        raw, header = name.encode(), self.file.size
        size, crc = (content, 0) if isinstance(content, int) else (len(content), zlib.crc32(content))
        padding = -(header + 30 + len(raw) + 4) % 64
        extra = b"FB" + struct.pack("<H", padding) + b"Z" * padding
        self.file.add(
            struct.pack("<4s5H3L2H", b"PK\x03\x04", 0, 0x808, 0, 0, 0, 0, 0, 0, len(raw), len(extra)) + raw + extra
        )
        if isinstance(content, int):
            self.file.add_zeros(content)
        else:
            self.file.add(content)
        self.file.add(struct.pack("<4sLQQ", b"PK\x07\x08", crc, size, size))
        wide = [number for number in (size, size, header) if number > 0xFFFFFFFE]
        narrow = [min(number, 0xFFFFFFFF) if number > 0xFFFFFFFE else number for number in (size, size, header)]
        zip64 = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
        entry = struct.pack(
            "<4s6H3L5H2L",
            *(
                b"PK\x01\x02",
                0,
                0,
                0x808,
                0,
                0,
                0,
                crc,
                narrow[0],
                narrow[1],
                len(raw),
                len(zip64),
                0,
                0,
                0,
                0,
                narrow[2],
            ),
        )
        self.directory.append(entry + raw + zip64)

    def finished(self) -> Sparse:
        start, entries = self.file.size, b"".join(self.directory)
        count = len(self.directory)
        self.file.add(entries)
        end = self.file.size
        self.file.add(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 0x31E, 45, 0, 0, count, count, len(entries), start))
        self.file.add(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        self.file.add(
            struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), min(start, 0xFFFFFFFF), 0)
        )
        return self.file


def checkpoint(tensors: int, each: int) -> Sparse:
    """A checkpoint of PyTorch with so many tensors of so many bytes, without PyTorch."""
    made = SparseZip()
    made.add("model/data.pkl", _state(tensors, each // 4))
    made.add("model/byteorder", b"little")
    for index in range(tensors):
        made.add(f"model/data/{index}", each)
    made.add("model/version", b"3\n")
    made.add("model/.data/serialization_id", b"0" * 40)
    return made.finished()


def _state(tensors: int, elements: int) -> bytes:
    """Opcodes of ``OrderedDict`` of tensors, as ``torch.save`` writes them with protocol 2."""
    made = [b"\x80\x02ccollections\nOrderedDict\n)R("]
    for index in range(tensors):
        name, key = f"layers.{index}.weight".encode(), str(index).encode()
        made.append(b"X" + struct.pack("<L", len(name)) + name)
        made.append(b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n")
        made.append(b"X" + struct.pack("<L", len(key)) + key + b"X\x03\x00\x00\x00cpu")
        made.append(b"\x8a\x08" + struct.pack("<q", elements) + b"tQK\x00\x8a\x08" + struct.pack("<q", elements))
        made.append(b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR")
    return b"".join([*made, b"u."])


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", compression) as made:
        for name, content in members.items():
            made.writestr(zipfile.ZipInfo(name), content, compression)
    return archive.getvalue()
