"""What it takes to scan a checkpoint of PyTorch of 2 GB: bytes, reads, memory, and CPU time as a ratio.

The checkpoint is made on demand, so it takes neither disk nor PyTorch. The reference is reading the names in its
directory with Python's own ``zipfile``. To print it alone: ``python -m bench.scanning``.
"""

import io
import tracemalloc
import zipfile
from typing import Any, Final

from rich.table import Table

from bench import report
from bench.ratio import Timing, cpu_ms, quickest
from chalicelib.domain.scanning.scan import scan_file
from chalicelib.domain.scanning.source import Source
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.files import GIB, KIB, MIB, Counted, checkpoint

TENSORS: Final = 300
MOST_BYTES: Final = MIB
MOST_MEMORY: Final = 256 * MIB
# A scan follows the pickle and compares every header with the directory, which zipfile only lists.
MOST_RATIO: Final = 60.0
_ROUNDS: Final = 5


def rows() -> list[dict[str, Any]]:
    """One row a checkpoint: of 2 GB, and of 12 GB with tensors whose sizes need zip64."""
    return [_row("2 GB", TENSORS, 2 * GIB // TENSORS), _row("12 GB, zip64", 2, 6 * GIB)]


def _row(name: str, tensors: int, each: int) -> dict[str, Any]:
    file = checkpoint(tensors, each)
    counted = Counted(file)
    tracemalloc.start()
    found = scan_file("model.pt", counted)
    _, memory = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    timing = quickest(
        Timing(cpu_ms(lambda: scan_file("model.pt", file), 1), cpu_ms(lambda: _names(file), 1)) for _ in range(_ROUNDS)
    )
    within = counted.bytes < MOST_BYTES and memory < MOST_MEMORY and timing.ratio <= MOST_RATIO
    return {
        "checkpoint": name,
        "tensors": tensors,
        "verdict": found.verdict.value,
        "bytes": counted.bytes,
        "bytes_budget": MOST_BYTES,
        "reads": counted.reads,
        "memory": memory,
        "memory_budget": MOST_MEMORY,
        "ratio": timing.ratio,
        "ratio_budget": MOST_RATIO,
        "kept": within and found.verdict is Verdict.CLEAN,
    }


def _names(source: Source) -> list[str]:
    return zipfile.ZipFile(io.BufferedReader(_File(source))).namelist()


class _File(io.RawIOBase):
    """A source as a file, for Python's ``zipfile``."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}[whence]
        return self._position

    def readinto(self, buffer: Any) -> int:
        content = self._source.read(self._position, len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)


def shown(measured: list[dict[str, Any]]) -> Table:
    table = report.table(
        "Scanning a checkpoint of PyTorch",
        *(
            "checkpoint",
            "tensors",
            "verdict",
            "KiB\nread",
            "of",
            "reads",
            "MiB of\nmemory",
            "of",
            "CPU\nratio",
            "of",
            "budget",
        ),
    )
    for row in measured:
        table.add_row(
            row["checkpoint"],
            f"{row['tensors']:,}",
            row["verdict"],
            f"{row['bytes'] / KIB:,.0f}",
            f"{row['bytes_budget'] / KIB:,.0f}",
            f"{row['reads']:,}",
            f"{row['memory'] / MIB:.1f}",
            f"{row['memory_budget'] / MIB:.0f}",
            f"{row['ratio']:g}",
            f"{row['ratio_budget']:g}",
            report.verdict(row["kept"]),
        )
    return table


if __name__ == "__main__":
    report.show(shown(rows()))
