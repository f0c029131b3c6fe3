"""A decision: what a command changes, and what it says has happened. Committing makes both true at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from chalicelib.domain.administrators import Administrator
from chalicelib.domain.events import Happening, Head
from chalicelib.domain.instants import Instant
from chalicelib.domain.manifest import File
from chalicelib.domain.model import Model, Profile
from chalicelib.domain.version import Version

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RegistryLedger:
    """The registry's own ledger: what tokens and webhooks have in common is their chain of events.

    ``administrators`` are the records that give somebody the right to administer, ``counts`` how many records there
    are of each kind that is bounded: with these in the head, no rule has to look at all records.
    """

    head: Head = Head()
    administrators: tuple[Administrator, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def next_revision(self) -> int:
        return self.head.revision + 1


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """``None`` removes the profile, and the model with it from every list."""

    profile: Profile | None


@dataclass(frozen=True, slots=True)
class SaveVersion:
    """Write the version, and the copies that its aliases serve, whole."""

    version: Version


@dataclass(frozen=True, slots=True)
class SaveManifest:
    """Write the files of a version, once at registration and once when S3 has proved them."""

    number: int
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class RepointVersion:
    """A version that was not loaded got or lost an alias, or was put out of its stage (``stage`` is where to)."""

    number: int
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class BuryVersion:
    """Take a version out of sight: it leaves every list and its bytes are due for removal at ``purge_at``."""

    version: Version
    purge_at: Instant


@dataclass(frozen=True, slots=True)
class MarkPurged:
    """The bytes of a buried version are gone."""

    version: Version


@dataclass(frozen=True, slots=True)
class SaveAlias:
    """Point an alias at a version; its item carries the version and the files, so that serving reads one item."""

    alias: str
    version: Version
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class DropAlias:
    alias: str


@dataclass(frozen=True, slots=True)
class ClaimLabel:
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class ReleaseLabel:
    label: str


@dataclass(frozen=True, slots=True)
class RecordMove:
    """An entry of the history of an alias (``pointer`` is ``alias:<name>``) or a stage (``stage:<name>``)."""

    pointer: str
    version: int | None
    previous_version: int | None


@dataclass(frozen=True, slots=True)
class SaveRecord:
    """Write a registry-wide record: ``kind`` is what it is (TOKEN, ROLE …), ``document`` its JSON."""

    kind: str
    id: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DropRecord:
    kind: str
    id: str


Change: TypeAlias = (
    SaveProfile
    | SaveVersion
    | SaveManifest
    | RepointVersion
    | BuryVersion
    | MarkPurged
    | SaveAlias
    | DropAlias
    | ClaimLabel
    | ReleaseLabel
    | RecordMove
    | SaveRecord
    | DropRecord
)


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """``ledger`` is the model or registry as it will be, its head still the present one.

    ``subject`` is what a retry with the same idempotency key needs to find the result again.
    """

    result: R
    ledger: Model | RegistryLedger
    happening: Happening
    changes: tuple[Change, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NoChange(Generic[R]):
    """The state is already as asked: nothing to write, nothing to tell."""

    result: R


Outcome: TypeAlias = Decision[R] | NoChange[R]
