"""Versions, their files and their deletion."""

from typing import TYPE_CHECKING

from chalicelib.registry.lazy import modules_of

if TYPE_CHECKING:
    from chalicelib.registry.versions import burials, downloads, file_pages, intake, latest, tags, uploads, versions

__all__ = [
    "burials",
    "downloads",
    "file_pages",
    "intake",
    "latest",
    "tags",
    "uploads",
    "versions",
]

if not TYPE_CHECKING:
    # Hidden from mypy, which would otherwise accept any name.
    __getattr__ = modules_of(__name__, __all__)
