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
    """The environment of a version. ``lock`` is the name and the text of its lock.

    ``base`` wins over Python's official image of the version that is recorded in ``provenance.runtime``.

    Raises PackagingError if nothing tells which Python it needs, or if a requirement is not pinned.
    """
    requirements, origin = pinned(version, provenance, lock)
    return Environment(base or _official(version, _runtime(provenance).get("python")), requirements, origin)


def pinned(
    version: str, provenance: Mapping[str, Any] | None, lock: tuple[str, str] | None
) -> tuple[Requirements, str]:
    """The requirements of a version and where they are from: its lock, else ``provenance.runtime``.

    Raises PackagingError if one is not pinned.
    """
    if lock is not None:
        name, text = lock
        return LOCKS[name](text, f"{name} of {version}"), name
    origin = "provenance.runtime.requirements"
    listed = _runtime(provenance).get("requirements") or []
    return Requirements.of_lines(map(str, listed), f"{origin} of {version}"), origin


def recorded_python(provenance: Mapping[str, Any] | None) -> str | None:
    """The Python that a version was logged with, without its patch: ``3.12``. None if that is not recorded."""
    found = _PYTHON.fullmatch(str(_runtime(provenance).get("python")))
    return None if found is None else f"3.{found[1]}"


def _runtime(provenance: Mapping[str, Any] | None) -> Mapping[str, Any]:
    recorded = (provenance or {}).get("runtime")
    return recorded if isinstance(recorded, Mapping) else {}


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
