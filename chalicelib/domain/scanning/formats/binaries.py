"""Files that run by themselves or are not looked into: executables, R's objects, archives of other formats."""

from typing import Final

from chalicelib.domain.scanning.detection import HEAD
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.paths import suffix_of
from chalicelib.domain.scanning.reasons import review, unsafe
from chalicelib.domain.scanning.source import Source

# Names that executables and native libraries have when they hide nothing.
_HONEST: Final = frozenset(
    {"", ".class", ".cubin", ".dll", ".dylib", ".exe", ".hsaco", ".llamafile", ".node", ".o", ".pyd", ".so"}
)
_PLATFORMS: Final = {b"\x7fELF": "Linux", b"MZ": "Windows", b"\xca\xfe\xba\xbe": "Java or macOS"}
_ARCHIVES: Final = {
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"MSCF": "cab",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
}


def scan_executable(path: str, source: Source) -> FileScan:
    """A program or a native library. One that is called like data or a model is unsafe.

    A llamafile is one: a model with its runtime, for several platforms at once.
    """
    head = source.read(0, HEAD)
    platform = next((name for beginning, name in _PLATFORMS.items() if head.startswith(beginning)), "macOS")
    suffix = suffix_of(path)
    # Versions follow the suffix of Linux's libraries: libgomp.so.1.
    if suffix in _HONEST or ".so." in path:
        return FileScan("executable", (review("executable", f"It is a program or a native library for {platform}."),))
    text = f"It is a program or a native library for {platform} that is called {suffix}, like something that is none."
    return FileScan("executable", (unsafe("executable_disguised", text),))


def scan_closed(source: Source) -> FileScan:
    """A format that is not opened. Pickles have been hidden in 7z from scanners that read zip only.

    R evaluates promises in an object that it loads: CVE-2024-27322.
    """
    head = source.read(0, HEAD)
    name = next((name for beginning, name in _ARCHIVES.items() if head.startswith(beginning)), None)
    if name is None:
        return FileScan("rds", (review("rds", "R may run code that such an object holds, and it is not read."),))
    return FileScan(name, (review("archive_unread", f"{name} is not opened, so nobody knows what is in it."),))
