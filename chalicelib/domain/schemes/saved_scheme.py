"""Schemes as the registry keeps them: the present one of a name, every version of it, and the one for new models."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from chalicelib.domain.errors import SchemeNotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.schemes.presets import PRESETS, built_in


@dataclass(frozen=True, slots=True)
class SavedScheme(Record, kind="scheme"):
    """A scheme's document with its version, and who saved that version when. Nobody saved a built-in one."""

    document: Mapping[str, Any]
    saved_at: Instant | None
    saved_by: str | None
    revision: int = 0

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def version(self) -> int:
        return int(self.document["version"])

    @property
    def builtin(self) -> bool:
        return self.name in PRESETS

    @property
    def identity(self) -> Identity:
        return (SavedScheme, self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)


@dataclass(frozen=True, slots=True)
class SchemeVersion(Record, kind="scheme-version"):
    """One version of a scheme, kept for good."""

    scheme: SavedScheme

    @property
    def identity(self) -> Identity:
        return (SchemeVersion, self.scheme.name, self.scheme.version)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, scheme=self.scheme.stamped(None, stamp))


@dataclass(frozen=True, slots=True)
class DefaultScheme(Record, kind="default-scheme"):
    """The document of the scheme that new models are given."""

    document: Mapping[str, Any]

    @property
    def identity(self) -> Identity:
        return (DefaultScheme,)


def builtin_version(name: str, version: int | None = None) -> SavedScheme | None:
    """A built-in scheme, as it is or as a version of it was; None if there is none."""
    document = built_in(name, version)
    return None if document is None else SavedScheme(document, None, None, revision=document["version"])


def existing(name: str, stored: SavedScheme | None) -> SavedScheme:
    """The scheme ``name``, built in or as stored. Raises SchemeNotFoundError."""
    builtin = builtin_version(name)
    if builtin is not None:
        return builtin
    if stored is None:
        raise SchemeNotFoundError(f"There is no scheme {name!r}; the built-in ones are {', '.join(PRESETS)}.")
    return stored


def no_version(name: str, version: int) -> SchemeNotFoundError:
    return SchemeNotFoundError(f"The scheme {name!r} has no version {version}.")
