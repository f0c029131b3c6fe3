"""Webhooks: create, read, list, change, delete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.items import webhook_from
from chalicelib.aws.webhooks.outbound import Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.errors import InvalidInputError, Problem, WebhookNotFoundError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.formats import Format
from chalicelib.domain.webhooks.outbound_policy import OutboundPolicy
from chalicelib.domain.webhooks.signature import derived_secret
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import Webhook, caller_secret, endpoint
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened, seal

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class CreatedWebhook:
    """A new webhook and the secret that the registry derived for it.

    No other answer has the secret. It is empty in formats whose secret is the caller's own.
    """

    webhook: Webhook
    secret: str


def outbound(services: Services) -> Outbound:
    """The client for calls to receivers. It obeys the stack's outbound policy."""
    return Outbound(OutboundPolicy.parse(services.settings.outbound_allow))


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
            return CreatedWebhook(webhook, "")
        return CreatedWebhook(webhook, derived_secret(signing_key, webhook.id, webhook.secret_generation))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedWebhook]:
        return decisions.create(loaded_state(snapshot), webhook_id, url, wanted, stamp, webhook_format).map(with_secret)

    def recall(subject: str) -> CreatedWebhook:
        return with_secret(get_webhook(services, subject))

    return change_registry(services, request, decide, recall)


def get_webhook(services: Services, webhook_id: str, only: Format | None = None) -> Webhook:
    """A webhook, of the format ``only`` if given. Raises WebhookNotFoundError, also for one of another format."""
    stored = services.table.get(keys.webhook(webhook_id))
    return _existing(webhook_id, None if stored is None else webhook_from(stored), only)


def list_webhooks(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Webhook]:
    """All webhooks, newest first."""
    after = None if start is None else keys.webhook(str(start["id"])).sort
    stored, last = services.table.query(keys.REGISTRY, keys.WEBHOOK_PREFIX, limit, after, newest_first=True)
    webhooks = tuple(map(webhook_from, stored))
    return Page(webhooks, {"id": webhooks[-1].id} if last is not None and webhooks else None)


def list_webhooks_of(
    services: Services, webhook_format: Format, limit: int, start: dict[str, str | int] | None
) -> Page[Webhook]:
    """The webhooks of a format, newest first."""
    matching: list[Webhook] = []
    for webhook in _all_webhooks(services, start):
        if webhook.format != webhook_format.name:
            continue
        if len(matching) == limit:
            return Page(tuple(matching), {"id": matching[-1].id})
        matching.append(webhook)
    return Page(tuple(matching), None)


def enabled_webhooks(services: Services) -> list[Webhook]:
    """All webhooks that are enabled."""
    return [webhook for webhook in _all_webhooks(services, None) if webhook.enabled]


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
        webhook = _existing(webhook_id, snapshot.get(Webhook, webhook_id), only)
        request.check_match(webhook.revision)
        if refusal is not None and given.url != webhook.url:
            raise refusal
        wanted = replace(given, sealed_secret=new_secret(webhook))
        return decisions.update(loaded_state(snapshot), webhook, wanted, stamp, FORMATS)

    return change_registry(
        services, request, decide, lambda _: get_webhook(services, webhook_id), [keys.webhook(webhook_id)]
    )


def delete_webhook(services: Services, request: Request, webhook_id: str, only: Format | None = None) -> Changed[None]:
    """Delete a webhook, of the format ``only`` if given. Raises WebhookNotFoundError, PreconditionFailedError."""

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        webhook = _existing(webhook_id, snapshot.get(Webhook, webhook_id), only)
        request.check_match(webhook.revision)
        return decisions.delete(loaded_state(snapshot), webhook)

    return change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook_id)])


def disable_gone(services: Services, request: Request, webhook: Webhook) -> None:
    """Disable a webhook whose receiver answered 410 Gone, unless it was deleted or got another URL since."""

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[None]:
        current = snapshot.get(Webhook, webhook.id)
        if current is None or current.url != webhook.url:
            return NoChange(None)
        return decisions.disable(loaded_state(snapshot), current, "the receiver answered 410 Gone")

    change_registry(services, request, decide, lambda _: None, [keys.webhook(webhook.id)])


def _all_webhooks(services: Services, start: dict[str, str | int] | None) -> Iterator[Webhook]:
    while True:
        page = list_webhooks(services, _PAGE, start)
        yield from page.items
        start = page.next_start
        if start is None:
            return


def _existing(webhook_id: str, webhook: Webhook | None, only: Format | None) -> Webhook:
    """The webhook, unless there is none or it is of another format. Raises WebhookNotFoundError."""
    if webhook is None:
        raise WebhookNotFoundError(f"There is no webhook {webhook_id!r}.")
    if only is not None and webhook.format != only.name:
        raise WebhookNotFoundError(f"There is no webhook {webhook_id!r} of the format {only.name!r}.")
    return webhook


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
