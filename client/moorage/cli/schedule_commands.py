"""schedules: what the registry does by the clock."""

from datetime import UTC, datetime
from typing import Final

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import PAIR, limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.schedules import Schedule, ScheduleContent, When

_JOBS: Final = ("event", "judge", "remind", "expire")
_CRON = click.option(
    "--cron", metavar="EXPRESSION", help="Five fields such as '0 6 * * MON', or @hourly, @daily, @weekly, @monthly."
)
_ZONE = click.option("--zone", help="The time zone of --cron, such as Europe/Berlin. UTC without it.")
_AT = click.option("--at", type=click.DateTime(("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d")), help="Once at this time, in UTC.")
_EVERY = click.option("--every", type=click.IntRange(5), metavar="MINUTES", help="Every so many minutes, at least 5.")
_MODEL = click.option("--model", metavar="NAME", help="The model it is about; * matches any text. All without it.")
_PAYLOAD = click.option(
    "--payload", multiple=True, type=PAIR, metavar="NAME=VALUE", help="What its event carries. May be repeated."
)
_OLDER = click.option("--older-than", type=click.IntRange(1), metavar="DAYS", help="For the job expire.")
_DESCRIPTION = click.option("--description", help="A description of the schedule.")
_LIMIT = limit_option()
_COLUMNS = Columns(
    ("name", "job", "models", "when", "next", "fired", "enabled"),
    spare=("fired", "models", "when"),
    prose=("when",),
)


@click.group("schedules")
def schedules() -> None:
    """Manage schedules: what the registry does by the clock."""


@schedules.command("create")
@click.argument("name")
@click.option(
    "--job",
    type=click.Choice(_JOBS),
    default="event",
    help="Emit an event only, judge gates again, remind of waiting requests, or expire requests open for too long.",
)
@_CRON
@_ZONE
@_AT
@_EVERY
@_MODEL
@_PAYLOAD
@_OLDER
@_DESCRIPTION
@command
def create(
    session: Session,
    name: str,
    job: str,
    cron: str | None,
    zone: str | None,
    at: datetime | None,
    every: int | None,
    model: str | None,
    payload: tuple[tuple[str, str], ...],
    older_than: int | None,
    description: str | None,
) -> None:
    """Create a schedule.

    It emits schedule.fired at each of its times. Webhooks for that event start whatever should follow.
    """
    content = _when(cron, zone, at, every)
    if not content:
        raise click.UsageError("when should it fire? Give --cron, --at or --every")
    content.update(_what(model, payload, older_than, description))
    _show(session, session.client.schedules.create(name, job=job, **content))


@schedules.command("list")
@_LIMIT
@list_command
def list_schedules(session: Session, limit: int | None) -> None:
    """List schedules by name."""
    listed = session.first(limit, lambda most: session.client.schedules.list(limit=most))
    rows = (
        (one.name, one.job, one.models, _time(one.when), one.next_at, one.fired_at, "yes" if one.enabled else "no")
        for one in listed
    )
    session.rows(listed, _COLUMNS, rows)


@schedules.command("show")
@click.argument("schedule")
@command
def show(session: Session, schedule: str) -> None:
    """Show a schedule, its next times and how its last firing went."""
    _show(session, session.client.schedules.get(schedule))


@schedules.command("update")
@click.argument("schedule")
@_CRON
@_ZONE
@_AT
@_EVERY
@_MODEL
@_PAYLOAD
@_OLDER
@_DESCRIPTION
@command
def update(
    session: Session,
    schedule: str,
    cron: str | None,
    zone: str | None,
    at: datetime | None,
    every: int | None,
    model: str | None,
    payload: tuple[tuple[str, str], ...],
    older_than: int | None,
    description: str | None,
) -> None:
    """Change a schedule.

    A given payload replaces the earlier one.
    """
    changes = _when(cron, zone, at, every)
    changes.update(_what(model, payload, older_than, description))
    if not changes:
        raise click.UsageError(
            "nothing to change: give --cron, --at, --every, --model, --payload, --older-than or --description"
        )
    _show(session, session.client.schedules.update(schedule, **changes))


@schedules.command("enable")
@click.argument("schedule")
@command
def enable(session: Session, schedule: str) -> None:
    """Let a schedule fire again, from now on."""
    _show(session, session.client.schedules.update(schedule, enabled=True))


@schedules.command("disable")
@click.argument("schedule")
@command
def disable(session: Session, schedule: str) -> None:
    """Keep a schedule from firing until it is enabled again."""
    _show(session, session.client.schedules.update(schedule, enabled=False))


@schedules.command("fire")
@click.argument("schedule")
@command
def fire(session: Session, schedule: str) -> None:
    """Fire a schedule now, enabled or not. Its next time stays."""
    _show(session, session.client.schedules.fire(schedule))


@schedules.command("delete")
@click.argument("schedule")
@yes_option
@command
def delete(session: Session, schedule: str, yes: bool) -> None:
    """Delete a schedule. Asks first."""
    ask(f"This deletes the schedule {schedule}: it fires no more.", yes=yes)
    session.client.schedules.delete(schedule)
    session.say({"deleted": schedule}, f"deleted {schedule}")


def _when(cron: str | None, zone: str | None, at: datetime | None, every: int | None) -> ScheduleContent:
    if sum(given is not None for given in (cron, at, every)) > 1:
        raise click.UsageError("give only one of --cron, --at and --every")
    if zone is not None and cron is None:
        raise click.UsageError("--zone belongs to --cron: repeat the expression with it")
    content: ScheduleContent = {}
    if cron is not None:
        content["cron"] = cron
    if zone is not None:
        content["zone"] = zone
    if at is not None:
        content["at"] = at.replace(tzinfo=UTC)
    if every is not None:
        content["every_minutes"] = every
    return content


def _what(
    model: str | None, payload: tuple[tuple[str, str], ...], older_than: int | None, description: str | None
) -> ScheduleContent:
    content: ScheduleContent = {}
    if model is not None:
        content["models"] = model
    if payload:
        content["payload"] = dict(payload)
    if older_than is not None:
        content["older_than_days"] = older_than
    if description is not None:
        content["description"] = description
    return content


def _time(when: When) -> str:
    if when.cron is not None:
        return f"{when.cron} {when.zone}"
    if when.at is not None:
        return f"at {when.at:%Y-%m-%d %H:%M:%S}"
    return f"every {when.every_minutes} minutes"


def _show(session: Session, schedule: Schedule) -> None:
    outcome = schedule.outcome
    ended = None if outcome is None else f"{outcome.models} models, {outcome.done} done, {outcome.failed} failed"
    session.facts(
        schedule,
        [
            ("schedule", schedule.name),
            ("job", schedule.job),
            ("models", schedule.models),
            ("when", _time(schedule.when)),
            ("payload", schedule.payload),
            ("older than days", schedule.older_than_days),
            ("description", schedule.description),
            ("enabled", "yes" if schedule.enabled else "no"),
            ("firings", schedule.firings),
            ("last fired", schedule.fired_at),
            ("missed", schedule.missed or None),
            ("running", "yes" if schedule.running else None),
            ("last run", ended),
            ("last error", None if outcome is None else outcome.error),
            *(("next", at) for at in schedule.upcoming),
        ],
    )
