"""Webhooks: create, change, give a new secret, delete, disable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.access import quota_items
from chalicelib.aws.log import log_line
from chalicelib.aws.names import DISABLED_LINE
from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import OutboundFailedError, OutboundRefusedError
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import InvalidInputError, Problem
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.limits import Quota
from chalicelib.domain.webhooks import decisions
from chalicelib.domain.webhooks.custom_headers import secret_headers
from chalicelib.domain.webhooks.decisions import WebhookChange
from chalicelib.domain.webhooks.formats import Format, Secret
from chalicelib.domain.webhooks.signature import derived_secret
from chalicelib.domain.webhooks.standard import STANDARD_FORMAT
from chalicelib.domain.webhooks.webhook import Webhook, endpoint
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.webhooks.credentials import check_secret, stored_url
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened, opened_headers, seal, seal_headers
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
    url: str | None,
    given: WebhookChange,
    webhook_format: Format = STANDARD_FORMAT,
    secret: str = "",
    headers: Mapping[str, str] | None = None,
) -> Changed[CreatedWebhook]:
    """Create a webhook whose URL may be reached. ``secret`` is the caller's own, in formats that take one.

    ``url`` is None for the format's default, and in formats whose secret is the address. ``headers`` are its secret
    headers. Raises InvalidInputError, QuotaExceededError.
    """
    address = stored_url(webhook_format, url, secret)
    check_secret(webhook_format, address, webhook_format.settings(given.settings or {}), secret)
    _check_reachable(services, address, "/url" if webhook_format.secret is not Secret.ADDRESS else "/secret")
    webhook_id = services.new_id()
    signing_key = services.signing_key()
    wanted = replace(given, sealed_secret=_sealed(signing_key, webhook_id, secret))
    wanted = _new_headers(services, webhook_id, headers)(None, wanted)

    def with_secret(webhook: Webhook) -> CreatedWebhook:
        if webhook_format.own_secret:
            return CreatedWebhook(webhook, None)
        return CreatedWebhook(webhook, derived_secret(signing_key, webhook.id, webhook.secret_generation))

    # Counted in the commit, as models are.
    counted = quota_items.quota_key(request.principal.name, services.clock())

    def decide(snapshot: Snapshot, stamp: Stamp) -> Decision[CreatedWebhook]:
        services.settings.limits.check_day(Quota.WEBHOOKS, quota_items.made(snapshot.item(counted), Quota.WEBHOOKS))
        state = loaded_state(snapshot)
        return decisions.create(state, webhook_id, address, wanted, stamp, webhook_format).map(with_secret)

    def recall(subject: str) -> CreatedWebhook:
        # Whoever repeats the request may not be who made it. The secret is shown once.
        return CreatedWebhook(get_webhook(services, subject), None)

    return change_registry(services, request, decide, recall, [counted])


def update_webhook(
    services: Services,
    request: Request,
    webhook_id: str,
    given: WebhookChange,
    secret: str | None = None,
    only: Format | None = None,
    headers: Mapping[str, str] | None = None,
) -> Changed[Webhook]:
    """Change fields of a webhook, of the format ``only`` if given.

    ``secret`` is the caller's own, in formats that take one. An empty one removes it, None leaves it as it is.
    ``headers`` are its secret headers: all of them, or None to leave them as they are.
    Raises WebhookNotFoundError, PreconditionFailedError, InvalidInputError.
    """
    # Sealed and looked up once, before the change: deciding may be repeated, and must not wait for a name server.
    with_secret = _with_secret(services, webhook_id, secret)
    with_headers = _new_headers(services, webhook_id, headers)
    refusal = None if given.url is None else _refusal(services, given.url)

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[Webhook]:
        webhook = existing(webhook_id, snapshot.get(Webhook, webhook_id), only)
        request.check_match(webhook.revision)
        url = None if given.url == webhook.url else given.url
        if refusal is not None and url is not None:
            raise refusal
        wanted = with_headers(webhook, with_secret(webhook, replace(given, url=url)))
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
    """Disable a webhook whose receiver answered 410 Gone."""
    _disable(services, request_id, webhook, "the receiver answered 410 Gone")


def disable_failing(services: Services, request_id: str, webhook: Webhook, reason: str) -> None:
    """Disable a webhook whose receiver has failed for too long. ``reason`` says how long."""
    _disable(services, request_id, webhook, reason)


def _disable(services: Services, request_id: str, webhook: Webhook, reason: str) -> None:
    """Disable a webhook, with a line in the log for the alarm.

    Not if it was deleted since, or reaches its receiver otherwise.
    """

    def decide(snapshot: Snapshot, _: Stamp) -> Outcome[bool]:
        current = snapshot.get(Webhook, webhook.id)
        if current is None or current.receiver != webhook.receiver:
            return NoChange(False)
        return decisions.disable(loaded_state(snapshot), current, reason)

    request = Request(_SENDER, request_id)
    disabled = change_registry(services, request, decide, lambda _: False, [keys.webhook(webhook.id)])
    if disabled.result:
        log_line(DISABLED_LINE, webhook=webhook.id, reason=reason, request_id=request_id)


def _sealed(signing_key: bytes, webhook_id: str, secret: str) -> str:
    return seal(signing_key, webhook_id, secret) if secret else ""


def _with_secret(
    services: Services, webhook_id: str, secret: str | None
) -> Callable[[Webhook, WebhookChange], WebhookChange]:
    """A function that adds to a change of a webhook what is to be stored for ``secret``.

    It adds nothing if the webhook has this secret already, unless the URL changes too. If the secret is the address, it
    adds the URL, which is not looked up: every delivery checks where it leads. The function raises InvalidInputError
    for a secret that the format cannot use.
    """
    if secret is None:
        return lambda _, given: given
    signing_key = services.signing_key()
    sealed = _sealed(signing_key, webhook_id, secret)

    def add(webhook: Webhook, given: WebhookChange) -> WebhookChange:
        webhook_format = FORMATS.named(webhook.format)
        url = given.url
        if webhook_format.secret is Secret.ADDRESS:
            url = stored_url(webhook_format, url, secret)
        settings = webhook.settings if given.settings is None else webhook_format.settings(given.settings)
        check_secret(webhook_format, url or webhook.url, settings, secret)
        known = url in (None, webhook.url) and secret == _known_secret(signing_key, webhook)
        return replace(given, url=url, sealed_secret=None if known else sealed)

    return add


def _new_headers(
    services: Services, webhook_id: str, headers: Mapping[str, str] | None
) -> Callable[[Webhook | None, WebhookChange], WebhookChange]:
    """A function that adds secret headers to a change, unless the webhook has them already.

    Raises InvalidInputError, which shows no value.
    """
    if headers is None:
        return lambda _, given: given
    checked, signing_key = secret_headers(headers), services.signing_key()
    sealed = seal_headers(signing_key, webhook_id, checked)

    def add(webhook: Webhook | None, given: WebhookChange) -> WebhookChange:
        known = webhook is not None and _known_headers(signing_key, webhook) == checked
        kept = webhook.sealed_headers if webhook is not None and known else sealed
        return replace(given, secret_headers=list(checked), sealed_headers=kept)

    return add


def _known_headers(signing_key: bytes, webhook: Webhook) -> dict[str, str] | None:
    """The secret headers of a webhook, None if they cannot be opened any more."""
    try:
        return opened_headers(signing_key, webhook.id, webhook.sealed_headers)
    except SealBrokenError:
        return None


def _known_secret(signing_key: bytes, webhook: Webhook) -> str | None:
    """The secret of a webhook, None if it cannot be opened any more."""
    try:
        return opened(signing_key, webhook.id, webhook.sealed_secret)
    except SealBrokenError:
        return None


def _check_reachable(services: Services, url: str, pointer: str) -> None:
    refusal = _refusal(services, url, pointer)
    if refusal is not None:
        raise refusal


def _refusal(services: Services, url: str, pointer: str = "/url") -> InvalidInputError | None:
    """Why the registry may not or cannot call a URL; None if it can. Raises InvalidInputError if it is not a URL.

    The error names the field ``pointer``.
    """
    endpoint(url, pointer)
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
    return InvalidInputError(message, [Problem(pointer, sentence)])
