"""What a session is worth now. Its token or trust, and the grants of both, are read again at every use.

So whatever ends the credential that somebody signed in with ends the session too.
"""

from chalicelib.aws import keys
from chalicelib.aws.services import Services
from chalicelib.aws.sessions.items import EditedSessionError, session_from
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.errors import CredentialsRefusedError
from chalicelib.domain.sessions.session import Session, TokenCredential, TrustCredential
from chalicelib.registry.access.authentication import principal_of_token
from chalicelib.registry.sessions.access_tokens import session_of

_REFUSED = "The session has ended. Sign in again."


def principal_of_access_token(services: Services, token: str) -> Principal:
    """The principal of an access token of a session that is still on. Raises CredentialsRefusedError."""
    session_id = session_of(services.session_sealer, token, services.clock())
    return principal_of_session(services, live_session(services, session_id))


def live_session(services: Services, session_id: str) -> Session:
    """A session that has not ended. Raises CredentialsRefusedError."""
    stored = services.table.get(keys.session(session_id))
    if stored is None:
        raise CredentialsRefusedError(_REFUSED, "unknown_session", session=session_id)
    try:
        session = session_from(services.session_sealer, stored)
    except EditedSessionError as error:
        raise CredentialsRefusedError(_REFUSED, "session_edited", session=session_id) from error
    if not session.is_live(services.clock()):
        raise CredentialsRefusedError(_REFUSED, "session_expired", session=session_id)
    return session


def principal_of_session(services: Services, session: Session) -> Principal:
    """Who a session is of, and what they may do now. Raises CredentialsRefusedError."""
    credential = session.credential
    if isinstance(credential, TokenCredential):
        return principal_of_token(services, credential.token_id, credential.secret_hash)
    return _principal_of_claims(services, session, credential)


def _principal_of_claims(services: Services, session: Session, credential: TrustCredential) -> Principal:
    # Most sessions of most registries are of a token.
    from chalicelib.domain.sessions.id_token import judge_kept, sign_in_terms
    from chalicelib.registry.access.effective import of_claims
    from chalicelib.registry.access.trusts import known_trusts

    for trust in known_trusts(services):
        terms = sign_in_terms(trust)
        if trust.name != credential.trust or terms is None:
            continue
        refusal = judge_kept(terms, credential.algorithm, credential.claims)
        if refusal is None:
            return of_claims(services, trust, credential.claims)
        raise CredentialsRefusedError(_REFUSED, refusal.reason, session=session.id)
    raise CredentialsRefusedError(_REFUSED, "unknown_trust", session=session.id)
