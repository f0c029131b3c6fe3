"""Schemas of schedules."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.document import Body, GivenTime, Time, View
from chalicelib.domain.access.principal import MAX_PATTERN
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.schedules.cron import MAX_CRON
from chalicelib.domain.schedules.decisions import ScheduleChange
from chalicelib.domain.schedules.local_time import MAX_ZONE
from chalicelib.domain.schedules.schedule import (
    MAX_DAYS,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_PAYLOAD,
    MAX_PAYLOAD_KEY,
    MAX_PAYLOAD_VALUE,
)
from chalicelib.domain.schedules.timing import MAX_MINUTES, MIN_MINUTES, UTC_ZONE, Timing

JobName = Literal["event", "judge", "remind", "expire"]
Models = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATTERN)]
Payload = Annotated[
    dict[
        Annotated[str, StringConstraints(min_length=1, max_length=MAX_PAYLOAD_KEY)],
        Annotated[str, StringConstraints(max_length=MAX_PAYLOAD_VALUE)],
    ],
    Field(max_length=MAX_PAYLOAD),
]
Days = Annotated[int, Field(ge=1, le=MAX_DAYS)]
_NOT_NULLABLE = ("when", "older_than_days", "enabled")


class When(Body):
    """Exactly one of ``cron``, ``at`` and ``every_minutes``. ``zone`` is that of the cron expression."""

    cron: str | None = Field(
        None,
        max_length=MAX_CRON,
        description="Five fields as in crontab(5), or @hourly, @daily, @weekly, @monthly or @yearly.",
        examples=["0 6 * * MON"],
    )
    zone: str = Field(
        UTC_ZONE, min_length=1, max_length=MAX_ZONE, description="An IANA time zone.", examples=["Europe/Berlin"]
    )
    at: GivenTime | None = None
    every_minutes: int | None = Field(None, ge=MIN_MINUTES, le=MAX_MINUTES)

    def timing(self) -> Timing:
        return Timing(self.cron, self.zone, self.at, self.every_minutes)


class CreateSchedule(Body):
    """What to do, and when. Without ``models`` it is about all models.

    ``payload`` is for those who listen to ``schedule.fired``.
    """

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["retrain-churn"])
    when: When
    job: JobName = "event"
    models: Models = Field("*", description="A model's name, or a pattern where * matches any characters.")
    payload: Payload = Field(default_factory=dict)
    older_than_days: Days | None = Field(None, description="Of the job expire, which needs it.")
    description: str = Field("", max_length=MAX_DESCRIPTION)
    enabled: bool = True

    def change(self) -> ScheduleChange:
        return ScheduleChange(
            models=self.models,
            payload=self.payload,
            older_than_days=self.older_than_days,
            description=self.description,
            enabled=self.enabled,
        )


class UpdateSchedule(Body):
    """Fields to change. ``null`` resets the models, the payload or the description to its default."""

    when: When | None = None
    models: Models | None = None
    payload: Payload | None = None
    older_than_days: Days | None = None
    description: str | None = Field(None, max_length=MAX_DESCRIPTION)
    enabled: bool | None = None

    def change(self) -> ScheduleChange:
        """Raises InvalidInputError for a field that has no default and cannot be null."""
        given = self.model_fields_set
        null = [field for field in _NOT_NULLABLE if field in given and getattr(self, field) is None]
        if null:
            problems = [Problem(f"/{field}", "must not be null") for field in null]
            raise InvalidInputError(f"/{null[0]} must not be null.", problems)
        return ScheduleChange(
            models=self.models or "*" if "models" in given else None,
            timing=None if self.when is None else self.when.timing(),
            payload=self.payload or {} if "payload" in given else None,
            older_than_days=self.older_than_days,
            description=self.description or "" if "description" in given else None,
            enabled=self.enabled,
        )


class WhenView(View):
    cron: str | None
    zone: str
    at: Time | None
    every_minutes: int | None


class OutcomeView(View):
    """How a firing ended: how many models it went through, what it did, how many models failed, and the last error."""

    ended_at: Time
    models: int
    done: int
    failed: int
    error: str


class ScheduleView(View):
    """A schedule. ``next_at`` is null while it is disabled, and after its last time.

    ``firings`` is how often it has fired, ``fired_at`` when it last did, and ``missed`` how many earlier times that
    made up for. While ``running``, it goes through the models; ``outcome`` is that of the last firing that has ended.
    """

    name: str
    job: JobName
    models: str
    when: WhenView
    payload: dict[str, str]
    older_than_days: int | None
    description: str
    enabled: bool
    created_at: Time
    created_by: str
    updated_at: Time
    next_at: Time | None
    firings: int
    fired_at: Time | None
    missed: int
    running: bool
    outcome: OutcomeView | None


class UpcomingScheduleView(ScheduleView):
    """A schedule with its next times. ``upcoming`` is at most five of them."""

    upcoming: list[Time]
