"""The source of the server, which goes into the context so that the image needs no package index for it."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

# What serving a packaged version imports. It stands on the standard library; a test runs it alone.
_PARTS: Final = (
    "__init__.py",
    "about.py",
    "errors.py",
    "login.py",
    "paths.py",
    "capture/__init__.py",
    "capture/signature.py",
)
_FOLDERS: Final = ("frameworks", "serving")
# It logs models, with the rest of the client.
_LEFT_OUT: Final = frozenset({"frameworks/log.py"})
# What following an alias imports besides.
_FOLLOWING: Final = (
    "digests.py",
    "intervals.py",
    *(f"following/{name}.py" for name in ("__init__", "__main__", "follower", "heartbeat", "rounds")),
    *(
        f"following/{name}.py"
        for name in ("packaged_alias", "packaged_versions", "served_columns", "traffic", "watched")
    ),
    *(f"monitoring/{name}.py" for name in ("__init__", "collector", "columns", "feature", "findings", "profile")),
    *(f"packaging/{name}.py" for name in ("__init__", "environment", "requirements")),
)


def server_source(*, follow: bool) -> Iterator[tuple[PurePosixPath, Path]]:
    """Each module's path in the context and its file, sorted. With ``follow``, also those that follow an alias."""
    root = Path(__file__).parents[1]
    folders = [path.relative_to(root).as_posix() for name in _FOLDERS for path in (root / name).glob("*.py")]
    more = _FOLLOWING if follow else ()
    for path in sorted({*_PARTS, *folders, *more} - _LEFT_OUT):
        yield PurePosixPath("moorage", path), root / path
