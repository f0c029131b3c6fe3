"""schedules: what the registry does by the clock."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import PAIR, TIME, limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.values import counted, flat
from moorage.schedules import Schedule, ScheduleContent, When

_JOBS: Final = ("event", "judge", "remind", "expire")
_CONTENT = (
    click.option(
        "--cron", metavar="EXPRESSION", help="Five fields such as '0 6 * * MON', or @hourly, @daily, @weekly, @monthly."
    ),
    click.option("--zone", help="The time zone of --cron, such as Europe/Berlin. UTC without it."),
    click.option("--at", type=TIME, metavar="TIME", help="Once, such as 2026-11-23T09:30:00Z."),
    click.option("--every", type=click.IntRange(5), metavar="MINUTES", help="Every so many minutes, at least 5."),
    click.option("--model", metavar="NAME", help="The model it is about; * matches any text. All without it."),
    click.option(
        "--payload", multiple=True, type=PAIR, metavar="NAME=VALUE", help="What its event carries. May be repeated."
    ),
    click.option("--older-than", type=click.IntRange(1), metavar="DAYS", help="For the job expire."),
    click.option("--description", help="A description of the schedule."),
)
_COLUMNS = Columns(
    ("name", "job", "models", "when", "next", "fired", "enabled"),
    spare=("fired", "models", "when", "job"),
    prose=("when",),
)


def _content(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options for what a schedule is. The command gets what was given of them as ``content``."""

    @functools.wraps(function)
    def collected(
        *arguments: Any,
        cron: str | None,
        zone: str | None,
        at: datetime | None,
        every: int | None,
        model: str | None,
        payload: tuple[tuple[str, str], ...],
        older_than: int | None,
        description: str | None,
        **named: Any,
    ) -> None:
        content = _when(cron, zone, at, every)
        content.update(_what(model, payload, older_than, description))
        function(*arguments, content=content, **named)

    for option in reversed(_CONTENT):
        collected = option(collected)
    return collected


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
@_content
@command
def create(session: Session, name: str, job: str, content: ScheduleContent) -> None:
    """Create a schedule.

    It emits schedule.fired at each of its times. Webhooks for that event start whatever should follow.
    """
    if not content.keys() & {"cron", "at", "every_minutes"}:
        raise click.UsageError("when should it fire? Give --cron, --at or --every")
    if (job == "expire") != ("older_than_days" in content):
        raise click.UsageError("--older-than belongs to --job expire, which needs it")
    _show(session, session.client.schedules.create(name, job=job, **content))


@schedules.command("list")
@limit_option()
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
@_content
@command
def update(session: Session, schedule: str, content: ScheduleContent) -> None:
    """Change a schedule.

    A given payload replaces the earlier one.
    """
    if not content:
        raise click.UsageError(
            "nothing to change: give --cron, --at, --every, --model, --payload, --older-than or --description"
        )
    _show(session, session.client.schedules.update(schedule, **content))


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
        content["at"] = at
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
        return f"at {flat(when.at)}"
    return f"every {when.every_minutes} minutes"


def _show(session: Session, schedule: Schedule) -> None:
    outcome = schedule.outcome
    ended = (
        None if outcome is None else f"{counted(outcome.models, 'model')}, {outcome.done} done, {outcome.failed} failed"
    )
    session.facts(
        schedule,
        [
            ("schedule", schedule.name),
            ("job", schedule.job),
            ("models", schedule.models),
            ("when", _time(schedule.when)),
            ("payload", schedule.payload),
            ("older than", schedule.older_than_days and counted(schedule.older_than_days, "day")),
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
