"""The commit that the code of a model is at: that of the git repository around the working directory."""

import logging
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

_log = logging.getLogger(__name__)
# Git answers within milliseconds, unless the file system hangs.
_PATIENCE_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. ``repository`` is the address of its remote ``origin``, else the name of its directory.

    ``dirty``: files that git follows differ from the commit.
    """

    repository: str
    commit: str
    dirty: bool


def current_commit(directory: Path) -> Commit | None:
    """The commit that ``directory`` is at. None without git, outside of a repository, and before the first commit."""
    commit = ask_git(directory, "rev-parse", "--verify", "HEAD")
    top = ask_git(directory, "rev-parse", "--show-toplevel")
    changes = ask_git(directory, "status", "--porcelain", "--untracked-files=no")
    if not commit or top is None or changes is None:
        return None
    remote = ask_git(directory, "config", "--get", "remote.origin.url")
    return Commit(without_secrets(remote) if remote else Path(top).name, commit, bool(changes))


def identity(directory: Path) -> str | None:
    """The name and address that git is configured with, such as ``Ada <ada@example.com>``. None if it has neither."""
    name = ask_git(directory, "config", "--get", "user.name")
    email = ask_git(directory, "config", "--get", "user.email")
    return " ".join([*([name] if name else []), *([f"<{email}>"] if email else [])]) or None


def without_secrets(url: str) -> str:
    """The address of a remote without password and query, where CI systems put tokens, nor over HTTP the user.

    ``git@host:path`` stays as it is: its user is no secret.
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    if parts.scheme in ("http", "https"):
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    if parts.scheme and parts.password is not None:
        return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{host}", parts.path, "", ""))
    return url


def ask_git(directory: Path, *arguments: str) -> str | None:
    """What git answers in ``directory``. None if there is no git, or if it fails."""
    git = shutil.which("git")
    if git is None:
        return None
    # A repository may name a program to run as its monitor of changes: looking at it must not start that.
    command = [git, "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(directory), *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        _log.info("git %s did not answer within %d seconds", arguments[0], _PATIENCE_SECONDS)
        return None
    return done.stdout.strip() if done.returncode == 0 else None
