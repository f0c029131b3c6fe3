"""What gates that look at signatures are judged on. It is read only if a scheme has such gates."""

from collections.abc import Iterable
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.domain.promotion.looked_at import LookedAt, looks_at
from chalicelib.domain.schemes.gates import Gate
from chalicelib.registry.ledger.snapshot import Snapshot


def signature_keys(model: str, number: int, gates: Iterable[Gate]) -> list[Key]:
    """Keys of a version's signatures and of the trusted signers, if one of the gates looks at them."""
    if not looks_at(gates, LookedAt.SIGNATURES):
        return []
    return [keys.signatures(model, number), keys.registry_signature(model, number), keys.trusted_signers()]


def signature_facts(snapshot: Snapshot, number: int, gates: Iterable[Gate]) -> dict[str, Any]:
    """The fields of the facts that such gates look at; none if there are no such gates."""
    if not looks_at(gates, LookedAt.SIGNATURES):
        return {}
    # Late: few schemes have such gates.
    from chalicelib.aws.signing.signer_items import signers_from
    from chalicelib.domain.signing.signature import BroughtSignatures, RegistrySignature, doubts

    trusted = signers_from(snapshot.item(keys.trusted_signers()))
    brought = snapshot.get(BroughtSignatures, number) or BroughtSignatures(number)
    by_registry = snapshot.get(RegistrySignature, number) is not None
    signers = doubts(brought.by_name.values(), trusted, by_registry)
    return {"signers": signers, "signed_by_registry": by_registry}
