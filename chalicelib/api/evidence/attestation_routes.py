"""Attestations of versions over HTTP."""

from typing import TYPE_CHECKING, Any

from chalicelib.api.call import Answer, Call, changed, gone, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.evidence.attestation_schemas import AttestationView, ListedAttestationView, RecordAttestation
from chalicelib.api.route import Routes
from chalicelib.domain.access.principal import Action

if TYPE_CHECKING:
    from chalicelib.registry.evidence.attestations import ShownAttestation

routes = Routes("attestations")
_LIST = "/v1/models/{model}/versions/{version}/attestations"
_ONE = f"{_LIST}/{{attestation}}"


@routes.get(_LIST, Action.READ, answers={200: ItemsView[ListedAttestationView]})
def list_attestations(call: Call, model: str, version: str) -> Answer:
    """List the latest attestations of a version."""
    from chalicelib.registry.evidence import attestations

    return whole_list(attestations.list_attestations(call.services, model, version), lambda shown: shown.document())


@routes.get(_ONE, Action.READ, answers={200: AttestationView})
def get_attestation(call: Call, model: str, version: str, attestation: str) -> Answer:
    """Show an attestation with its envelope."""
    from chalicelib.registry.evidence import attestations

    shown = attestations.get_attestation(call.services, model, version, attestation)
    return Answer(_document(shown), revision=shown.attestation.revision)


@routes.put(_ONE, Action.REPORT, answers={200: AttestationView})
def record_attestation(call: Call, model: str, version: str, attestation: str, body: RecordAttestation) -> Answer:
    """Record a signed statement about a READY version or its files."""
    from chalicelib.registry.evidence import attestations

    recorded = attestations.record_attestation(
        call.services, call.change(), model, version, attestation, body.envelope()
    )
    return changed(recorded, _document, lambda shown: shown.attestation.revision)


@routes.delete(_ONE, Action.REPORT, answers={204: None})
def withdraw_attestation(call: Call, model: str, version: str, attestation: str) -> Answer:
    """Withdraw an attestation."""
    from chalicelib.registry.evidence import attestations

    return gone(attestations.withdraw_attestation(call.services, call.change(), model, version, attestation))


def _document(shown: "ShownAttestation") -> dict[str, Any]:
    return {**shown.document(), "envelope": shown.attestation.envelope.document()}
