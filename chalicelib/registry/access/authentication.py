"""Authenticate a caller: find the principal of a credential. What only JWTs need is imported when one comes."""

import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.access.items import token_from
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.table import Item
from chalicelib.domain.access.administrators import BOOTSTRAP
from chalicelib.domain.access.principal import ANY_MODEL, Grant, Principal, Role
from chalicelib.domain.access.token import BOOTSTRAP_ID, Token, bearer, hash_secret, parse_token
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.instants import Instant, later
from chalicelib.registry.access.effective import effective

# A token's last use is written at most this often.
LAST_USED_EVERY: Final = timedelta(hours=1)
_REFUSED: Final = "The token is unknown, expired or revoked."


def authenticate(services: Services, authorization: str) -> Principal:
    """The principal of an ``Authorization`` header.

    Raises CredentialsRefusedError, whose text does not tell the caller what was wrong.
    """
    return principal_of(services, bearer(authorization))


def principal_of(services: Services, credential: str) -> Principal:
    """The principal of a JWT or a registry token. Raises CredentialsRefusedError."""
    # A JWT begins with the base64 of '{"'; a registry token does not.
    if credential.startswith("eyJ"):
        from chalicelib.registry.access.oidc import authenticate_jwt

        return authenticate_jwt(services, credential)
    token_id, secret = parse_token(credential)
    return principal_of_token(services, token_id, hash_secret(secret))


def principal_of_token(services: Services, token_id: str, secret_hash: str) -> Principal:
    """The principal of a registry token with a secret of this SHA-256, as things are now.

    Raises CredentialsRefusedError.
    """
    if token_id == BOOTSTRAP_ID:
        return _bootstrap(services, secret_hash)
    stored = services.table.get(keys.token(token_id))
    if stored is None:
        raise CredentialsRefusedError(_REFUSED, "unknown_token", token=token_id)
    token = token_from(stored)
    now = services.clock()
    objection = token.objection_to_hash(secret_hash, now)
    if objection is not None:
        raise CredentialsRefusedError(_REFUSED, objection, token=token_id)
    use = keys.token_use(token_id)
    principal, items = effective(services, token.principal, token.groups, token.grants, [use])
    _record_use(services, token, items.get(use), now)
    return replace(principal, person=token.person)


def _bootstrap(services: Services, secret_hash: str) -> Principal:
    """The administrator whose token the stack makes, for creating the first tokens."""
    if not hmac.compare_digest(hash_secret(services.secret(services.settings.admin_secret)), secret_hash):
        raise CredentialsRefusedError(_REFUSED, "wrong_secret", token=BOOTSTRAP_ID)
    return Principal(BOOTSTRAP, (Grant(Role.ADMIN, ANY_MODEL),))


def _record_use(services: Services, token: Token, last: Item | None, now: Instant) -> None:
    """Record the token's use, outside every ledger. It must never hinder a change, nor fail the caller's request."""
    since = later(now, -LAST_USED_EVERY)
    if last is not None and str(last["last_used_at"]) > since:
        return
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        services.table.update(
            keys.token_use(token.id),
            "SET last_used_at = :now",
            {":now": now, ":since": since},
            "attribute_not_exists(last_used_at) OR last_used_at <= :since",
        )
    except (BotoCoreError, ClientError) as error:
        log_line("last_use_not_recorded", token=token.id, error=type(error).__name__)
