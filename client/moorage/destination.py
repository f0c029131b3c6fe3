"""Safe places for downloaded files: inside the target directory, whatever path the registry gives."""

from pathlib import Path

from moorage.errors import UnsafePathError


def place(directory: Path, path: str) -> Path:
    """Return the local file for ``path`` in ``directory``, and create its parent directories.

    Raises UnsafePathError if ``path`` is absolute or contains ``..``, if some system could read it so, or if it leads
    out of ``directory`` through a symbolic link.
    """
    segments = path.split("/")
    if any(segment in ("", ".", "..") or _suspicious(segment) for segment in segments):
        raise UnsafePathError(f"the file path {path!r} is not a plain relative path: the file was not written")
    root = directory.resolve()
    parent = root
    for segment in segments[:-1]:
        # One directory at a time, so that a link is found before anything is created behind it.
        parent = parent / segment
        if parent.is_symlink() and not parent.resolve().is_relative_to(root):
            raise UnsafePathError(f"the file path {path!r} leads out of {directory} through a symbolic link")
        parent.mkdir(exist_ok=True)
    target = parent / segments[-1]
    if target.is_dir():
        raise UnsafePathError(f"{target} is a directory: the file {path!r} cannot replace it")
    return target


def _suspicious(segment: str) -> bool:
    # A backslash or a colon is a separator or a drive on Windows.
    return any(character in "\\:\0" or not character.isprintable() for character in segment)
