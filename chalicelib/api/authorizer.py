"""The Lambda authorizer: turns a bearer credential into a principal with its grants.

It is a function of its own, so it imports little.
"""

import json

from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.api.caller import to_context
from chalicelib.aws.log import log_line
from chalicelib.aws.names import AUTHENTICATION_FAILED, AUTHORIZER_TTL_SECONDS
from chalicelib.aws.services import services
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.registry.sessions.authentication import authenticate

blueprint = Blueprint(__name__)


class Unauthorized(Exception):
    """API Gateway answers 401 to exactly this message, and 500 to any other exception.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
    """

    def __init__(self) -> None:
        super().__init__("Unauthorized")


# API Gateway caches the answer this long, so a revoked token may work for that much longer.
@blueprint.authorizer(name="authorizer", ttl_seconds=AUTHORIZER_TTL_SECONDS)
def authorizer(request: AuthRequest) -> AuthResponse:
    """Let a valid token through to every route; the routes check the grants. Refuse everything else."""
    try:
        principal = authenticate(services(), request.token)
    except CredentialsRefusedError as error:
        # The credential itself is never logged. The token's id or issuer and the reason are enough to look it up.
        log_line(AUTHENTICATION_FAILED, reason=error.reason, **error.about)
        raise Unauthorized from error
    # API Gateway writes the id unescaped into the JSON of its access log, so it is escaped here. The API reads the
    # principal's name from the context.
    return AuthResponse(routes=["*"], principal_id=json.dumps(principal.name)[1:-1], context=to_context(principal))
