"""File names that some systems cannot hold. A registration warns about them, and clients change them at download.

The client has the same rules in ``moorage/local_names.py``, and ``tests/file_names.py`` has examples for both.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.domain.errors import Problem

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_SHORT_FORM: Final = re.compile(r"~[0-9]")


def warnings(paths: Iterable[str]) -> Iterator[Problem]:
    """A warning for each path that clients on Windows, and some also on macOS, download under another name."""
    ordered = sorted(paths)
    taken = {folded(parent) for path in ordered for parent in _parents(path)}
    plain = []
    for path in ordered:
        fault = next((fault for segment in path.split("/") if (fault := _refused_by_windows(segment))), None)
        if fault is None:
            plain.append(path)
        else:
            yield Problem(path, f"{fault}. Clients on Windows download it under another name.")
    for path in plain:
        if folded(path) in taken:
            yield Problem(
                path,
                "It differs from another path only in upper and lower case or in how its characters are composed. "
                "Where a file system does not tell them apart, clients download it under another name.",
            )
        taken.add(folded(path))


def folded(path: str) -> str:
    """What two paths have in common that a file system without upper and lower case takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _refused_by_windows(segment: str) -> str | None:
    forbidden = _FORBIDDEN.search(segment)
    if forbidden is not None:
        return f"Windows does not allow {forbidden.group()!r} in a file name"
    if _RESERVED.fullmatch(segment):
        return f"Windows reserves the name {segment!r}"
    if segment.endswith((".", " ")):
        return f"Windows drops the last character of the name {segment!r}"
    if _SHORT_FORM.search(segment):
        return f"Windows may read {segment!r} as the short form of another name"
    return None


def _parents(path: str) -> Iterator[str]:
    segments = path.split("/")
    return ("/".join(segments[:depth]) for depth in range(1, len(segments)))
