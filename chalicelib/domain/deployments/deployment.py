"""Deployments: each is one version that is to be served on one target, and what became of that."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Self

from chalicelib.domain.canonical import sha256_hex
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record

MAX_DETAIL: Final = 1_000
MAX_LINKS: Final = 10
MAX_LINK_TITLE: Final = 100
MAX_LINK_URL: Final = 2_048


class Status(StrEnum):
    """The status of a deployment.

    PENDING: nobody has begun. IN_PROGRESS: the version is being put into service. The others are ends. SUCCEEDED: the
    target serves the version. FAILED: it does not. ROLLED_BACK: it serves an earlier version again, because this one
    failed. SUPERSEDED: a newer move came before this one was begun.
    """

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ROLLED_BACK = "rolled_back"
    SUPERSEDED = "superseded"

    @property
    def ended(self) -> bool:
        """Whether the deployment is over."""
        return self not in (Status.PENDING, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a deployment was opened: the event that moved a stage or alias, or the one that opened it by hand.

    ``sequence`` puts moves of a model in order, whenever their events come.
    """

    event_id: str
    event_type: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Deployment(Record, kind="deployment"):
    """One version of ``model`` that is to be served on ``target``. ``number`` counts the deployments of the model.

    ``attempt`` is 1, and one more with each retry. ``waited_for`` is the number of the deployment that ran on the
    target when this one was opened, 0 if none did. ``rolls_back`` is the deployment that failed, if this one puts an
    earlier version in its place; ``rolled_back_by`` and ``superseded_by`` are the later deployments that ended this
    one. ``detail`` says in a sentence how it stands, and ``links`` lead to pages about it, by their titles.
    ``correlation_id`` is that of what caused it; deployments of earlier releases have none.
    """

    model: str
    number: int
    target: str
    kind_name: str
    environment: str
    version: int
    digest: str
    status: Status
    cause: Cause
    opened_at: Instant
    opened_by: str
    reason: str | None
    attempt: int = 1
    waited_for: int = 0
    rolls_back: int = 0
    rolled_back_by: int = 0
    superseded_by: int = 0
    started_at: Instant | None = None
    ended_at: Instant | None = None
    reported_by: str = ""
    detail: str = ""
    links: Mapping[str, str] = field(default_factory=dict, hash=False)
    correlation_id: str = ""
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (Deployment, self.number)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return self if before == self else replace(self, revision=stamp.revision)

    @property
    def token(self) -> str:
        """Identifies this attempt on the target's platform: 32 hexadecimal digits."""
        return sha256_hex(f"{self.model}\n{self.number}\n{self.attempt}")[:32]


def document(deployment: Deployment) -> dict[str, Any]:
    """The deployment as it is stored."""
    return {**asdict(deployment), "status": deployment.status.value, "links": dict(deployment.links)}
