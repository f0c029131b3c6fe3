"""webhooks: URLs that receive events, and their deliveries."""

from datetime import UTC, datetime
from typing import Unpack, cast

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import TIME, grace_option, limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.cli.webhook_options import Given, content_of, content_options
from moorage.webhooks import Attempt, Delivery, NewWebhook, Webhook

_LIMIT = limit_option()
_WEBHOOKS = Columns(
    ("id", "format", "url", "events", "models", "enabled"),
    spare=("format", "models", "events", "url"),
    folded=("events", "models"),
)
_DELIVERIES = Columns(
    ("id", "event", "state", "last answer", "created"),
    spare=("created", "last answer", "event"),
    prose=("last answer",),
)


@click.group("webhooks")
def webhooks() -> None:
    """Manage webhooks: URLs that receive events as signed requests."""


@webhooks.command("create")
@click.argument("url", required=False)
@click.option("--format", "format_", metavar="NAME", help="The form of what is sent, such as github-workflow or slack.")
@content_options
@command
def create(session: Session, url: str | None, format_: str | None, **given: Unpack[Given]) -> None:
    """Create a webhook.

    Without a format, events are sent to the URL as they are, signed with a secret that is shown only once. A format
    that has a URL of its own, or whose secret is the address, needs no URL.
    """
    content = cast(NewWebhook, content_of(**given))
    if url is not None:
        content["url"] = url
    if format_ is not None:
        content["format"] = format_
    webhook = session.client.webhooks.create(**content)
    if webhook.secret is not None:
        session.note("save the secret now: it is not shown again")
    _show(session, webhook)


@webhooks.command("list")
@_LIMIT
@list_command
def list_webhooks(session: Session, limit: int | None) -> None:
    """List webhooks."""
    listed = session.first(limit, lambda most: session.client.webhooks.list(limit=most))
    rows = (
        (entry.id, entry.format, entry.url, entry.events, entry.models, "yes" if entry.enabled else "no")
        for entry in listed
    )
    session.rows(listed, _WEBHOOKS, rows)


@webhooks.command("show")
@click.argument("webhook")
@command
def show(session: Session, webhook: str) -> None:
    """Show a webhook."""
    _show(session, session.client.webhooks.get(webhook))


@webhooks.command("update")
@click.argument("webhook")
@click.option("--url", help="The new URL.")
@click.option("--enable/--disable", "enabled", default=None, help="Turn deliveries on or off.")
@content_options
@command
def update(session: Session, webhook: str, url: str | None, enabled: bool | None, **given: Unpack[Given]) -> None:
    """Change a webhook.

    What may be repeated replaces all earlier values of its kind: the given events, for example, are the only ones.
    """
    changes = content_of(**given)
    if url is not None:
        changes["url"] = url
    if enabled is not None:
        changes["enabled"] = enabled
    if not changes:
        raise click.UsageError(
            "nothing to change: give --url, --setting, --secret, --event, --enable, --disable or another option"
        )
    _show(session, session.client.webhooks.update(webhook, **changes))


@webhooks.command("delete")
@click.argument("webhook")
@yes_option
@command
def delete(session: Session, webhook: str, yes: bool) -> None:
    """Delete a webhook. Asks first."""
    ask(f"This deletes the webhook {webhook}: its URL gets no events any more, and its secret is gone.", yes=yes)
    session.client.webhooks.delete(webhook)
    session.say({"deleted": webhook}, f"deleted {webhook}")


@webhooks.command("test")
@click.argument("webhook")
@command
def test(session: Session, webhook: str) -> None:
    """Send a test event (webhook.test) to a webhook."""
    _queued(session, session.client.webhooks.test(webhook))


@webhooks.command("deliveries")
@click.argument("webhook")
@click.option("--state", type=click.Choice(["pending", "succeeded", "failed", "cancelled"]), help="Only those in it.")
@_LIMIT
@list_command
def deliveries(session: Session, webhook: str, state: str | None, limit: int | None) -> None:
    """List the deliveries to a webhook, newest first."""
    client = session.client.webhooks
    listed = session.first(limit, lambda most: client.deliveries(webhook, state=state, limit=most))
    rows = ((entry.id, entry.event_type, entry.state, _last(entry), entry.created_at) for entry in listed)
    session.rows(listed, _DELIVERIES, rows)


