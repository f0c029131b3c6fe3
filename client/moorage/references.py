"""How text names models and versions: ``fraud``, ``fraud/3``, ``fraud@champion``, ``fraud@latest``.

A model's name may contain ``@`` but no ``/``. The versions of a model ``a@b`` are ``a@b/3`` and ``a@b/@champion``.
"""

import re
from dataclasses import dataclass
from typing import Final

from moorage.paths import VersionKey

# The newest READY version. The registry reserves the word, so no alias has it; ``Versions.latest`` finds the version.
LATEST: Final = "@latest"
_ALIAS: Final = re.compile(r"[\w\-]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A model, or one of its versions: by number, by ``@alias``, or ``@latest``."""

    model: str
    version: VersionKey | None = None

    def __str__(self) -> str:
        if self.version is None:
            return self.model
        if isinstance(self.version, str) and "@" not in self.model:
            return f"{self.model}{self.version}"
        return f"{self.model}/{self.version}"


def parse_reference(text: str) -> Reference:
    """Parse the name of a model or a version. Raises ValueError if it is neither."""
    model, slash, version = text.partition("/")
    if slash:
        if model and version.isascii() and version.isdigit():
            return Reference(model, int(version))
        if model and version.startswith("@") and _ALIAS.fullmatch(version[1:]):
            return Reference(model, version)
        raise _refused(text)
    name, at, alias = text.rpartition("@")
    if at and name and _ALIAS.fullmatch(alias):
        return Reference(name, f"@{alias}")
    if not text:
        raise _refused(text)
    return Reference(text)


def parse_version(text: str) -> tuple[str, VersionKey]:
    """The model and the version that ``text`` names. Raises ValueError if it names no version."""
    reference = parse_reference(text)
    if reference.version is None:
        raise ValueError(f"{text!r} is a model: name a version, {text}/NUMBER, {text}@ALIAS or {text}@latest")
    return reference.model, reference.version


def _refused(text: str) -> ValueError:
    return ValueError(f"{text!r} is not of the form MODEL, MODEL/NUMBER, MODEL@ALIAS or MODEL@latest")
