"""Registry tokens over HTTP."""

from typing import TYPE_CHECKING

from chalicelib import registry
from chalicelib.api import present
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
    """Create a token; its text is in this answer and nowhere else."""
    made = registry.access.tokens.create_token(
        call.services, call.change(), body.name, granted(body.grants), body.expires_in_days, body.groups
    )
    return _shown_once(made, 201)


@routes.get("/v1/tokens", Action.ADMINISTER, answers={200: PageView[SeenTokenView]})
def list_tokens(call: Call, query: Paging) -> Answer:
    """List all tokens, newest first, without their secrets."""
    return call.listing(
        registry.access.tokens.list_tokens(call.services, query.limit, call.start(query)), present.seen_token
    )


@routes.get("/v1/tokens/{token}", Action.ADMINISTER, answers={200: SeenTokenView})
def get_token(call: Call, token: str) -> Answer:
    """Show a token without its secret."""
    found = registry.access.tokens.get_token(call.services, token)
    return Answer(present.seen_token(found), revision=found.token.revision)


@routes.post("/v1/tokens/{token}/rotate", Action.ADMINISTER, answers={200: CreatedTokenView})
def rotate_token(call: Call, token: str, body: RotateToken) -> Answer:
    """Give a token a new secret; its text is in this answer and nowhere else."""
    return _shown_once(
        registry.access.tokens.rotate_token(call.services, call.change(), token, body.grace_seconds), 200
    )


@routes.delete("/v1/tokens/{token}", Action.ADMINISTER, answers={204: None})
def revoke_token(call: Call, token: str) -> Answer:
    """Revoke a token for good."""
    return gone(registry.access.tokens.revoke_token(call.services, call.change(), token))


@routes.get("/v1/whoami", scope=Scope.ANYONE, answers={200: WhoAmIView})
def who_am_i(call: Call) -> Answer:
    """Show who the caller is and what it was granted."""
    return Answer(present.principal(call.principal))


def _shown_once(made: "Changed[CreatedToken]", status: int) -> Answer:
    shown, revision = present.created_token(made.result), made.result.token.revision
    return Answer(shown, status, revision=revision, replayed=made.replayed, secret=True)
