"""Signing in with a registry token."""

from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.domain.access.token import hash_secret, parse_token
from chalicelib.domain.sessions.session import TokenCredential
from chalicelib.registry.access.authentication import principal_of_token
from chalicelib.registry.sessions.sessions import Granted, end_own, granted, open_session


def sign_in_with_token(services: Services, token: str, old_cookie: str | None, request_id: str) -> tuple[Granted, str]:
    """Check a registry token as the authorizer does, and open a session for it. Returns also the browser's cookie.

    The session that the browser had before ends. Raises CredentialsRefusedError, QuotaExceededError.
    """
    token_id, secret = parse_token(token.strip())
    credential = TokenCredential(token_id, hash_secret(secret))
    principal = principal_of_token(services, token_id, credential.secret_hash)
    end_own(services, old_cookie)
    opened = open_session(services, principal, credential)
    log_line("signed_in", principal=principal.name, session=opened.session.id, token=token_id, request_id=request_id)
    return granted(services, opened.session, principal), opened.cookie
