"""Creating, changing and deleting webhooks. Events carry all of a webhook: its secret is not part of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from chalicelib.domain import event_types, webhooks
from chalicelib.domain.decision import Decision, DropRecord, NoChange, Outcome, RegistryLedger, SaveRecord
from chalicelib.domain.events import Happening, Origin
from chalicelib.domain.webhooks import Webhook

KIND: Final = "WEBHOOK"


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """Fields to set; None leaves one as it is, or at its default on creation. ``url`` has been checked."""

    url: str | None = None
    events: Sequence[str] | None = None
    models: Sequence[str] | None = None
    description: str | None = None
    enabled: bool | None = None


def create(
    ledger: RegistryLedger, webhook_id: str, url: str, given: WebhookChange, origin: Origin
) -> Decision[Webhook]:
    """Create a webhook. Without filters it is told everything."""
    blank = Webhook(
        id=webhook_id,
        url=url,
        events=webhooks.EVERYTHING,
        models=webhooks.EVERYTHING,
        description="",
        enabled=True,
        secret_generation=1,
        created_at=origin.time,
        created_by=origin.actor,
        updated_at=origin.time,
        revision=ledger.next_revision,
    )
    webhook = _applied(blank, given)
    return Decision(
        webhook,
        ledger,
        Happening(event_types.WEBHOOK_CREATED, None, public_document(webhook), subject=webhook_id),
        (SaveRecord(KIND, webhook_id, document(webhook)),),
        subject=webhook_id,
    )


def update(
    ledger: RegistryLedger, webhook: Webhook, given: WebhookChange, origin: Origin, reason: str | None = None
) -> Outcome[Webhook]:
    """Change fields of a webhook. Nothing happens when all stand as asked already."""
    wanted = _applied(webhook, given)
    if wanted == webhook:
        return NoChange(webhook)
    changed = replace(wanted, updated_at=origin.time, revision=ledger.next_revision)
    before, after = public_document(webhook), public_document(changed)
    fields = [field for field in after if field != "updated_at" and before[field] != after[field]]
    return Decision(
        changed,
        ledger,
        Happening(
            event_types.WEBHOOK_UPDATED,
            {field: before[field] for field in fields},
            {field: after[field] for field in fields},
            subject=webhook.id,
            reason=reason,
        ),
        (SaveRecord(KIND, webhook.id, document(changed)),),
    )


def delete(ledger: RegistryLedger, webhook: Webhook) -> Decision[None]:
    """Delete a webhook. What is queued for it is dropped."""
    return Decision(
        None,
        ledger,
        Happening(event_types.WEBHOOK_DELETED, public_document(webhook), None, subject=webhook.id),
        (DropRecord(KIND, webhook.id),),
    )


def public_document(webhook: Webhook) -> dict[str, Any]:
    """What is shown of a webhook."""
    kept = document(webhook)
    return {field: kept[field] for field in kept if field not in ("secret_generation", "revision")}


def document(webhook: Webhook) -> dict[str, Any]:
    return {**asdict(webhook), "events": list(webhook.events), "models": list(webhook.models)}


def from_document(stored: dict[str, Any]) -> Webhook:
    return Webhook(**{**stored, "events": tuple(stored["events"]), "models": tuple(stored["models"])})


def _applied(webhook: Webhook, given: WebhookChange) -> Webhook:
    return replace(
        webhook,
        url=webhook.url if given.url is None else given.url,
        events=webhook.events if given.events is None else webhooks.event_patterns(given.events),
        models=webhook.models if given.models is None else webhooks.model_patterns(given.models),
        description=webhook.description if given.description is None else webhooks.description(given.description),
        enabled=webhook.enabled if given.enabled is None else given.enabled,
    )
