"""Signatures of versions over HTTP."""

from typing import TYPE_CHECKING, Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, revision_of, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.route import Routes
from chalicelib.api.signing.schemas import BringSignature, ListedSignatureView, SignatureView
from chalicelib.domain.access.principal import Action

if TYPE_CHECKING:
    from chalicelib.registry.signing.signatures import ShownSignature

routes = Routes("signatures")
_LIST = "/v1/models/{model}/versions/{version}/signatures"
_ONE = f"{_LIST}/{{signature}}"


@routes.get(_LIST, Action.READ, answers={200: ItemsView[ListedSignatureView]})
def list_signatures(call: Call, model: str, version: str) -> Answer:
    """List the signatures of a version, and which of them count."""
    return whole_list(registry.signing.signatures.list_signatures(call.services, model, version), _listed)


@routes.get(_ONE, Action.READ, answers={200: SignatureView})
def get_signature(call: Call, model: str, version: str, signature: str) -> Answer:
    """Show a signature with its bundle. The registry's own has the name registry."""
    found = registry.signing.signatures.get_signature(call.services, model, version, signature)
    return Answer(_document(found), revision=found.revision)


@routes.put(_ONE, Action.REPORT, answers={200: SignatureView})
def bring_signature(call: Call, model: str, version: str, signature: str, body: BringSignature) -> Answer:
    """Record a bundle about the files of a READY version, signed by a trusted signer."""
    brought = registry.signing.signatures.bring_signature(
        call.services, call.change(), model, version, signature, body.bundle()
    )
    return changed(brought, _document, revision_of)


def _listed(shown: "ShownSignature") -> dict[str, Any]:
    return {
        "name": shown.name,
        "digest": None,
        **shown.about,
        "counts": shown.doubt is None,
        "doubt": shown.doubt,
        "public_key": shown.public_key,
    }


def _document(shown: "ShownSignature") -> dict[str, Any]:
    return {**_listed(shown), "bundle": shown.bundle}
