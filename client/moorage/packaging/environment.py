"""The environment that a version is served in: Python, and pinned requirements."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from moorage.errors import PackagingError
from moorage.packaging.requirements import Requirements, of_pylock

# Locks among the files of a version, the strongest first.
LOCKS: Final[Mapping[str, Callable[[str, str], Requirements]]] = {
    "pylock.toml": of_pylock,
    "requirements.lock": Requirements.parse,
    "requirements.txt": Requirements.parse,
}
_PYTHON: Final = re.compile(r"3\.(\d+)(\.\d+)?")
_LEAST_MINOR: Final = 11


@dataclass(frozen=True, slots=True)
class Environment:
    """``base`` is the image to start from. ``origin`` says where the requirements are from."""

    base: str
    requirements: Requirements
    origin: str


def lock_among(paths: Collection[str]) -> str | None:
    """The lock among a version's files that counts, None if there is none."""
    return next((name for name in LOCKS if name in paths), None)


def environment(
    version: str, provenance: Mapping[str, Any] | None, lock: tuple[str, str] | None, base: str | None
) -> Environment:
    """The environment of a version.

    ``lock`` is the name and the text of its lock. Without one, ``provenance.runtime`` has the requirements. ``base``
    wins over Python's official image of the version that is recorded there.

    Raises PackagingError if nothing tells which Python it needs, or if a requirement is not pinned.
    """
    recorded = (provenance or {}).get("runtime")
    runtime = recorded if isinstance(recorded, Mapping) else {}
    if lock is not None:
        name, text = lock
        requirements, origin = LOCKS[name](text, f"{name} of {version}"), name
    else:
        listed = runtime.get("requirements") or []
        origin = "provenance.runtime.requirements"
        requirements = Requirements.of_lines(map(str, listed), f"{origin} of {version}")
    return Environment(base or _official(version, runtime.get("python")), requirements, origin)


def _official(version: str, python: object) -> str:
    if python is None:
        raise PackagingError(
            f"{version} does not record which Python it needs, in provenance.runtime.python: give the image to start "
            "from with --base"
        )
    found = _PYTHON.fullmatch(str(python))
    if found is None or int(found[1]) < _LEAST_MINOR:
        raise PackagingError(
            f"{version} needs Python {python}, and the server Python 3.{_LEAST_MINOR} or newer: give an image with "
            "--base"
        )
    return f"python:{python}-slim"
