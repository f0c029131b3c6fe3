"""Registry tokens over HTTP."""

from chalicelib.api import present
from chalicelib.api.call import Answer, Call, gone
from chalicelib.api.caller import grants_document
from chalicelib.api.route import Routes, Scope
from chalicelib.api.schemas.document import PageView, Paging
from chalicelib.api.schemas.tokens import CreatedTokenView, CreateToken, TokenView, WhoAmIView
from chalicelib.domain.access import Action
from chalicelib.registry import tokens

routes = Routes(__name__)


@routes.post("/v1/tokens", Action.ADMINISTER, answers={201: CreatedTokenView})
def create_token(call: Call, body: CreateToken) -> Answer:
    """Create a token; its text is in this answer and nowhere else."""
    made = tokens.create_token(call.services, call.change(), body.name, body.granted(), body.expires_in_days)
    shown, revision = present.created_token(made.result), made.result.token.revision
    return Answer(shown, 201, revision=revision, replayed=made.replayed, secret=True)


@routes.get("/v1/tokens", Action.ADMINISTER, answers={200: PageView[TokenView]})
def list_tokens(call: Call, query: Paging) -> Answer:
    """List all tokens, newest first, without their secrets."""
    return call.listing(tokens.list_tokens(call.services, query.limit, call.start(query)), present.token)


@routes.get("/v1/tokens/{token}", Action.ADMINISTER, answers={200: TokenView})
def get_token(call: Call, token: str) -> Answer:
    """Show a token without its secret."""
    found = tokens.get_token(call.services, token)
    return Answer(present.token(found), revision=found.revision)


@routes.delete("/v1/tokens/{token}", Action.ADMINISTER, answers={204: None})
def revoke_token(call: Call, token: str) -> Answer:
    """Revoke a token for good."""
    return gone(tokens.revoke_token(call.services, call.change(), token))


@routes.get("/v1/whoami", scope=Scope.ANYONE, answers={200: WhoAmIView})
def who_am_i(call: Call) -> Answer:
    """Show who the caller is and what it was granted."""
    return Answer({"principal": call.principal.name, "grants": grants_document(call.principal)})
