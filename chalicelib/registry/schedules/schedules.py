"""Schedules: read and list."""

from chalicelib.aws import keys
from chalicelib.aws.schedules.items import schedule_from
from chalicelib.aws.services import Services
from chalicelib.domain.schedules import decisions
from chalicelib.domain.schedules.schedule import Schedule
from chalicelib.registry.page import Page


def get_schedule(services: Services, name: str) -> Schedule:
    """Raises ScheduleNotFoundError."""
    stored = services.table.get(keys.schedule(name))
    return decisions.existing(name, None if stored is None else schedule_from(stored))


def list_schedules(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Schedule]:
    """All schedules, by name."""
    after = None if start is None else keys.schedule(str(start["name"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.SCHEDULE_PREFIX, limit, after)
    found = tuple(map(schedule_from, stored))
    return Page(found, {"name": found[-1].name} if last is not None and found else None)
