"""Ending the session of somebody else."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, DomainChange, decided
from chalicelib.domain.ledger.events import EventDraft
from chalicelib.domain.sessions.session import Credential, Session, TokenCredential, TrustCredential


@dataclass(frozen=True, slots=True)
class EndSession(DomainChange):
    """Remove a session, which is no record of the ledger."""

    session_id: str


def end_session(registry: RegistryState, session: Session) -> Decision[None]:
    """End a session, whoever it is of."""
    draft = EventDraft(event_types.SESSION_ENDED, public_document(session), None, subject=session.id)
    return decided(None, registry, draft, EndSession(session.id), subject=session.id)


def public_document(session: Session) -> dict[str, Any]:
    """What may be shown of a session: all but the digests of secrets and the claims."""
    return {
        "id": session.id,
        "principal": session.principal,
        **_shown(session.credential),
        "created_at": session.created_at,
        "used_at": session.used_at,
        "ends_at": session.ends_at,
    }


def _shown(credential: Credential) -> dict[str, str | None]:
    match credential:
        case TokenCredential(token_id):
            return {"method": "token", "token_id": token_id, "trust": None}
        case TrustCredential(trust):
            return {"method": "oidc", "token_id": None, "trust": trust}
