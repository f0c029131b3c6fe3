"""What only some kinds of gates look at: read only if a gate of a move is of such a kind."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.aws import keys
from chalicelib.aws.keys import Key
from chalicelib.domain.promotion.looked_at import LookedAt, looks_at
from chalicelib.domain.schemes.gates import Gate
from chalicelib.registry.evidence.attestation_facts import attestation_facts, attestation_keys
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.signing.judged import signature_facts, signature_keys


def gate_keys(model: str, number: int, gates: Sequence[Gate]) -> list[Key]:
    """Keys of what these gates look at of version ``number``, besides what every move is judged on."""
    asked: Iterable[Key] = (
        *([keys.vulnerabilities(model, number)] if looks_at(gates, LookedAt.VULNERABILITIES) else []),
        *signature_keys(model, number, gates),
        *attestation_keys(model, number, gates),
    )
    return list(dict.fromkeys(asked))


def gate_facts(snapshot: Snapshot, number: int, gates: Sequence[Gate]) -> dict[str, Any]:
    """The fields of the facts that these gates look at."""
    return {
        **_assessment(snapshot, number, gates),
        **signature_facts(snapshot, number, gates),
        **attestation_facts(snapshot, number, gates),
    }


def _assessment(snapshot: Snapshot, number: int, gates: Sequence[Gate]) -> dict[str, Any]:
    if not looks_at(gates, LookedAt.VULNERABILITIES):
        return {}
    from chalicelib.domain.vulnerabilities.assessment import Assessment

    return {"assessment": snapshot.get(Assessment, number)}
