"""Trusted signers over HTTP."""

from typing import TYPE_CHECKING, Any

from chalicelib import registry
from chalicelib.api.call import Answer, Call, changed, gone, revision_of, whole_list
from chalicelib.api.document import ItemsView
from chalicelib.api.route import Routes, Scope
from chalicelib.api.signing.schemas import SaveSigner, SignerView
from chalicelib.domain.access.principal import Action

if TYPE_CHECKING:
    from chalicelib.registry.signing.signers import NamedSigner

routes = Routes("signers")


@routes.get("/v1/signers", scope=Scope.ANYONE, answers={200: ItemsView[SignerView]})
def list_signers(call: Call) -> Answer:
    """List the trusted signers."""
    return whole_list(registry.signing.signers.list_signers(call.services), _document)


@routes.get("/v1/signers/{signer}", scope=Scope.ANYONE, answers={200: SignerView})
def get_signer(call: Call, signer: str) -> Answer:
    """Show a trusted signer."""
    found = registry.signing.signers.get_signer(call.services, signer)
    return Answer(_document(found), revision=found.revision)


@routes.put("/v1/signers/{signer}", Action.ADMINISTER, answers={200: SignerView})
def save_signer(call: Call, signer: str, body: SaveSigner) -> Answer:
    """Trust a signer, or change what is trusted of it."""
    saved = registry.signing.signers.save_signer(call.services, call.change(), signer, body.trusting())
    return changed(saved, _document, revision_of)


@routes.delete("/v1/signers/{signer}", Action.ADMINISTER, answers={204: None})
def delete_signer(call: Call, signer: str) -> Answer:
    """Trust a signer no longer. What it verified counts no longer."""
    return gone(registry.signing.signers.delete_signer(call.services, call.change(), signer))


def _document(named: "NamedSigner") -> dict[str, Any]:
    document = named.signer.document()
    return {
        "name": named.name,
        **document,
        "public_key": document["public_key"] or None,
        "authority": document["authority"] or None,
    }
