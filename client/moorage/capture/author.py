"""Who made a model."""

import getpass
from pathlib import Path

from moorage.capture.git import identity


def author(directory: Path) -> str | None:
    """The identity that git is configured with in ``directory``, else the user's name. None if neither is known."""
    return identity(directory) or _user()


def _user() -> str | None:
    try:
        return getpass.getuser() or None
    except (KeyError, ImportError, OSError):
        # A container may run under a number that no user has. Which error says so depends on Python's version.
        return None
