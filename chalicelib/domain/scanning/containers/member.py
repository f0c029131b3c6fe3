"""What an archive holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.reasons import review, shown, unsafe
from chalicelib.domain.scanning.source import Source

MAX_MEMBERS: Final = 10_000
# Bytes of an archive's directory.
MAX_DIRECTORY: Final = 16 * 1024 * 1024
# How many times its packed size a member may become.
MAX_RATIO: Final = 100
# Smaller members may have any ratio: they harm nobody.
SMALL: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. ``name`` is as the archive spells it.

    ``open`` gives its bytes. Each call makes a new source, so that what one member became in memory goes with it.
    """

    name: str
    open: Callable[[], Source]


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive: what is notable about itself, and the members that are to be scanned."""

    format: str
    reasons: tuple[Reason, ...] = ()
    members: tuple[Member, ...] = ()


def misplaced(name: str) -> list[Reason]:
    """What is wrong with the place to which extracting a member would write."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    on_drive = name[:1].isascii() and name[:1].isalpha() and name[1:2] == ":"
    if plain.startswith("/") or ".." in parts or "\0" in name or (on_drive and plain[2:3] == "/"):
        return [unsafe("path_traversal", "A member would be extracted outside of its directory.", shown(name))]
    if on_drive:
        # Variables of TensorFlow have such names, too: w:0.
        return [review("drive", "A member may be extracted to another drive on Windows.", shown(name))]
    return []
