"""Webhooks: create, read, list, change, delete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.aws.webhooks.outbound import Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.errors import InvalidInputError, Problem, WebhookNotFoundError
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.outbound_policy import OutboundPolicy
from chalicelib.domain.webhooks.signature import secret
from chalicelib.domain.webhooks.webhook import Format, Webhook, caller_secret, endpoint
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened, seal

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A new webhook and its secret, which no other answer carries."""

    webhook: Webhook
    secret: str


def outbound(services: Services) -> Outbound:
    """The way out, under the stack's outbound policy."""
    return Outbound(OutboundPolicy.parse(services.settings.outbound_allow))


def create_webhook(services: Services, request: Request, url: str, given: WebhookChange) -> Changed[CreatedWebhook]:
    """Create a webhook whose URL may be reached. Raises InvalidInputError."""
    _check_reachable(services, url)
    webhook_id = services.new_id()

    def with_secret(webhook: Webhook) -> CreatedWebhook:
        derived = secret(services.signing_key(), webhook.id, webhook.secret_generation)
        return CreatedWebhook(webhook, derived)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedWebhook]:
        return decisions.create(loaded_state(snapshot), webhook_id, url, given, stamp).map(with_secret)

    def recall(subject: str) -> CreatedWebhook:
        return with_secret(get_webhook(services, subject))

    return change_registry(services, request, decide, recall)


def create_mlflow_webhook(
    services: Services, request: Request, url: str, given: WebhookChange, secret: str
) -> Changed[Webhook]:
    """Create a webhook of MLflow's format. Its ``secret`` is the caller's, and empty for deliveries without signature.

    Raises InvalidInputError.
    """
    _check_reachable(services, url)
    caller_secret(secret)
    webhook_id = services.new_id()
    wanted = replace(given, sealed_secret=_sealed(services, webhook_id, secret))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[Webhook]:
        return decisions.create(loaded_state(snapshot), webhook_id, url, wanted, stamp, Format.MLFLOW)

    return change_registry(services, request, decide, lambda subject: get_webhook(services, subject))


def get_webhook(services: Services, webhook_id: str) -> Webhook:
    """Raises WebhookNotFoundError."""
    stored = services.table.get(keys.webhook(webhook_id))
    return existing(webhook_id, None if stored is None else webhook_from(stored))


