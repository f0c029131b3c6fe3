"""webhooks: create, list, show, update, delete, test, deliveries, redeliver."""

import click

from moorage.cli.session import Session, command
from moorage.webhooks import Delivery, Webhook, WebhookContent

_EVENTS = click.option("--event", "events", multiple=True, help="A type or a prefix such as alias.*.")
_MODELS = click.option("--model", "models", multiple=True, help="A name, where * is any run of characters.")
_LIMIT = click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)


@click.group("webhooks")
def webhooks() -> None:
    """Addresses that are told of events, each request signed."""


@webhooks.command("create")
@click.argument("url")
@_EVENTS
@_MODELS
@click.option("--description")
@command
def create(
    session: Session, url: str, events: tuple[str, ...], models: tuple[str, ...], description: str | None
) -> None:
    """Create a webhook. Its signing secret is shown this once."""
    content = _content(events, models, description, None)
    content["url"] = url
    webhook = session.client.webhooks.create(**content)
    if webhook.secret is not None:
        session.note("keep the secret: it is not shown again")
    _show(session, webhook)


@webhooks.command("list")
@_LIMIT
@command
def list_webhooks(session: Session, limit: int) -> None:
    """List webhooks."""
    found = list(session.client.webhooks.list(limit=limit))
    rows = (
        (entry.id, entry.format, entry.url, entry.events, entry.models, "yes" if entry.enabled else "no")
        for entry in found
    )
    session.rows(found, ("id", "format", "url", "events", "models", "enabled"), rows)


@webhooks.command("show")
@click.argument("webhook")
@command
def show(session: Session, webhook: str) -> None:
    """Show one webhook."""
    _show(session, session.client.webhooks.get(webhook))


@webhooks.command("update")
@click.argument("webhook")
@click.option("--url")
@_EVENTS
@_MODELS
@click.option("--description")
@click.option("--enable/--disable", "enabled", default=None)
@command
def update(
    session: Session,
    webhook: str,
    url: str | None,
    events: tuple[str, ...],
    models: tuple[str, ...],
    description: str | None,
    enabled: bool | None,
) -> None:
    """Change a webhook. Events or models that are given replace all that it had."""
    changes = _content(events, models, description, enabled)
    if url is not None:
        changes["url"] = url
    if not changes:
        raise click.UsageError("nothing to change: give --url, --event, --model, --description or --disable")
    _show(session, session.client.webhooks.update(webhook, **changes))


@webhooks.command("delete")
@click.argument("webhook")
@command
def delete(session: Session, webhook: str) -> None:
    """Delete a webhook."""
    session.client.webhooks.delete(webhook)
    session.say({"deleted": webhook}, f"deleted {webhook}")


@webhooks.command("test")
@click.argument("webhook")
@command
def test(session: Session, webhook: str) -> None:
    """Queue a delivery of the event webhook.test."""
    _queued(session, session.client.webhooks.test(webhook))


@webhooks.command("deliveries")
@click.argument("webhook")
@_LIMIT
@command
def deliveries(session: Session, webhook: str, limit: int) -> None:
    """What was delivered and what came back, newest first."""
    found = list(session.client.webhooks.deliveries(webhook, limit=limit))
    rows = ((entry.id, entry.event_type, entry.state, _last(entry), entry.created_at) for entry in found)
    session.rows(found, ("id", "event", "state", "last answer", "created"), rows)


@webhooks.command("redeliver")
@click.argument("webhook")
@click.argument("delivery")
@command
def redeliver(session: Session, webhook: str, delivery: str) -> None:
    """Queue a delivery again."""
    _queued(session, session.client.webhooks.redeliver(webhook, delivery))


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
            ("secret", webhook.secret),
        ],
    )


def _content(
    events: tuple[str, ...], models: tuple[str, ...], description: str | None, enabled: bool | None
) -> WebhookContent:
    content: WebhookContent = {}
    if events:
        content["events"] = list(events)
    if models:
        content["models"] = list(models)
    if description is not None:
        content["description"] = description
    if enabled is not None:
        content["enabled"] = enabled
    return content
