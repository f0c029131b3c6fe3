"""Creating, changing and deleting webhooks. Events carry all of a webhook: its secret is not part of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, Remove, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.mlflow import events as mlflow_events
from chalicelib.domain.webhooks import webhook as webhooks
from chalicelib.domain.webhooks.webhook import Format, Webhook

# Of the record alone. The generation of a secret is no secret, but says nothing to who reads of a webhook.
_UNSHOWN: Final = ("secret_generation", "revision", "sealed_secret")


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """Fields to set; None leaves one as it is, or at its default on creation. ``url`` has been checked.

    ``name`` and ``sealed_secret`` are of MLflow's format; an empty secret is none.
    """

    url: str | None = None
    events: Sequence[str] | None = None
    models: Sequence[str] | None = None
    description: str | None = None
    enabled: bool | None = None
    name: str | None = None
    sealed_secret: str | None = None


def create(
    registry: RegistryState,
    webhook_id: str,
    url: str,
    given: WebhookChange,
    stamp: Stamp,
    spoken: Format = Format.STANDARD,
) -> Decision[Webhook]:
    """Create a webhook. Without filters it is told everything that its format can say."""
    blank = Webhook(
        id=webhook_id,
        url=url,
        events=webhooks.EVERYTHING if spoken is Format.STANDARD else tuple(mlflow_events.EXAMPLES),
        models=webhooks.EVERYTHING,
        description="",
        enabled=True,
        secret_generation=1,
        created_at=stamp.time,
        created_by=stamp.actor,
        format=spoken,
    )
    webhook = _applied(blank, given).stamped(None, stamp)
    return decided(
        webhook,
        registry,
        EventDraft(event_types.WEBHOOK_CREATED, None, public_document(webhook), subject=webhook_id),
        Put(webhook),
        subject=webhook_id,
    )


def update(registry: RegistryState, webhook: Webhook, given: WebhookChange, stamp: Stamp) -> Outcome[Webhook]:
    """Change fields of a webhook. Nothing happens when all stand as asked already."""
    wanted = _applied(webhook, given)
    if wanted == webhook:
        return NoChange(webhook)
    changed = replace(
        wanted,
        secret_generation=webhook.secret_generation + (wanted.sealed_secret != webhook.sealed_secret),
    ).stamped(webhook, stamp)
    before, after = _event_fields(webhook), _event_fields(changed)
    fields = [field for field in after if field != "updated_at" and before[field] != after[field]]
    return decided(
        changed,
        registry,
        EventDraft(
            event_types.WEBHOOK_UPDATED,
            {field: before[field] for field in fields},
            {field: after[field] for field in fields},
            subject=webhook.id,
        ),
        Put(changed),
    )


def disable(registry: RegistryState, webhook: Webhook, reason: str) -> Outcome[None]:
    """Disable a webhook whose receiver will take no more deliveries. A disabled one stays as it is."""
    if not webhook.enabled:
        return NoChange(None)
    event = EventDraft(
        event_types.WEBHOOK_DISABLED, {"enabled": True}, {"enabled": False}, subject=webhook.id, reason=reason
    )
    return decided(None, registry, event, Put(replace(webhook, enabled=False)))


def delete(registry: RegistryState, webhook: Webhook) -> Decision[None]:
    """Delete a webhook. What is queued for it is dropped."""
    return decided(
        None,
        registry,
        EventDraft(event_types.WEBHOOK_DELETED, public_document(webhook), None, subject=webhook.id),
        Remove(webhook),
    )


def public_document(webhook: Webhook) -> dict[str, Any]:
    """What is shown of a webhook."""
    kept = document(webhook)
    return {field: kept[field] for field in kept if field not in _UNSHOWN}


def _event_fields(webhook: Webhook) -> dict[str, Any]:
    """What the event of a change tells: that the secret is another one, but not which."""
    return {**public_document(webhook), "secret_generation": webhook.secret_generation}


def document(webhook: Webhook) -> dict[str, Any]:
    return {**asdict(webhook), "events": list(webhook.events), "models": list(webhook.models)}


def _applied(webhook: Webhook, given: WebhookChange) -> Webhook:
    return replace(
        webhook,
        url=webhook.url if given.url is None else given.url,
        events=webhook.events if given.events is None else _events(webhook.format, given.events),
        models=webhook.models if given.models is None else webhooks.model_patterns(given.models),
        description=webhook.description if given.description is None else webhooks.description(given.description),
        enabled=webhook.enabled if given.enabled is None else given.enabled,
        name=webhook.name if given.name is None else webhooks.mlflow_name(given.name),
        sealed_secret=webhook.sealed_secret if given.sealed_secret is None else given.sealed_secret,
    )


def _events(spoken: Format, given: Sequence[str]) -> tuple[str, ...]:
    return webhooks.event_patterns(given) if spoken is Format.STANDARD else mlflow_events.event_names(given)