def list_webhooks(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Webhook]:
    """All webhooks, newest first."""
    after = None if start is None else keys.webhook(str(start["id"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.WEBHOOK_PREFIX, limit, after, newest_first=True)
    webhooks = tuple(map(webhook_from, stored))
    return Page(webhooks, {"id": webhooks[-1].id} if last is not None and webhooks else None)


def enabled_webhooks(services: Services) -> list[Webhook]:
    """All webhooks that are switched on."""
    return [webhook for webhook in _all_webhooks(services, None) if webhook.enabled]


def list_mlflow_webhooks(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Webhook]:
    """The webhooks of MLflow's format, newest first."""
    found: list[Webhook] = []
    for webhook in _all_webhooks(services, start):
        if webhook.format is not Format.MLFLOW:
            continue
        if len(found) == limit:
            return Page(tuple(found), {"id": found[-1].id})
        found.append(webhook)
    return Page(tuple(found), None)


def get_mlflow_webhook(services: Services, webhook_id: str) -> Webhook:
    """A webhook of MLflow's format. Raises WebhookNotFoundError, also for one of another format."""
    return of_mlflow(get_webhook(services, webhook_id))


def of_mlflow(webhook: Webhook) -> Webhook:
    """The webhook, if its format is MLflow's. Raises WebhookNotFoundError."""
    if webhook.format is not Format.MLFLOW:
        raise WebhookNotFoundError(f"There is no webhook {webhook.id!r} of MLflow's format.")
    return webhook


def update_webhook(services: Services, request: Request, webhook_id: str, given: WebhookChange) -> Changed[Webhook]:
    """Change fields of a webhook. Raises WebhookNotFoundError, PreconditionFailedError, InvalidInputError."""
    return _update(services, request, webhook_id, given, lambda _: given)


def update_mlflow_webhook(
    services: Services, request: Request, webhook_id: str, given: WebhookChange, secret: str | None
) -> Changed[Webhook]:
    """Change a webhook of MLflow's format; an empty ``secret`` takes it away, None leaves it as it is.

    Raises WebhookNotFoundError, InvalidInputError.
    """
    if secret is not None:
        caller_secret(secret)

    def changes(webhook: Webhook) -> WebhookChange:
        of_mlflow(webhook)
        if secret is None or secret == _known_secret(services, webhook):
            return given
        return replace(given, sealed_secret=_sealed(services, webhook_id, secret))

    return _update(services, request, webhook_id, given, changes)


def _update(
    services: Services,
    request: Request,
    webhook_id: str,
    given: WebhookChange,
    changes: Callable[[Webhook], WebhookChange],
) -> Changed[Webhook]:
    # Looked up once, before the change: deciding may be repeated, and must not wait for a name server.
    refusal = None if given.url is None else _refusal(services, given.url)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Webhook]:
        webhook = existing(webhook_id, snapshot.get(Webhook, webhook_id))
        request.check_match(webhook.revision)
        wanted = changes(webhook)
        if refusal is not None and given.url != webhook.url:
            raise refusal
        return decisions.update(loaded_state(snapshot), webhook, wanted, stamp)

    asked = [keys.webhook(webhook_id)]
    return change_registry(services, request, decide, lambda _: get_webhook(services, webhook_id), asked)


def delete_webhook(services: Services, request: Request, webhook_id: str) -> Changed[None]:
    """Delete a webhook. Raises WebhookNotFoundError, PreconditionFailedError."""
    return _delete(services, request, webhook_id, lambda webhook: webhook)


def delete_mlflow_webhook(services: Services, request: Request, webhook_id: str) -> Changed[None]:
    """Delete a webhook of MLflow's format. Raises WebhookNotFoundError, also for one of another format."""
    return _delete(services, request, webhook_id, of_mlflow)


def _delete(
    services: Services, request: Request, webhook_id: str, checked: Callable[[Webhook], Webhook]
) -> Changed[None]:
    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        webhook = checked(existing(webhook_id, snapshot.get(Webhook, webhook_id)))
        request.check_match(webhook.revision)
        return decisions.delete(loaded_state(snapshot), webhook)

    return change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook_id)])


def disable_gone(services: Services, request: Request, webhook: Webhook) -> None:
    """Disable a webhook whose receiver answered 410 Gone, unless it was deleted or moved since."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        current = snapshot.get(Webhook, webhook.id)
        if current is None or current.url != webhook.url:
            return NoChange(None)
        return decisions.disable(loaded_state(snapshot), current, "the receiver answered 410 Gone")

    change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook.id)])


def existing(webhook_id: str, webhook: Webhook | None) -> Webhook:
    """The webhook, unless there is none. Raises WebhookNotFoundError."""
    if webhook is None:
        raise WebhookNotFoundError(f"There is no webhook {webhook_id!r}.")
    return webhook


def _all_webhooks(services: Services, start: dict[str, str | int] | None) -> Iterator[Webhook]:
    while True:
        page = list_webhooks(services, _PAGE, start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def _sealed(services: Services, webhook_id: str, secret: str) -> str:
    return seal(services.signing_key(), webhook_id, secret) if secret else ""


def _known_secret(services: Services, webhook: Webhook) -> str | None:
    """The secret that a webhook has, None if it cannot be opened any more."""
    try:
        return opened(services.signing_key(), webhook.id, webhook.sealed_secret)
    except SealBrokenError:
        return None


def _check_reachable(services: Services, url: str) -> None:
    refusal = _refusal(services, url)
    if refusal is not None:
        raise refusal


def _refusal(services: Services, url: str) -> InvalidInputError | None:
    """Why the registry may not or cannot call a URL; None if it can. Raises InvalidInputError for what is no URL."""
    endpoint(url)
    try:
        outbound(services).check(url)
    except OutboundRefusedError as refused:
        sentence = "; ".join(refused.reasons)
        message = f"The registry may not call this URL: {sentence}."
    except OutboundFailedError as failed:
        sentence = str(failed)
        message = f"The registry cannot call this URL: {failed}."
    else:
        return None
    return InvalidInputError(message, [Problem("/url", sentence)])
