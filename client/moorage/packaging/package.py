"""A packaged version, as ``Client.package`` returns it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """A packaged version in ``directory``, from which an image is built.

    ``base`` is the image that it starts from, and ``environment`` says where its requirements are from. ``hashed``: the
    digest of everything that is installed is pinned too. ``follows`` is the alias that the image follows, None if it
    serves the version for good. ``files`` are the paths in the directory.
    """

    model: str
    version: int
    digest: str
    directory: Path
    base: str
    environment: str
    hashed: bool
    follows: str | None
    files: tuple[str, ...]
