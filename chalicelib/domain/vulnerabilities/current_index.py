"""The current index: which advisory index versions are matched against, where it came from, and how old its data is."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.errors import ConflictError, InvalidInputError, Problem, UnavailableError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.vulnerabilities.advisory_index import PYPI
from chalicelib.domain.vulnerabilities.index_content import MAX_COMPRESSED

MAX_SOURCE: Final = 500
_CREDENTIALS: Final = re.compile(r"//[^/\s]*@")


class NoAdvisoryIndexError(ConflictError):
    """The registry has no advisory index that versions could be matched against."""

    code = "no_advisory_index"
    title = "No advisory index"


class AdvisoryIndexLostError(UnavailableError):
    """The bytes of the current advisory index are gone from the bucket."""

    code = "advisory_index_lost"
    title = "Advisory index lost"


@dataclass(frozen=True, slots=True)
class IndexGiven:
    """An index as it is announced: the SHA-256 and size of its gzipped bytes, its source, and when its data is of."""

    sha256: str
    size: int
    source: str
    published_at: Instant
    ecosystem: str = PYPI


@dataclass(frozen=True, slots=True)
class CurrentIndex(Record, kind="advisory_index"):
    """The index of an ecosystem that counts now.

    ``published_at`` is the time of its newest advisory data, ``updated_at`` when it was made current. ``revision`` is
    the registry's then.
    """

    ecosystem: str
    sha256: str
    size: int
    source: str
    published_at: Instant
    advisories: int
    packages: int
    updated_at: Instant
    updated_by: str
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (CurrentIndex, self.ecosystem)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self if before == self else replace(self, revision=stamp.revision)

    def document(self) -> dict[str, Any]:
        return {
            "ecosystem": self.ecosystem,
            "sha256": self.sha256,
            "size": self.size,
            "source": self.source,
            "published_at": self.published_at,
            "advisories": self.advisories,
            "packages": self.packages,
            "updated_at": self.updated_at,
            "updated_by": self.updated_by,
        }


def check_given(given: IndexGiven) -> None:
    """Raise InvalidInputError unless an index with this announcement may be uploaded."""
    if given.ecosystem != PYPI:
        raise _invalid("/ecosystem", f"must be {PYPI!r}, the only one whose versions the registry can order")
    if not 1 <= given.size <= MAX_COMPRESSED:
        raise _invalid("/size", f"must be 1 to {MAX_COMPRESSED} bytes")
    if not 1 <= len(given.source) <= MAX_SOURCE:
        raise _invalid("/source", f"must have 1 to {MAX_SOURCE} characters")
    if _CREDENTIALS.search(given.source):
        raise _invalid("/source", "must not carry a user name or password")


def make_current(
    registry: RegistryState,
    present: CurrentIndex | None,
    given: IndexGiven,
    advisories: int,
    packages: int,
    stamp: Stamp,
) -> Outcome[CurrentIndex]:
    """Have versions matched against this index from now on. The same one again changes nothing.

    Data that is older than the present one's is refused, for it would hide what was found meanwhile; as is data of a
    time that lies ahead. Raises InvalidInputError.
    """
    check_given(given)
    if given.published_at > stamp.time:
        raise _invalid("/published_at", "lies ahead")
    if present is not None and given.published_at < present.published_at:
        raise _invalid("/published_at", f"is before that of the current index, {present.published_at}")
    if present is not None and (present.sha256, present.published_at) == (given.sha256, given.published_at):
        return NoChange(present, given.ecosystem)
    current = CurrentIndex(
        given.ecosystem,
        given.sha256,
        given.size,
        given.source,
        given.published_at,
        advisories,
        packages,
        stamp.time,
        stamp.actor,
    )
    before = None if present is None else present.document()
    event = EventDraft(event_types.ADVISORIES_UPDATED, before, current.document(), subject=given.ecosystem)
    return decided(current, registry, event, Put(current), subject=given.ecosystem)


def existing(found: CurrentIndex | None) -> CurrentIndex:
    """The current index, unless there is none. Raises NoAdvisoryIndexError."""
    if found is None:
        raise NoAdvisoryIndexError(
            "The registry has no advisory index yet. An operator gives it one with: moorage vulnerabilities update"
        )
    return found


def _invalid(pointer: str, message: str) -> InvalidInputError:
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])
