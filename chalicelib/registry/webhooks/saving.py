"""Webhooks: create, change, give a new secret, delete, disable."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.formats import Format
from chalicelib.domain.webhooks.signature import derived_secret
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import Webhook, caller_secret, endpoint
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened, seal
from chalicelib.registry.webhooks.webhooks import existing, get_webhook, outbound

_SENDER: Final = Principal("sender", ())


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A webhook that is new or has a new secret, and the secret that the registry derived for it.

    The secret is shown once. It is None if the request is repeated, and in formats whose secret is the caller's own.
    """

    webhook: Webhook
    secret: str | None


def create_webhook(
    services: Services,
    request: Request,
    url: str,
    given: WebhookChange,
    webhook_format: Format = STANDARD_FORMAT,
    secret: str = "",
) -> Changed[CreatedWebhook]:
    """Create a webhook whose URL may be reached. ``secret`` is the caller's own, in formats that take one.

    Raises InvalidInputError.
    """
    _check_reachable(services, url)
    webhook_id = services.new_id()
    signing_key = services.signing_key()
    wanted = replace(given, sealed_secret=_sealed(signing_key, webhook_id, caller_secret(secret)))

    def with_secret(webhook: Webhook) -> CreatedWebhook:
        if webhook_format.own_secret:
            return CreatedWebhook(webhook, None)
        return CreatedWebhook(webhook, derived_secret(signing_key, webhook.id, webhook.secret_generation))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedWebhook]:
        return decisions.create(loaded_state(snapshot), webhook_id, url, wanted, stamp, webhook_format).map(with_secret)

    def recall(subject: str) -> CreatedWebhook:
        # Whoever repeats the request may not be who made it. The secret is shown once.
        return CreatedWebhook(get_webhook(services, subject), None)

    return change_registry(services, request, decide, recall)


def update_webhook(
    services: Services,
    request: Request,
    webhook_id: str,
    given: WebhookChange,
    secret: str | None = None,
    only: Format | None = None,
) -> Changed[Webhook]:
    """Change fields of a webhook, of the format ``only`` if given.

    ``secret`` is the caller's own, in formats that take one. An empty one removes it, None leaves it as it is.
    Raises WebhookNotFoundError, PreconditionFailedError, InvalidInputError.
    """
    # Sealed and looked up once, before the change: deciding may be repeated, and must not wait for a name server.
    new_secret = _new_secret(services, webhook_id, secret)
    refusal = None if given.url is None else _refusal(services, given.url)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Webhook]:
        webhook = existing(webhook_id, snapshot.get(Webhook, webhook_id), only)
        request.check_match(webhook.revision)
        if refusal is not None and given.url != webhook.url:
            raise refusal
        wanted = replace(given, sealed_secret=new_secret(webhook))
        return decisions.update(loaded_state(snapshot), webhook, wanted, stamp, FORMATS)

    return change_registry(
        services, request, decide, lambda _: get_webhook(services, webhook_id), [keys.webhook(webhook_id)]
    )


def rotate_secret(services: Services, request: Request, webhook_id: str, grace_seconds: int) -> Changed[CreatedWebhook]:
    """Give a webhook a new secret. For ``grace_seconds``, deliveries are signed with the one before as well.

    Raises WebhookNotFoundError, PreconditionFailedError, InvalidInputError.
    """
    signing_key = services.signing_key()

    def with_secret(webhook: Webhook) -> CreatedWebhook:
        return CreatedWebhook(webhook, derived_secret(signing_key, webhook.id, webhook.secret_generation))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedWebhook]:
        webhook = existing(webhook_id, snapshot.get(Webhook, webhook_id), None)
        request.check_match(webhook.revision)
        return decisions.rotate_secret(loaded_state(snapshot), webhook, grace_seconds, stamp, FORMATS).map(with_secret)

    def recall(_: str) -> CreatedWebhook:
        return CreatedWebhook(get_webhook(services, webhook_id), None)

    return change_registry(services, request, decide, recall, [keys.webhook(webhook_id)])


def delete_webhook(services: Services, request: Request, webhook_id: str, only: Format | None = None) -> Changed[None]:
    """Delete a webhook, of the format ``only`` if given. Raises WebhookNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        webhook = existing(webhook_id, snapshot.get(Webhook, webhook_id), only)
        request.check_match(webhook.revision)
        return decisions.delete(loaded_state(snapshot), webhook)

    return change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook_id)])


def disable_gone(services: Services, request_id: str, webhook: Webhook) -> None:
    """Disable a webhook whose receiver answered 410 Gone, unless it was deleted or got another URL since."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        current = snapshot.get(Webhook, webhook.id)
        if current is None or current.url != webhook.url:
            return NoChange(None)
        return decisions.disable(loaded_state(snapshot), current, "the receiver answered 410 Gone")

    request = Request(_SENDER, request_id)
    change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook.id)])


def _sealed(signing_key: bytes, webhook_id: str, secret: str) -> str:
    return seal(signing_key, webhook_id, secret) if secret else ""


def _new_secret(services: Services, webhook_id: str, secret: str | None) -> Callable[[Webhook], str | None]:
    """A function that returns what a webhook should store for ``secret``, or None if it has this secret already."""
    if secret is None:
        return lambda _: None
    signing_key = services.signing_key()
    sealed = _sealed(signing_key, webhook_id, caller_secret(secret))
    return lambda webhook: None if secret == _known_secret(signing_key, webhook) else sealed


def _known_secret(signing_key: bytes, webhook: Webhook) -> str | None:
    """The secret of a webhook, None if it cannot be opened any more."""
    try:
        return opened(signing_key, webhook.id, webhook.sealed_secret)
    except SealBrokenError:
        return None


def _check_reachable(services: Services, url: str) -> None:
    refusal = _refusal(services, url)
    if refusal is not None:
        raise refusal


def _refusal(services: Services, url: str) -> InvalidInputError | None:
    """Why the registry may not or cannot call a URL; None if it can. Raises InvalidInputError if it is not a URL."""
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
