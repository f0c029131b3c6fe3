"""What only some kinds of gates look at: read only if a gate of a move is of such a kind."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.aws.keys import Key
from chalicelib.aws.services import Services
from chalicelib.domain.schemes.gates import Gate
from chalicelib.domain.versions.version import Version
from chalicelib.registry.evidence.attestation_facts import attestation_facts, attestation_keys
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.signing.judged import signature_facts, signature_keys
from chalicelib.registry.vulnerabilities.judged import vulnerability_facts, vulnerability_keys


def gate_keys(model: str, number: int, gates: Sequence[Gate]) -> list[Key]:
    """Keys of what these gates look at of version ``number``, besides what every move is judged on."""
    asked: Iterable[Key] = (
        *vulnerability_keys(model, number, gates),
        *signature_keys(model, number, gates),
        *attestation_keys(model, number, gates),
    )
    return list(dict.fromkeys(asked))


def gate_facts(services: Services, snapshot: Snapshot, version: Version, gates: Sequence[Gate]) -> dict[str, Any]:
    """The fields of the facts that these gates look at."""
    return {
        **vulnerability_facts(services, snapshot, version, gates),
        **signature_facts(snapshot, version.number, gates),
        **attestation_facts(snapshot, version.number, gates),
    }
