"""The secrets that callers bring along: what is stored of them, and what a request carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound
from chalicelib.domain.instants import Instant
from chalicelib.domain.webhooks.deliveries import Answer
from chalicelib.domain.webhooks.formats import Exchange, Format, Secret, Settings
from chalicelib.domain.webhooks.signature import derived_secret
from chalicelib.domain.webhooks.webhook import Webhook, invalid, origin
from chalicelib.registry.triggers import app_key
from chalicelib.registry.webhooks.sealing import opened

# Stands for a secret in what people are shown.
HIDDEN: Final = "[secret]"
_LEAST_HIDDEN: Final = 6


@dataclass(frozen=True, slots=True)
class Carried:
    """What an attempt carries: ``secrets``, the present one first, and empty if the webhook has none.

    ``hidden`` are the forms of the caller's own secret that must not be logged. If the stored key was exchanged for a
    token, ``exchange`` and ``key`` say how.
    """

    secrets: tuple[str, ...] = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    exchange: Exchange | None = None
    key: str = field(default="", repr=False)


def check_secret(webhook_format: Format, url: str, settings: Settings, secret: str) -> None:
    """Refuse a secret that a webhook with this URL and these settings cannot use.

    Raises InvalidInputError, whose text does not show the secret.
    """
    if webhook_format.secret is Secret.DERIVED:
        if secret:
            raise invalid("/secret", "cannot be set in this format, because the registry derives the secret")
        return
    webhook_format.check_secret(settings, secret)
    if webhook_format.exchange(url, settings) is not None:
        app_key.check_key(secret)


def stored_url(webhook_format: Format, url: str | None, secret: str) -> str:
    """The URL to store. Of one that is itself the secret, only scheme and host are stored in clear.

    Raises InvalidInputError.
    """
    if webhook_format.secret is Secret.ADDRESS:
        if url is not None:
            raise invalid("/url", "cannot be set in this format: give the address as the secret")
        return origin(secret, "/secret")
    if url is None and not webhook_format.default_url:
        raise invalid("/url", "must be given in this format")
    return url or webhook_format.default_url


def carried(services: Services, outbound: Outbound, webhook: Webhook, webhook_format: Format, now: Instant) -> Carried:
    """What an attempt at ``now`` carries.

    Raises SealBrokenError, and for a key that is exchanged ExchangeFailedError, OutboundRefusedError and
    OutboundFailedError.
    """
    if webhook_format.own_secret and not webhook.sealed_secret:
        return Carried(("",))
    signing_key = services.signing_key()
    if not webhook_format.own_secret:
        generations = webhook.signing_generations(now)
        return Carried(tuple(derived_secret(signing_key, webhook.id, generation) for generation in generations))
    secret = opened(signing_key, webhook.id, webhook.sealed_secret)
    exchange = webhook_format.exchange(webhook.url, webhook.settings)
    if exchange is None:
        return Carried((secret,), _hidden(webhook_format, secret))
    token = app_key.exchanged(services, outbound, exchange, secret, now)
    return Carried((token,), (token, secret), exchange, secret)


def shown(answer: Answer, sent: Carried, headers: Mapping[str, str], secret_values: Iterable[str]) -> Answer:
    """The answer as it may be logged: without the secrets of the request, should the receiver repeat them.

    ``headers`` are those of the request. That of HTTP Basic has the secret in another form. ``secret_values`` are the
    values of the webhook's secret headers. A receiver may repeat such a value without its scheme, such as ``Bearer``.
    """
    values = tuple(secret_values)
    credentials = (value.partition(" ")[2] for value in (headers.get("Authorization", ""), *values))
    hidden = (*sent.hidden, *values, *credentials)
    location = None if answer.location is None else _without(answer.location, hidden)
    return replace(answer, excerpt=_without(answer.excerpt, hidden), location=location)


def _hidden(webhook_format: Format, secret: str) -> tuple[str, ...]:
    """The forms of a secret that an answer may repeat. Of an address, a receiver sees the path alone."""
    if webhook_format.secret is Secret.ADDRESS:
        return (secret, secret.partition(urlsplit(secret).netloc)[2])
    return (secret,)


def _without(text: str, hidden: Iterable[str]) -> str:
    for secret in hidden:
        # A shorter text may be there by chance.
        if len(secret) >= _LEAST_HIDDEN:
            text = text.replace(secret, HIDDEN)
    return text
