"""webhooks: URLs that receive events, and their deliveries."""

from typing import TextIO, cast

import click

from moorage.cli.confirmation import ask, yes_option
from moorage.cli.options import SETTING, grace_option, limit_option
from moorage.cli.session import Session, command, list_command
from moorage.cli.tables import Columns
from moorage.webhooks import Attempt, Delivery, NewWebhook, Webhook, WebhookContent

_EVENTS = click.option(
    "--event",
    "events",
    multiple=True,
    metavar="TYPE",
    help="An event type, such as version.ready or alias.*. May be repeated.",
)
_MODELS = click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME",
    help="Only events of these models; * matches any text. May be repeated.",
)
_SETTINGS = click.option(
    "--setting",
    "settings",
    type=SETTING,
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the format, such as repository=example/models. An object is given as JSON. May be repeated.",
)
_SECRET = click.option(
    "--secret",
    "secret_file",
    type=click.File(),
    metavar="FILE",
    help="A file with the receiver's token, key or secret address, or - for standard input.",
)
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
@_SETTINGS
@_SECRET
@_EVENTS
@_MODELS
@click.option("--description", help="A description of the webhook.")
@command
def create(
    session: Session,
    url: str | None,
    format_: str | None,
    settings: tuple[tuple[str, object], ...],
    secret_file: TextIO | None,
    events: tuple[str, ...],
    models: tuple[str, ...],
    description: str | None,
) -> None:
    """Create a webhook.

    Without a format, events are sent to the URL as they are, signed with a secret that is shown only once. A format
    that has a URL of its own, or whose secret is the address, needs no URL.
    """
    content = cast(NewWebhook, _content(events, models, description, None, settings, secret_file))
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
@_SETTINGS
@_SECRET
@_EVENTS
@_MODELS
@click.option("--description", help="The new description.")
@click.option("--enable/--disable", "enabled", default=None, help="Turn deliveries on or off.")
@command
def update(
    session: Session,
    webhook: str,
    url: str | None,
    settings: tuple[tuple[str, object], ...],
    secret_file: TextIO | None,
    events: tuple[str, ...],
    models: tuple[str, ...],
    description: str | None,
    enabled: bool | None,
) -> None:
    """Change a webhook.

    The given settings, events or models replace all earlier ones.
    """
    changes = _content(events, models, description, enabled, settings, secret_file)
    if url is not None:
        changes["url"] = url
    if not changes:
        raise click.UsageError(
            "nothing to change: give --url, --setting, --secret, --event, --model, --description, --enable or --disable"
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
            ("enabled", "yes" if webhook.enabled else "no"),
            ("description", webhook.description),
            *webhook.settings.items(),
            ("own secret", "set" if webhook.secret_set else None),
            ("secret", webhook.secret),
        ],
    )


def _content(
    events: tuple[str, ...],
    models: tuple[str, ...],
    description: str | None,
    enabled: bool | None,
    settings: tuple[tuple[str, object], ...],
    secret_file: TextIO | None,
) -> WebhookContent:
    content: WebhookContent = {}
    if settings:
        content["settings"] = dict(settings)
    if secret_file is not None:
        content["secret"] = secret_file.read().strip()
    if events:
        content["events"] = list(events)
    if models:
        content["models"] = list(models)
    if description is not None:
        content["description"] = description
    if enabled is not None:
        content["enabled"] = enabled
    return content
