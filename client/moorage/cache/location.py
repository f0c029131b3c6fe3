"""Where the cache is, and how its folders are named."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from moorage.errors import NotConfiguredError

CACHE_VARIABLE: Final = "MOORAGE_CACHE"
OFFLINE_VARIABLE: Final = "MOORAGE_OFFLINE"

_NO: Final = frozenset({"", "0", "false", "no", "off"})
_YES: Final = frozenset({"1", "true", "yes", "on"})


def cache_root(environment: Mapping[str, str] | None = None) -> Path:
    """The cache's directory: ``MOORAGE_CACHE``, else ``moorage`` in the user's directory for caches.

    Raises NotConfiguredError if there is none, for a user without a home directory.
    """
    variables = os.environ if environment is None else environment
    chosen = variables.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    configured = variables.get("XDG_CACHE_HOME")
    if configured:
        return Path(configured).absolute() / "moorage"
    try:
        return Path.home() / ".cache" / "moorage"
    except RuntimeError as error:
        raise NotConfiguredError(f"No home directory is known: set {CACHE_VARIABLE} to a directory.") from error


def is_offline(environment: Mapping[str, str] | None = None) -> bool:
    """Whether ``MOORAGE_OFFLINE`` asks for offline mode. Raises ValueError if it is neither yes nor no."""
    variables = os.environ if environment is None else environment
    text = variables.get(OFFLINE_VARIABLE, "").strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValueError(f"{OFFLINE_VARIABLE} is {text!r}: set it to 1 for offline mode, or to 0")


def folder_name(text: str) -> str:
    """A name for the folder of ``text`` that every file system can hold, and that no other text has."""
    legible = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]
    return f"{legible}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
