"""How people can sign in, and signing in with a registry token."""

from dataclasses import dataclass

from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.domain.access.token import hash_secret, parse_token
from chalicelib.domain.access.trust import Oidc
from chalicelib.domain.sessions.session import TokenCredential
from chalicelib.registry.access.authentication import principal_of_token
from chalicelib.registry.access.trusts import known_trusts
from chalicelib.registry.sessions.sessions import Granted, end_own, granted, open_session


@dataclass(frozen=True, slots=True)
class IssuerToSignIn:
    """An issuer at which people can sign in: the trust's name, and what is on the button."""

    trust: str
    label: str


def issuers(services: Services) -> list[IssuerToSignIn]:
    """The issuers at which people can sign in, by the name of the trust."""
    return [
        IssuerToSignIn(trust.name, trust.terms.sign_in.label)
        for trust in known_trusts(services)
        if isinstance(trust.terms, Oidc) and trust.terms.sign_in is not None
    ]


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
