"""Signatures of versions and trusted signers to items and back."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.models.model import Model
from chalicelib.domain.signing.signature import BroughtSignature, BroughtSignatures, RegistrySignature, SignedWith
from chalicelib.domain.signing.trusted_signer import TrustedSigner, TrustedSigners


def signers_from(stored: Item | None) -> TrustedSigners:
    """All trusted signers; none if nobody was ever trusted."""
    if stored is None:
        return TrustedSigners()
    return TrustedSigners({name: _signer(found) for name, found in document_from(stored).items()})


def _signer(found: dict[str, Any]) -> TrustedSigner:
    return TrustedSigner(**{**known_fields(TrustedSigner, found), "subjects": tuple(found["subjects"])})


def _signers_item(_: Any, signers: TrustedSigners) -> Item:
    return item(keys.trusted_signers(), body({name: asdict(one) for name, one in signers.by_name.items()}))


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
REGISTRY_CODECS: Final = (
    Codec(TrustedSigners, lambda _: (keys.trusted_signers(),), _signers_item, signers_from, prefix=keys.SIGNERS_SORT),
)
