"""Schedules: what the registry does by the clock, and when."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Self

from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.errors import InvalidInputError, InvalidNameError, Problem
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.schedules.timing import Timing

# A run of the keeper fires them one after another.
MAX_SCHEDULES: Final = 200
MAX_NAME: Final = 64
MAX_DESCRIPTION: Final = 1_000
# Few enough for the inputs of a workflow, which GitHub limits to 25.
MAX_PAYLOAD: Final = 20
MAX_PAYLOAD_KEY: Final = 100
MAX_PAYLOAD_VALUE: Final = 1_000
MAX_DAYS: Final = 3_650
# Of the text of an error.
MAX_ERROR: Final = 500

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")


class Job(StrEnum):
    """What a schedule does when it fires.

    EVENT emits ``schedule.fired`` and nothing else; what follows is up to those who listen. The others do so too, and
    then go through the models: JUDGE judges the gates of each model's newest version and its open requests again,
    REMIND reminds of the requests that wait for approvals, EXPIRE ends requests that have been open for too long.
    """

    EVENT = "event"
    JUDGE = "judge"
    REMIND = "remind"
    EXPIRE = "expire"

    @property
    def of_models(self) -> bool:
        """Whether it goes through the models, which takes a while after the firing."""
        return self is not Job.EVENT


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a firing ended: how many models were gone through, what was done, how many failed, and the last error."""

    ended_at: Instant
    models: int = 0
    done: int = 0
    failed: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Schedule(Record, kind="schedule"):
    """Something that the keeper does at certain times.

    ``models`` is a model's name, or a pattern in which ``*`` matches any run of characters. ``older_than_days`` belongs
    to the job EXPIRE. ``next_at`` is None while the schedule is disabled, and after its last time. ``firings`` counts
    them. ``missed`` is how many times the last firing made up for. ``running``: its models are still gone through.
    ``outcome`` is that of the last firing that has ended.
    """

    name: str
    job: Job
    models: str
    timing: Timing
    created_at: Instant
    created_by: str
    payload: Mapping[str, str] = field(default_factory=dict, hash=False)
    older_than_days: int | None = None
    description: str = ""
    enabled: bool = True
    next_at: Instant | None = None
    firings: int = 0
    fired_at: Instant | None = None
    missed: int = 0
    running: bool = False
    outcome: Outcome | None = None
    updated_at: Instant = Instant("")
    revision: int = 0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidNameError(
                f"{self.name[:MAX_NAME]!r} is not the name of a schedule: 1 to {MAX_NAME} of a-z, 0-9, '_', '.' and "
                "'-', a letter or digit first."
            )
        if not 1 <= len(self.models) <= MAX_PATTERN:
            raise invalid("/models", f"must have 1 to {MAX_PATTERN} characters")
        if len(self.description) > MAX_DESCRIPTION:
            raise invalid("/description", f"must have at most {MAX_DESCRIPTION} characters")
        if (self.job is Job.EXPIRE) != (self.older_than_days is not None):
            raise invalid("/older_than_days", "belongs to the job expire, which needs it")
        if self.older_than_days is not None and not 1 <= self.older_than_days <= MAX_DAYS:
            raise invalid("/older_than_days", f"must be from 1 to {MAX_DAYS}")
        _check_payload(self.payload)

    @property
    def identity(self) -> Identity:
        return (Schedule, self.name)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, updated_at=stamp.time, revision=stamp.revision)


def principal_of(name: str) -> str:
    """Who acts when a schedule fires. Its rights are those of its job, not those of the person who created it."""
    return f"schedule:{name}"


def document(schedule: Schedule) -> dict[str, Any]:
    """Everything that is stored of a schedule."""
    outcome = None if schedule.outcome is None else asdict(schedule.outcome)
    return {**asdict(schedule), "job": schedule.job.value, "payload": dict(schedule.payload), "outcome": outcome}


def public_document(schedule: Schedule) -> dict[str, Any]:
    """What is shown of a schedule."""
    shown = document(schedule)
    timing = shown.pop("timing")
    del shown["revision"]
    return {**shown, "when": {name: timing[name] for name in ("cron", "zone", "at", "every_minutes")}}


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error for a field of a schedule that is not valid."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])


def _check_payload(payload: Mapping[str, str]) -> None:
    if len(payload) > MAX_PAYLOAD:
        raise invalid("/payload", f"must have at most {MAX_PAYLOAD} entries")
    for key, value in payload.items():
        if not 1 <= len(key) <= MAX_PAYLOAD_KEY or len(value) > MAX_PAYLOAD_VALUE:
            raise invalid(
                "/payload",
                f"must have keys of 1 to {MAX_PAYLOAD_KEY} and values of at most {MAX_PAYLOAD_VALUE} characters",
            )
