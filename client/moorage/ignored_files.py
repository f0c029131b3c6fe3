"""Which files of a directory are left out of a version: those that tools leave there, and those that the user names.

Patterns are those of ``.gitignore``: a later one counts more than an earlier one, and ``!`` takes a file in again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from moorage.local_copy.record import OWN_NAMES

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE: Final = ".moorageignore"

_ALWAYS_LEFT_OUT: Final = (
    ".git",
    ".hg/",
    ".svn/",
    "__pycache__/",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".pytest_cache/",
    ".ruff_cache/",
    ".tox/",
    ".nox/",
    "node_modules/",
    ".DS_Store",
    "._*",
    "Thumbs.db",
    "desktop.ini",
    f"/{IGNORE_FILE}",
    *(f"/{name}" for name in sorted(OWN_NAMES)),
)
# Whoever may download a version can read its files, for as long as it exists.
_SECRETS: Final = (
    ".env",
    ".env.*",
    "!.env.example",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".pypirc",
    ".npmrc",
    "**/.aws/credentials",
    "**/.kaggle/kaggle.json",
)


@dataclass(frozen=True)
class IgnoreRules:
    """The rules for one directory: what is always left out, then ``.moorageignore`` in it, then ``patterns``."""

    directory: Path
    patterns: Sequence[str] = field(default=())

    def ignores_file(self, path: str) -> bool:
        """Whether the file at ``path``, relative to the directory, is left out."""
        return self._ignored.match_file(path)

    def ignores_directory(self, path: str) -> bool:
        """Whether the directory at ``path`` is left out with all that is in it. A virtual environment always is."""
        return self._ignored.match_file(f"{path}/") or (self.directory / path / "pyvenv.cfg").is_file()

    @cached_property
    def _ignored(self) -> "GitIgnoreSpec":
        return _spec((*_ALWAYS_LEFT_OUT, *self._own(), *self.patterns))

    def _own(self) -> list[str]:
        file = self.directory / IGNORE_FILE
        return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def may_hold_secrets(paths: Sequence[str]) -> list[str]:
    """Those of ``paths`` whose names are typical of files with passwords and keys."""
    return list(_spec(_SECRETS).match_files(paths))


def _spec(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)