@webhooks.command("delivery")
@click.argument("webhook")
@click.argument("delivery")
@command
def delivery(session: Session, webhook: str, delivery: str) -> None:
    """Show a delivery: each attempt, and what is sent."""
    shown = session.client.webhooks.delivery(webhook, delivery)
    facts: list[tuple[str, object]] = [
        ("delivery", shown.id),
        ("event", shown.event_type),
        ("ledger", shown.ledger),
        ("sequence", shown.sequence),
        ("state", shown.state),
        ("created", shown.created_at),
        ("next attempt", shown.next_attempt_at),
        ("finished", shown.finished_at),
    ]
    for attempt in shown.attempts:
        facts += _attempt(attempt)
    session.facts(shown, [*facts, ("payload", shown.payload)])


@webhooks.command("rotate")
@click.argument("webhook")
@grace_option("How long deliveries are also signed with the old secret.")
@command
def rotate(session: Session, webhook: str, grace: int) -> None:
    """Give a webhook a new secret.

    The new secret is shown only once.
    """
    rotated = session.client.webhooks.rotate(webhook, grace_seconds=grace)
    session.note(
        f"new secret of the webhook {rotated.id}; it is not shown again, and deliveries are also signed with "
        f"the old one for {grace} s"
    )
    session.say(rotated, rotated.secret or rotated.id)


@webhooks.command("redeliver")
@click.argument("webhook")
@click.argument("delivery")
@command
def redeliver(session: Session, webhook: str, delivery: str) -> None:
    """Queue a delivery again."""
    _queued(session, session.client.webhooks.redeliver(webhook, delivery))


@webhooks.command("redeliver-range")
@click.argument("webhook")
@click.option("--since", type=TIME, metavar="TIME", required=True, help="Events from then on: 2026-11-23T09:30:00Z.")
@click.option("--until", type=TIME, metavar="TIME", help="Events before then. Default: now.")
@click.option(
    "--state",
    "states",
    type=click.Choice(["succeeded", "failed", "cancelled"]),
    multiple=True,
    help="Only deliveries in this state. May be repeated.",
)
@click.option("--missed", is_flag=True, help="Also events without a delivery, such as while it was disabled.")
@command
def redeliver_range(
    session: Session, webhook: str, since: datetime, until: datetime | None, states: tuple[str, ...], missed: bool
) -> None:
    """Queue the deliveries of a range of event times again.

    Receivers drop what they have by its id.
    """
    end = datetime.now(UTC) if until is None else until
    queued = session.client.webhooks.redeliver_range(webhook, since, end, states=states or None, missed=missed)
    noun = "delivery" if queued == 1 else "deliveries"
    session.say({"queued": queued}, f"queued {queued} {noun}")


@webhooks.command("health")
@click.argument("webhook")
@command
def health(session: Session, webhook: str) -> None:
    """Show since when the receiver of a webhook fails."""
    shown = session.client.webhooks.health(webhook)
    session.facts(
        shown,
        [
            ("webhook", shown.webhook),
            ("enabled", "yes" if shown.enabled else "no"),
            ("disabled because", shown.disabled_reason),
            ("failing since", shown.failing_since),
            ("failures in a row", shown.failures_in_a_row),
        ],
    )


def _attempt(attempt: Attempt) -> list[tuple[str, object]]:
    answer = attempt.error or attempt.status
    made: list[tuple[str, object]] = [
        ("attempt", f"{attempt.time:%Y-%m-%d %H:%M:%S}, {attempt.duration_ms} ms: {answer}")
    ]
    return [*made, *attempt.links.items()]


def _queued(session: Session, delivery: Delivery) -> None:
    session.say(delivery, f"queued delivery {delivery.id}")


def _last(delivery: Delivery) -> str | int | None:
    if not delivery.attempts:
        return None
    attempt = delivery.attempts[-1]
    return attempt.status if attempt.error is None else attempt.error


def _show(session: Session, webhook: Webhook) -> None:
    session.facts(
        webhook,
        [
            ("webhook", webhook.id),
            ("name", webhook.name),
            ("format", webhook.format),
            ("url", webhook.url),
            ("events", webhook.events),
            ("models", webhook.models),
            ("only stages", webhook.only_stages),
            ("only tags", webhook.only_tags),
            ("only fields", webhook.only_fields),
            ("headers", webhook.custom_headers),
            ("secret headers", webhook.secret_headers),
            ("deliveries a minute", webhook.rate_limit),
            ("attempts", webhook.max_attempts),
            ("enabled", "yes" if webhook.enabled else "no"),
            ("disabled because", webhook.disabled_reason),
            ("description", webhook.description),
            *webhook.settings.items(),
            ("own secret", "set" if webhook.secret_set else None),
            ("secret", webhook.secret),
        ],
    )
