"""Sessions: open, use, list, end."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.aws import keys
from chalicelib.aws.item import ABSENT
from chalicelib.aws.log import log_line
from chalicelib.aws.services import Services
from chalicelib.aws.sessions.items import UNCHANGED, EditedSessionError, seal_of, session_from, session_item
from chalicelib.aws.table import Item
from chalicelib.domain.access.principal import Principal
from chalicelib.domain.access.token import hash_secret
from chalicelib.domain.errors import CredentialsRefusedError, SessionEndedError, SessionNotFoundError
from chalicelib.domain.ledger.decision import Decision
from chalicelib.domain.ledger.events import Stamp
from chalicelib.domain.limits import Quota
from chalicelib.domain.sessions import decisions
from chalicelib.domain.sessions.session import (
    Credential,
    Session,
    cookie_value,
    is_session_id,
    owner_part,
    parse_cookie,
    session_id,
)
from chalicelib.registry.access.quotas import spend
from chalicelib.registry.access.registry_ledger import change_registry, loaded_state
from chalicelib.registry.ledger.commit import Changed, Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.page import Page
from chalicelib.registry.sessions.access_tokens import issued
from chalicelib.registry.sessions.holding import live_session, principal_of_session

_ENDED: Final = "The session has ended. Sign in again."


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session, and what the browser is to hold of it."""

    session: Session
    cookie: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What a use of a session gives: an access token, and who the caller is now."""

    session: Session
    principal: Principal
    access_token: str


def open_session(services: Services, principal: Principal, credential: Credential) -> Opened:
    """Open a session for somebody whose credential was just checked. Raises QuotaExceededError."""
    spend(services, principal, Quota.SESSIONS)
    secret = secrets.token_hex(32)
    now = services.clock()
    session = Session(
        session_id(principal.name, services.new_id()), hash_secret(secret), principal.name, credential, now, now
    )
    services.table.put(session_item(services.session_sealer, session), ABSENT)
    return Opened(session, cookie_value(session, secret))


def session_of_cookie(services: Services, cookie: str | None) -> Session:
    """The session that a browser's cookie is of. Raises SessionEndedError."""
    parsed = None if cookie is None else parse_cookie(cookie)
    if parsed is None:
        raise SessionEndedError(_ENDED)
    try:
        session = live_session(services, parsed[0])
    except CredentialsRefusedError as error:
        raise SessionEndedError(_ENDED) from error
    if not session.has_secret(parsed[1]):
        raise SessionEndedError(_ENDED)
    return session


def use_session(services: Services, cookie: str | None) -> Granted:
    """Exchange a browser's cookie for an access token. The session then lasts for another eight hours, as far as twelve
    after it was opened. Raises SessionEndedError."""
    session = session_of_cookie(services, cookie)
    try:
        principal = principal_of_session(services, session)
    except CredentialsRefusedError as error:
        raise SessionEndedError("What you signed in with is no longer accepted. Sign in again.") from error
    return granted(services, _extended(services, session), principal)


def granted(services: Services, session: Session, principal: Principal) -> Granted:
    """An access token of a session."""
    return Granted(session, principal, issued(services.session_sealer, session.id, services.clock()))


def end_own(services: Services, cookie: str | None) -> Session | None:
    """End the session of a browser's cookie: sign out. Returns None if it had ended already."""
    try:
        session = session_of_cookie(services, cookie)
    except SessionEndedError:
        return None
    services.table.transact([services.table.drop_write(keys.session(session.id))])
    return session


def end_another_of_own(services: Services, cookie: str | None, session_id: str) -> None:
    """End one of the sessions of whoever has the cookie, such as that of a lost machine. Ending it twice is no error.

    Raises SessionEndedError, SessionNotFoundError.
    """
    current = session_of_cookie(services, cookie)
    if not is_session_id(session_id) or not session_id.startswith(owner_part(current.principal)):
        raise _missing(session_id)
    services.table.transact([services.table.drop_write(keys.session(session_id))])


def list_sessions(services: Services, limit: int, start: dict[str, str | int] | None) -> Page[Session]:
    """All sessions, those of one principal together."""
    after = None if start is None else keys.session(str(start["id"])).sort
    stored, last = services.table.query(keys.SESSIONS, keys.SESSION_PREFIX, limit, after)
    return Page(tuple(_live(services, stored)), None if last is None else {"id": keys.session_of(last)})


def list_own(services: Services, principal: str, limit: int, start: dict[str, str | int] | None) -> Page[Session]:
    """The sessions of one principal, newest first."""
    owner = keys.session(owner_part(principal)).sort
    after = None if start is None else owner + str(start["rest"])
    stored, last = services.table.query(keys.SESSIONS, owner, limit, after, newest_first=True)
    return Page(tuple(_live(services, stored)), None if last is None else {"rest": last.removeprefix(owner)})


def end_session(services: Services, request: Request, session_id: str) -> Changed[None]:
    """End anybody's session; in force once cached authorisations have expired. Raises SessionNotFoundError."""
    key = keys.session(session_id)

    def decide(snapshot: Snapshot, _: Stamp) -> Decision[None]:
        stored = snapshot.item(key)
        live = [] if stored is None else [*_live(services, [stored])]
        if not live:
            raise _missing(session_id)
        return decisions.end_session(loaded_state(snapshot), live[0])

    if not is_session_id(session_id):
        raise _missing(session_id)
    return change_registry(services, request, decide, lambda _: None, [key])


def _extended(services: Services, session: Session) -> Session:
    """The session as used now. One that was ended meanwhile stays ended. Raises SessionEndedError."""
    used = session.used(services.clock())
    read = seal_of(session_item(services.session_sealer, session))
    if services.table.put(session_item(services.session_sealer, used), UNCHANGED, {":read": read}):
        return used
    try:
        # Another page of the same browser used it at the same time, or it was ended.
        return live_session(services, session.id)
    except CredentialsRefusedError as error:
        raise SessionEndedError(_ENDED) from error


def _missing(session_id: str) -> SessionNotFoundError:
    return SessionNotFoundError(f"There is no session {session_id!r}, or it has ended.")


def _live(services: Services, stored: Iterable[Item]) -> Iterable[Session]:
    """The sessions that have not ended. One that was edited is no session, and is named in the log."""
    now = services.clock()
    for item in stored:
        try:
            session = session_from(services.session_sealer, item)
        except EditedSessionError as error:
            log_line("record_refused", reason=str(error))
            continue
        if session.is_live(now):
            yield session
