"""Webhooks to items and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.webhooks.webhook import LISTS, OldSecret, Webhook, document


def webhook_from(stored: Item) -> Webhook:
    """The webhook of an item. Items stored before there were formats have the standard one."""
    found = document_from(stored)
    return Webhook(
        **{
            **known_fields(Webhook, found),
            **{name: tuple(found.get(name, ())) for name in LISTS},
            "old_secrets": tuple(OldSecret(**known_fields(OldSecret, old)) for old in found.get("old_secrets", ())),
        }
    )


def _item(_: Any, webhook: Webhook) -> Item:
    return item(keys.webhook(webhook.id), body(document(webhook)))


CODECS: Final = (
    Codec(Webhook, lambda _, webhook_id: (keys.webhook(webhook_id),), _item, webhook_from, prefix=keys.WEBHOOK_PREFIX),
)
