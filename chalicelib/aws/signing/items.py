"""Signatures of versions to items and back."""

from dataclasses import asdict
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.signature import BroughtSignature, BroughtSignatures, RegistrySignature, SignedWith


def _brought_from(stored: Item) -> BroughtSignatures:
    by_name = {
        name: BroughtSignature(
            **{**known_fields(BroughtSignature, found), "signed_with": SignedWith(found["signed_with"])}
        )
        for name, found in document_from(stored).items()
    }
    return BroughtSignatures(keys.number_of(stored), by_name)


def _brought_item(model: Model, signatures: BroughtSignatures) -> Item:
    document = {name: asdict(one) for name, one in signatures.by_name.items()}
    return item(keys.signatures(model.name, signatures.version), body(document))


def _registry_from(stored: Item) -> RegistrySignature:
    found = document_from(stored)
    return RegistrySignature(**{**known_fields(RegistrySignature, found), "version": keys.number_of(stored)})


def _registry_item(model: Model, signature: RegistrySignature) -> Item:
    return item(keys.registry_signature(model.name, signature.version), body(asdict(signature)))


CODECS: Final = (
    Codec(
        BroughtSignatures,
        lambda model, number: (keys.signatures(model, number),),
        _brought_item,
        _brought_from,
        prefix=keys.of_versions("signatures"),
    ),
    Codec(
        RegistrySignature,
        lambda model, number: (keys.registry_signature(model, number),),
        _registry_item,
        _registry_from,
        prefix=keys.of_versions("registry_signature"),
    ),
)
