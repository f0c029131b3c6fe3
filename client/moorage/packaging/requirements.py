"""Requirements that pin what they name, as pip reads them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from moorage.errors import PackagingError

# https://packaging.python.org/en/latest/specifications/dependency-specifiers/, narrowed to one exact version.
_PINNED: Final = re.compile(r"[A-Za-z0-9][\w.-]*\s*(\[[\w.,\s-]*\])?\s*===?\s*[^\s;,*]+\s*(;.*)?")
_HASHES: Final = re.compile(r"\s--hash[= ]\S+")
_COMMENT: Final = re.compile(r"(^|\s)#.*")
# Other files, and code that is no release.
_ELSEWHERE: Final = re.compile(r"-[rce]|--(requirement|constraint|editable)\b")


@dataclass(frozen=True, slots=True)
class Requirements:
    """The text of a requirements file. ``hashed``: no line lacks the digests of what it installs."""

    text: str
    hashed: bool

    @classmethod
    def parse(cls, text: str, origin: str) -> Self:
        """Check a requirements file. Raises PackagingError, which names ``origin``, if a line pins no version."""
        lines = list(_lines(text))
        for line in lines:
            if _ELSEWHERE.match(line):
                raise PackagingError(f"{origin} leads to other files or to code that is no release: {line}")
        named = [line for line in lines if not line.startswith("-")]
        loose = next((line for line in named if not _PINNED.fullmatch(_HASHES.sub("", line).strip())), None)
        if loose is not None:
            raise PackagingError(f"{origin} does not pin {loose!r} to one version: write NAME==VERSION")
        hashes = {_HASHES.search(line) is not None for line in named}
        if len(hashes) > 1:
            raise PackagingError(f"{origin} has hashes for some requirements only: give them for all, or for none")
        return cls(text if text.endswith("\n") or not text else f"{text}\n", False not in hashes)

    @classmethod
    def of_lines(cls, lines: Iterable[str], origin: str) -> Self:
        """The same for single requirements."""
        return cls.parse("".join(f"{line}\n" for line in lines), origin)

    def lacking(self, needed: "Requirements") -> list[str]:
        """The lines of ``needed`` that these do not have."""
        present = set(_lines(self.text))
        return [line for line in _lines(needed.text) if line not in present]

    def adding(self, more: tuple[str, ...]) -> "Requirements":
        """These and ``more``. Raises PackagingError if only some have hashes."""
        return Requirements.parse(self.text + "".join(f"{line}\n" for line in more), "the environment")


def of_pylock(text: str, origin: str) -> Requirements:
    """The requirements in a ``pylock.toml`` (PEP 751), each with its hashes.

    Raises PackagingError if it is of another version of the format, locks what is no release, or depends on extras.
    """
    try:
        lock = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackagingError(f"{origin} is not TOML: {error}") from error
    if not str(lock.get("lock-version", "")).startswith("1."):
        raise PackagingError(f"{origin} has the lock-version {lock.get('lock-version')!r}, and 1.0 is what is read")
    return Requirements.of_lines((_locked(package, origin) for package in lock.get("packages", [])), origin)


def _locked(package: Mapping[str, Any], origin: str) -> str:
    name, version, marker = package.get("name"), package.get("version"), package.get("marker")
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    hashes = sorted({file.get("hashes", {}).get("sha256", "") for file in files} - {""})
    if version is None or not hashes:
        raise PackagingError(f"{origin} locks {name!r} without a version or a SHA-256: only releases can be packaged")
    if marker is not None and re.search(r"\b(extras|dependency_groups)\b", marker):
        raise PackagingError(f"{origin} locks {name!r} for an extra or a group only: lock what serving needs, alone")
    condition = "" if marker is None else f" ; {marker}"
    return " ".join([f"{name}=={version}{condition}", *(f"--hash=sha256:{digest}" for digest in hashes)])


def _lines(text: str) -> Iterator[str]:
    """The requirements and options, each in one line and without comments."""
    for line in text.replace("\\\n", " ").splitlines():
        bare = " ".join(_COMMENT.sub("", line).split())
        if bare:
            yield bare
