"""Schedules: what the registry does by the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from moorage.connection import Connection
from moorage.decoding import decode, format_time
from moorage.listing import Listing
from moorage.paths import segment


@dataclass(frozen=True, slots=True)
class When:
    """When a schedule fires: by ``cron`` in the time ``zone``, once ``at`` a time, or every ``every_minutes``."""

    cron: str | None = None
    zone: str = "UTC"
    at: datetime | None = None
    every_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleOutcome:
    """How a firing ended: how many models it went through, what it did, how many failed, and the last error."""

    ended_at: datetime
    models: int = 0
    done: int = 0
    failed: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule.

    ``job`` is ``event``, ``judge``, ``remind`` or ``expire``. ``next_at`` is None while the schedule is disabled and
    after its last time. ``missed`` is how many earlier times the last firing made up for. ``upcoming`` are the next
    five times; it is empty in lists. While ``running``, the last firing goes through the models, and ``outcome`` is
    that of the one before.
    """

    name: str
    job: str
    models: str
    when: When
    payload: dict[str, str] = field(default_factory=dict)
    older_than_days: int | None = None
    description: str = ""
    enabled: bool = True
    next_at: datetime | None = None
    upcoming: tuple[datetime, ...] = ()
    firings: int = 0
    fired_at: datetime | None = None
    missed: int = 0
    running: bool = False
    outcome: ScheduleOutcome | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    etag: str | None = None


class ScheduleContent(TypedDict, total=False):
    """The fields of a schedule. Of ``cron`` with its ``zone``, ``at`` and ``every_minutes``, give one.

    ``models`` is a model's name, or a pattern in which ``*`` matches any text. ``older_than_days`` is for the job
    ``expire``. ``payload`` goes into the event ``schedule.fired``.
    """

    cron: str
    zone: str
    at: datetime
    every_minutes: int
    models: str
    payload: Mapping[str, str]
    older_than_days: int
    description: str
    enabled: bool


class Schedules:
    """The schedules of the registry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, name: str, *, job: str = "event", **content: Unpack[ScheduleContent]) -> Schedule:
        """Create a schedule. Raises ConflictError if there is one of this name."""
        return self._connection.post(Schedule, "schedules", {"name": name, "job": job, **_body(content)})

    def get(self, name: str) -> Schedule:
        return self._connection.get(Schedule, _path(name))

    def list(self, *, limit: int | None = None) -> Listing[Schedule]:
        """The schedules, by name."""
        return self._connection.items(Schedule, "schedules", limit)

    def update(self, name: str, *, if_match: str | None = None, **changes: Unpack[ScheduleContent]) -> Schedule:
        """Change a schedule. One that is enabled again makes up for nothing that passed meanwhile."""
        return decode(Schedule, self._connection.write("PATCH", _path(name), _body(changes), if_match=if_match))

    def fire(self, name: str) -> Schedule:
        """Fire a schedule now, enabled or not. The keeper goes through the models within five minutes."""
        return self._connection.post(Schedule, f"{_path(name)}/fire")

    def delete(self, name: str) -> None:
        self._connection.write("DELETE", _path(name))


def _body(content: ScheduleContent) -> dict[str, Any]:
    """The fields as the API has them, with those of the time together."""
    body: dict[str, Any] = dict(content)
    when = {name: body.pop(name) for name in ("cron", "zone", "at", "every_minutes") if name in body}
    if "at" in when:
        when["at"] = format_time(when["at"])
    return {**body, "when": when} if when else body


def _path(name: str) -> str:
    return f"schedules/{segment(name)}"
