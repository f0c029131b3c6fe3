"""Where a downloaded file may go: inside the target directory, whatever path the registry names."""

from pathlib import Path

from moorage.errors import UnsafePathError


def place(directory: Path, path: str) -> Path:
    """The file for ``path`` under ``directory``, whose parent directories exist.

    Raises UnsafePathError if ``path`` is absolute, climbs, is spelled so that some system could read
    it that way, or leads through a symbolic link out of ``directory``.
    """
    segments = path.split("/")
    if any(segment in ("", ".", "..") or _suspicious(segment) for segment in segments):
        raise UnsafePathError(f"the file path {path!r} is not a plain relative path: nothing was written for it")
    root = directory.resolve()
    parent = root
    for segment in segments[:-1]:
        # One step at a time: a link on the way is met before anything is made behind it.
        parent = parent / segment
        if parent.is_symlink() and not parent.resolve().is_relative_to(root):
            raise UnsafePathError(f"the file path {path!r} leads through a link out of {directory}")
        parent.mkdir(exist_ok=True)
    target = parent / segments[-1]
    if target.is_dir():
        raise UnsafePathError(f"{target} is a directory: the file {path!r} cannot replace it")
    return target


def _suspicious(segment: str) -> bool:
    # A backslash or a colon is a separator or a drive on Windows.
    return any(character in "\\:\0" or not character.isprintable() for character in segment)
