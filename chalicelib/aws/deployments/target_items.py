"""Targets to items and back."""

from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.deployments.target import Policy, Target
from chalicelib.domain.deployments.target_decisions import document


def target_from(stored: Item) -> Target:
    found = document_from(stored)
    return Target(
        **{
            **known_fields(Target, found),
            "models": tuple(found["models"]),
            "reporters": tuple(found["reporters"]),
            "policy": Policy(**known_fields(Policy, found["policy"])),
        }
    )


def _item(_: Any, target: Target) -> Item:
    return item(keys.target(target.name), body(document(target)))


CODECS: Final = (Codec(Target, lambda _, name: (keys.target(name),), _item, target_from, prefix=keys.TARGET_PREFIX),)
