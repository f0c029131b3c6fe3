"""POST one attempt of a delivery to its webhook, in the webhook's format and with its secret."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.domain.ledger.events import correlation_of
from chalicelib.domain.webhooks.custom_headers import merged
from chalicelib.domain.webhooks.deliveries import Answer, Delivery, Failure, Verdict
from chalicelib.domain.webhooks.formats import Format, Message, Outgoing, UnknownFormatError
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.triggers.app_key import ExchangeFailedError, forget
from chalicelib.registry.webhooks.credentials import HIDDEN, carried, shown
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened_headers

# With these, a receiver refuses the credential.
_REFUSALS: Final = (401, 403)
_CORRELATION_HEADER: Final = "X-Correlation-Id"


def post(
    services: Services,
    outbound: Outbound,
    webhook: Webhook,
    delivery: Delivery,
    event: Mapping[str, Any] | None,
    now: Instant,
) -> Answer | Failure:
    """Attempt ``delivery`` at ``now`` and return the outcome. ``event`` is None for a test."""
    try:
        webhook_format = FORMATS.named(webhook.format)
        sent = carried(services, outbound, webhook, webhook_format, now)
        secret, *old = sent.secrets
        outgoing = Outgoing(webhook, delivery, event, secret, epoch_seconds(now), tuple(old))
        message = _message(webhook_format, outgoing)
        secret_headers = _secret_headers(services, webhook)
        headers = merged(message.headers, {**webhook.custom_headers, **secret_headers})
        answer = outbound.post(message.url or webhook.url, headers, message.body)
    except ExchangeFailedError as error:
        return Failure(str(error), error.final)
    except (OutboundRefusedError, OutboundFailedError, SealBrokenError, UnknownFormatError) as error:
        return Failure(str(error))
    if sent.exchange is not None and answer.status in _REFUSALS:
        forget(services, sent.exchange, sent.key)
    return shown(answer, sent, headers, secret_headers.values())


def verdict_of(webhook: Webhook, outcome: Answer | Failure) -> Verdict:
    """What the webhook's format makes of the outcome of an attempt."""
    if isinstance(outcome, Failure):
        return Verdict(outcome.error, outcome.final)
    return FORMATS.named(webhook.format).verdict(outcome)


def sent_message(webhook: Webhook, delivery: Delivery, event: Mapping[str, Any] | None) -> Message:
    """What every attempt of ``delivery`` sends, without the secret. Raises UnknownFormatError."""
    webhook_format = FORMATS.named(webhook.format)
    secret = HIDDEN if webhook_format.own_secret and webhook.secret_set else ""
    return _message(webhook_format, Outgoing(webhook, delivery, event, secret, 0))


def _message(webhook_format: Format, outgoing: Outgoing) -> Message:
    """What the format sends, with the correlation id of the event in a header."""
    message = webhook_format.message(outgoing)
    if outgoing.event is None:
        return message
    return replace(message, headers={_CORRELATION_HEADER: correlation_of(outgoing.event), **message.headers})


def _secret_headers(services: Services, webhook: Webhook) -> Mapping[str, str]:
    """The headers whose values the webhook's owner keeps secret. Raises SealBrokenError."""
    if not webhook.sealed_headers:
        return {}
    return opened_headers(services.signing_key(), webhook.id, webhook.sealed_headers)
