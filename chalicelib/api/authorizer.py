"""The Lambda authorizer: a bearer credential to a principal and its grants. Runs alone, so it imports little."""

import json

from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.api.caller import to_context
from chalicelib.aws.log import log_line
from chalicelib.aws.names import AUTHENTICATION_FAILED, AUTHORIZER_TTL_SECONDS
from chalicelib.aws.services import services
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.access.authentication import authenticate

blueprint = Blueprint(__name__)


class Unauthorized(Exception):
    """API Gateway turns exactly this message into a 401; any other exception is a 500.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
    """

    def __init__(self) -> None:
        super().__init__("Unauthorized")


# API Gateway keeps the answer this long: so much later a revoked token ends.
@blueprint.authorizer(name="authorizer", ttl_seconds=AUTHORIZER_TTL_SECONDS)
def authorizer(request: AuthRequest) -> AuthResponse:
    """Let a valid token through to every route, which then checks the grants. Nothing else gets through."""
    try:
        principal = authenticate(services(), request.token)
    except CredentialsRefusedError as error:
        # What was shown stays out of the log: the token's id or issuer and a reason are enough to look it up.
        log_line(AUTHENTICATION_FAILED, reason=error.reason, **error.about)
        raise Unauthorized from error
    # API Gateway writes the id into its access log's JSON as it is; who it is stands in the context.
    return AuthResponse(routes=["*"], principal_id=json.dumps(principal.name)[1:-1], context=to_context(principal))
