"""Sessions and access tokens as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api.access.presenters import principal_document
from chalicelib.domain.sessions import decisions
from chalicelib.registry.sessions.access_tokens import LIFETIME

if TYPE_CHECKING:
    from chalicelib.domain.sessions.session import Session
    from chalicelib.registry.sessions.sessions import Granted


def access_document(granted: Granted) -> dict[str, Any]:
    return {
        "access_token": granted.access_token,
        "expires_in": int(LIFETIME.total_seconds()),
        "session_ends_at": granted.session.ends_at,
        "whoami": principal_document(granted.principal),
    }


def session_document(session: Session) -> dict[str, Any]:
    return decisions.public_document(session)


def own_session_document(session: Session, current: Session) -> dict[str, Any]:
    return {**session_document(session), "current": session.id == current.id}
