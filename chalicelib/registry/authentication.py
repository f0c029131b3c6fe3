"""Who is asking: a bearer token to a principal."""

import hmac
import json

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.domain.access import ANY_MODEL, Grant, Principal, Role
from chalicelib.domain.decisions import tokens
from chalicelib.domain.errors import UnauthenticatedError
from chalicelib.domain.token import BOOTSTRAP_ID, parse_bearer

_REFUSED = "The token is unknown, expired or revoked."


def authenticate(services: Services, authorization: str) -> Principal:
    """The principal of an ``Authorization`` header. Raises UnauthenticatedError, without saying which part is wrong."""
    token_id, secret = parse_bearer(authorization)
    if token_id == BOOTSTRAP_ID:
        return _bootstrap(services, secret)
    stored = services.table.get(keys.record(tokens.KIND, token_id))
    if stored is None:
        raise UnauthenticatedError(_REFUSED)
    token = tokens.from_document(json.loads(str(stored["body"])))
    if not token.is_valid(secret, services.clock()):
        raise UnauthenticatedError(_REFUSED)
    return Principal(f"token:{token.name}", token.grants)


def _bootstrap(services: Services, secret: str) -> Principal:
    """The administrator whose token was made with the stack, for creating the first tokens."""
    if not hmac.compare_digest(services.secret(services.settings.admin_secret).encode(), secret.encode()):
        raise UnauthenticatedError(_REFUSED)
    return Principal("token:bootstrap", (Grant(Role.ADMIN, ANY_MODEL),))
