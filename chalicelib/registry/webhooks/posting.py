"""POST one attempt of a delivery to its webhook, in the webhook's format and signed with its secret."""

from collections.abc import Mapping
from typing import Any

from chalicelib.aws.services import Services
from chalicelib.aws.webhooks.outbound import Outbound, OutboundFailedError, OutboundRefusedError
from chalicelib.domain.formats import FORMATS
from chalicelib.domain.instants import Instant, epoch_seconds
from chalicelib.domain.webhooks.deliveries import Answer, Delivery, Failure
from chalicelib.domain.webhooks.formats import Format, Outgoing, UnknownFormatError
from chalicelib.domain.webhooks.signature import derived_secret
from chalicelib.domain.webhooks.webhook import Webhook
from chalicelib.registry.webhooks.sealing import SealBrokenError, opened


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
        secret, *old = _secrets(services, webhook, webhook_format, now)
        message = webhook_format.message(Outgoing(webhook, delivery, event, secret, epoch_seconds(now), tuple(old)))
        return outbound.post(webhook.url, message.headers, message.body)
    except (OutboundRefusedError, OutboundFailedError, SealBrokenError, UnknownFormatError) as error:
        return Failure(str(error))


def sent_body(webhook: Webhook, delivery: Delivery, event: Mapping[str, Any] | None) -> bytes:
    """The body that every attempt of ``delivery`` sends. It needs no secret. Raises UnknownFormatError."""
    return FORMATS.named(webhook.format).message(Outgoing(webhook, delivery, event, "", 0)).body


def _secrets(services: Services, webhook: Webhook, webhook_format: Format, now: Instant) -> list[str]:
    """The secrets to sign with, the present one first; it is empty if the caller gave none. Raises SealBrokenError."""
    if webhook_format.own_secret and not webhook.sealed_secret:
        return [""]
    key = services.signing_key()
    if webhook_format.own_secret:
        return [opened(key, webhook.id, webhook.sealed_secret)]
    return [derived_secret(key, webhook.id, generation) for generation in webhook.signing_generations(now)]
