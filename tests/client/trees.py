"""What is in a directory that a version was downloaded or fetched into."""

from pathlib import Path

from moorage.local_copy.record import RECORD


def content(directory: Path) -> dict[str, bytes]:
    """The files in ``directory`` by their paths, without the record of the download."""
    found = {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }
    found.pop(RECORD, None)
    return found
