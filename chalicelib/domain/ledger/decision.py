"""A decision: what a command changes, and what it says has happened. Committing makes both true at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeAlias, TypeVar

from chalicelib.domain.access.administrators import Administrator
from chalicelib.domain.cards.card import Card
from chalicelib.domain.cards.comment import Comment
from chalicelib.domain.evidence.check import Check
from chalicelib.domain.evidence.evaluation import Evaluation
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import EventDraft, Head
from chalicelib.domain.models.model import Model, Profile
from chalicelib.domain.models.pointers import Pointer
from chalicelib.domain.promotion.transition_request import TransitionRequest
from chalicelib.domain.versions.intake import SourceFile
from chalicelib.domain.versions.manifest import File
from chalicelib.domain.versions.version import Version

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RegistryState:
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
class IndexVersion:
    """Bring the index entries of the version's tags and metrics from what it was (None: it was not) to what it is."""

    before: Version | None
    after: Version


@dataclass(frozen=True, slots=True)
class IndexModel:
    """Bring the index entries of the model's tags from what they were to what they are."""

    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SaveManifest:
    """Write the files of a version, once at registration and once when S3 has proved them."""

    number: int
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class SaveIntake:
    """Write what a version is to be given copies of, until they must have been made."""

    number: int
    files: tuple[SourceFile, ...]
    until: Instant


@dataclass(frozen=True, slots=True)
class RepointVersion:
    """A version that was not loaded got or lost an alias, or was put out of its stage (``stage`` is where to)."""

    number: int
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class BuryVersion:
    """Take a version out of sight: it leaves every list, and its bytes are due when its burial says."""

    version: Version


@dataclass(frozen=True, slots=True)
class SaveBuried:
    """Write a buried version whole. It is due for the keeper unless it is under legal hold or purged."""

    version: Version


@dataclass(frozen=True, slots=True)
class UnburyVersion:
    """Bring a buried version back in sight."""

    version: Version


@dataclass(frozen=True, slots=True)
class ScheduleRetention:
    """The keeper is to look through the model's versions from ``at`` on, from the first."""

    at: Instant


@dataclass(frozen=True, slots=True)
class DropRetention:
    """The keeper need not look through the model's versions any more."""


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
    """An entry of the history of an alias (``pointer`` is ``alias:<name>``) or a stage (``stage:<name>``).

    No rule writes one: committing finds them, by comparing where the pointers stood with where they stand.
    """

    pointer: str
    version: int | None
    previous_version: int | None


@dataclass(frozen=True, slots=True)
class SaveRequest:
    request: TransitionRequest


@dataclass(frozen=True, slots=True)
class SaveScheme:
    """The model's copy of the scheme that judges it. ``follows``: it is given later versions of the scheme too."""

    document: Mapping[str, Any]
    follows: bool


@dataclass(frozen=True, slots=True)
class SaveChecks:
    """Write all checks of a version."""

    number: int
    checks: Mapping[str, Check]


@dataclass(frozen=True, slots=True)
class SaveEvaluations:
    """Write all evaluations of a version."""

    number: int
    evaluations: Mapping[str, Evaluation]


@dataclass(frozen=True, slots=True)
class MarkProtection:
    """Show on an alias that points somewhere whether it is protected."""

    alias: str
    protected: bool


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


@dataclass(frozen=True, slots=True)
class SaveCard:
    """Write a revision of the model's card, which becomes the present one."""

    card: Card


@dataclass(frozen=True, slots=True)
class SaveComment:
    comment: Comment


Change: TypeAlias = (
    SaveProfile
    | SaveVersion
    | IndexVersion
    | IndexModel
    | SaveManifest
    | SaveIntake
    | RepointVersion
    | BuryVersion
    | SaveBuried
    | UnburyVersion
    | ScheduleRetention
    | DropRetention
    | SaveAlias
    | DropAlias
    | ClaimLabel
    | ReleaseLabel
    | RecordMove
    | SaveRequest
    | SaveScheme
    | SaveChecks
    | SaveEvaluations
    | MarkProtection
    | SaveRecord
    | DropRecord
    | SaveCard
    | SaveComment
)


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """``ledger`` is the model or registry as it will be, its head still the present one.

    ``subject`` is what a retry with the same idempotency key needs to find the result again.
    """

    result: R
    ledger: Model | RegistryState
    happening: EventDraft
    changes: tuple[Change, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NoChange(Generic[R]):
    """The state is already as asked: nothing to write, nothing to tell."""

    result: R


Outcome: TypeAlias = Decision[R] | NoChange[R]


def with_moves(before: Model | None, decision: Decision[R]) -> Decision[R]:
    """The decision, with an entry in the history of every pointer that it lets point elsewhere."""
    after = decision.ledger
    if isinstance(after, RegistryState):
        return decision
    return replace(decision, changes=(*decision.changes, *moves(before or Model(after.name), after)))


def moves(before: Model, after: Model) -> tuple[RecordMove, ...]:
    """What the histories of the model's aliases and stages must say of going from ``before`` to ``after``."""
    return (*_moves("alias", before.aliases, after.aliases), *_moves("stage", before.stages, after.stages))


def _moves(kind: str, before: Mapping[str, Pointer], after: Mapping[str, Pointer]) -> list[RecordMove]:
    nowhere = Pointer()
    places = ((name, before.get(name, nowhere), after.get(name, nowhere)) for name in sorted({*before, *after}))
    return [
        RecordMove(f"{kind}:{name}", new.version, old.version)
        for name, old, new in places
        if new.version != old.version
    ]
