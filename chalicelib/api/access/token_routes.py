"""Registry tokens over HTTP."""

from typing import TYPE_CHECKING

from chalicelib import registry
from chalicelib.api.access.presenters import created_token_document, principal_document, seen_token_document
from chalicelib.api.access.schemas import granted
from chalicelib.api.access.token_schemas import CreatedTokenView, CreateToken, RotateToken, SeenTokenView, WhoAmIView
from chalicelib.api.call import Answer, Call, gone
from chalicelib.api.document import PageView, Paging
from chalicelib.api.route import Routes, Scope
from chalicelib.domain.access.principal import Action

if TYPE_CHECKING:
    from chalicelib.registry.access.tokens import CreatedToken
    from chalicelib.registry.ledger.commit import Changed

routes = Routes("tokens")


@routes.post("/v1/tokens", Action.ADMINISTER, answers={201: CreatedTokenView})
def create_token(call: Call, body: CreateToken) -> Answer:
    """Create a token. Only this answer shows its text."""
    created = registry.access.tokens.create_token(
        call.services, call.change(), body.name, granted(body.grants), body.expires_in_days, body.groups, body.person
    )
    return _shown_once(created, 201)


@routes.get("/v1/tokens", Action.ADMINISTER, answers={200: PageView[SeenTokenView]})
def list_tokens(call: Call, query: Paging) -> Answer:
    """List all tokens, newest first, without their secrets."""
    page = registry.access.tokens.list_tokens(call.services, query.limit, call.start(query))
    return call.listing(page, seen_token_document)


@routes.get("/v1/tokens/{token}", Action.ADMINISTER, answers={200: SeenTokenView})
def get_token(call: Call, token: str) -> Answer:
    """Show a token without its secret."""
    seen = registry.access.tokens.get_token(call.services, token)
    return Answer(seen_token_document(seen), revision=seen.token.revision)


@routes.post("/v1/tokens/{token}/rotate", Action.ADMINISTER, answers={200: CreatedTokenView})
def rotate_token(call: Call, token: str, body: RotateToken) -> Answer:
    """Give a token a new secret. Only this answer shows its text."""
    rotated = registry.access.tokens.rotate_token(call.services, call.change(), token, body.grace_seconds)
    return _shown_once(rotated, 200)


@routes.delete("/v1/tokens/{token}", Action.ADMINISTER, answers={204: None})
def revoke_token(call: Call, token: str) -> Answer:
    """Revoke a token for good."""
    return gone(registry.access.tokens.revoke_token(call.services, call.change(), token))


@routes.get("/v1/whoami", scope=Scope.ANYONE, answers={200: WhoAmIView})
def who_am_i(call: Call) -> Answer:
    """Show who the caller is and what it was granted."""
    return Answer(principal_document(call.principal))


def _shown_once(created: "Changed[CreatedToken]", status: int) -> Answer:
    document, revision = created_token_document(created.result), created.result.token.revision
    return Answer(document, status, revision=revision, replayed=created.replayed, secret=True)
