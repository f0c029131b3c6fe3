"""What the path of a file says of it."""

from pathlib import PurePosixPath


def suffix_of(path: str) -> str:
    """The last suffix in lower case with its dot; empty if there is none."""
    return PurePosixPath(path.lower()).suffix
