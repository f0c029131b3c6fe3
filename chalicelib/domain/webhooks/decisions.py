"""Creating, changing and deleting webhooks. Events carry all of a webhook: its secret is not part of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, DropRecord, NoChange, Outcome, RegistryState, SaveRecord
from chalicelib.domain.ledger.events import EventDraft, Stamp
from chalicelib.domain.mlflow import events as mlflow_events
from chalicelib.domain.webhooks import webhook as webhooks
from chalicelib.domain.webhooks.webhook import Format, Webhook

KIND: Final = "WEBHOOK"
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
    ledger: RegistryState,
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
        updated_at=stamp.time,
        revision=ledger.next_revision,
        format=spoken,
    )
    webhook = _applied(blank, given)
    return Decision(
        webhook,
        ledger,
        EventDraft(event_types.WEBHOOK_CREATED, None, public_document(webhook), subject=webhook_id),
        (SaveRecord(KIND, webhook_id, document(webhook)),),
        subject=webhook_id,
    )


def update(
    ledger: RegistryState, webhook: Webhook, given: WebhookChange, stamp: Stamp, reason: str | None = None
) -> Outcome[Webhook]:
    """Change fields of a webhook. Nothing happens when all stand as asked already."""
    wanted = _applied(webhook, given)
    if wanted == webhook:
        return NoChange(webhook)
    changed = replace(
        wanted,
        secret_generation=webhook.secret_generation + (wanted.sealed_secret != webhook.sealed_secret),
        updated_at=stamp.time,
        revision=ledger.next_revision,
    )
    before, after = _told(webhook), _told(changed)
    fields = [field for field in after if field != "updated_at" and before[field] != after[field]]
    return Decision(
        changed,
        ledger,
        EventDraft(
            event_types.WEBHOOK_UPDATED,
            {field: before[field] for field in fields},
            {field: after[field] for field in fields},
            subject=webhook.id,
            reason=reason,
        ),
        (SaveRecord(KIND, webhook.id, document(changed)),),
    )


def delete(ledger: RegistryState, webhook: Webhook) -> Decision[None]:
    """Delete a webhook. What is queued for it is dropped."""
    return Decision(
        None,
        ledger,
        EventDraft(event_types.WEBHOOK_DELETED, public_document(webhook), None, subject=webhook.id),
        (DropRecord(KIND, webhook.id),),
    )


def public_document(webhook: Webhook) -> dict[str, Any]:
    """What is shown of a webhook."""
    kept = document(webhook)
    return {field: kept[field] for field in kept if field not in _UNSHOWN}


def _told(webhook: Webhook) -> dict[str, Any]:
    """What the event of a change tells: that the secret is another one, but not which."""
    return {**public_document(webhook), "secret_generation": webhook.secret_generation}


def document(webhook: Webhook) -> dict[str, Any]:
    return {**asdict(webhook), "events": list(webhook.events), "models": list(webhook.models)}


def from_document(stored: dict[str, Any]) -> Webhook:
    """The webhook of a record; one of before there were formats has none."""
    return Webhook(
        **{
            **stored,
            "events": tuple(stored["events"]),
            "models": tuple(stored["models"]),
            "format": Format(stored.get("format", Format.STANDARD)),
        }
    )


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
