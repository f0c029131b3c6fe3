"""What gates that look at attestations are judged on. It is read only if a scheme has such gates."""

from collections.abc import Iterable
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.domain.promotion.looked_at import LookedAt, looks_at
from chalicelib.domain.schemes.gates import Gate
from chalicelib.registry.ledger.snapshot import Snapshot


def attestation_keys(model: str, number: int, gates: Iterable[Gate]) -> list[Key]:
    """Keys of a version's attestations and of the trusted signers, if one of the gates looks at them."""
    if not looks_at(gates, LookedAt.ATTESTATIONS):
        return []
    return [keys.attestations(model, number), keys.registry_signature(model, number), keys.trusted_signers()]


def attestation_facts(snapshot: Snapshot, number: int, gates: Iterable[Gate]) -> dict[str, Any]:
    """The fields of the facts that such gates look at; none if there are no such gates."""
    if not looks_at(gates, LookedAt.ATTESTATIONS):
        return {}
    # Late: few schemes have such gates.
    from chalicelib.aws.signing.signer_items import signers_from
    from chalicelib.domain.evidence.attestation import Attestations
    from chalicelib.domain.signing.signature import RegistrySignature

    trusted = signers_from(snapshot.item(keys.trusted_signers()))
    present = snapshot.get(Attestations, number) or Attestations(number)
    read = snapshot.get(RegistrySignature, number) is not None
    return {"attestations": {name: one.attested(trusted, read) for name, one in present.by_name.items()}}
