"""A version's attestations to an item and back."""

from dataclasses import asdict
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.ledger.codec import Codec, known_fields
from chalicelib.aws.table import Item
from chalicelib.domain.evidence.attestation import Attestation, Attestations, Envelope, Signature, Verification
from chalicelib.domain.models.model import Model


def _item(model: Model, attestations: Attestations) -> Item:
    document = {
        name: {
            "payload": one.envelope.payload,
            "signatures": [[signature.keyid, signature.sig] for signature in one.envelope.signatures],
            "predicate_type": one.predicate_type,
            "recorded_at": one.recorded_at,
            "recorded_by": one.recorded_by,
            "revision": one.revision,
            "whole": one.whole,
            "verification": asdict(one.verification),
        }
        for name, one in attestations.by_name.items()
    }
    return item(keys.attestations(model.name, attestations.version), body(document))


def _attestations_from(stored: Item) -> Attestations:
    found = {name: _attestation(one) for name, one in document_from(stored).items()}
    return Attestations(keys.number_of(stored), found)


def _attestation(stored: dict[str, Any]) -> Attestation:
    signatures = tuple(Signature(keyid, sig) for keyid, sig in stored["signatures"])
    return Attestation(
        **{
            **known_fields(Attestation, stored),
            "envelope": Envelope(stored["payload"], signatures),
            "verification": Verification(**stored.get("verification", {})),
        }
    )


CODECS: Final = (
    Codec(
        Attestations,
        lambda model, number: (keys.attestations(model, number),),
        _item,
        _attestations_from,
        prefix=keys.of_versions("attestations"),
    ),
)
