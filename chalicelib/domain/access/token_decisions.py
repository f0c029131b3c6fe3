"""Creating, rotating and revoking registry tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.access.administrators import BOOTSTRAP
from chalicelib.domain.access.holders import Loaded, grants_held
from chalicelib.domain.access.principal import MAX_GRANTS, Grant, grants_document
from chalicelib.domain.access.registry_state import RegistryState
from chalicelib.domain.access.subjects import groups as group_names
from chalicelib.domain.access.token import Previous, Token
from chalicelib.domain.errors import InvalidInputError, TokenInactiveError
from chalicelib.domain.instants import later
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import Decision, NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp

MAX_NAME: Final = 128
MAX_PERSON: Final = 256
MAX_DAYS: Final = 365
MAX_GRACE_SECONDS: Final = 86_400
# Secrets in their grace at a time: rotations whose answer was lost leave some that nobody knows.
MAX_PREVIOUS: Final = 5


def create(
    registry: RegistryState,
    token_id: str,
    secret_hash: str,
    name: str,
    grants: Sequence[Grant],
    expires_in_days: int,
    stamp: Stamp,
    groups: Iterable[str] = (),
    roles: Loaded | None = None,
    person: str | None = None,
) -> Decision[Token]:
    """Create a token. Its name stands in the audit trail for whoever uses it.

    ``person`` holds it: two tokens of a person have one vote. Without one, the token is its creator's. That of the
    stack's own administrator, which is nobody's, makes tokens that are held by whom their names say.
    """
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"A token's name has 1 to {MAX_NAME} printable characters.")
    if person is not None and (not person.strip() or len(person) > MAX_PERSON or not person.isprintable()):
        raise InvalidInputError(f"The person who holds a token has a name of 1 to {MAX_PERSON} printable characters.")
    if f"token:{name}" == BOOTSTRAP:
        raise InvalidInputError("The name 'bootstrap' is the stack's own administrator's. Choose another.")
    if not 1 <= len(grants) <= MAX_GRANTS:
        raise InvalidInputError(f"A token has 1 to {MAX_GRANTS} grants.")
    if not 1 <= expires_in_days <= MAX_DAYS:
        raise InvalidInputError(f"A token lasts 1 to {MAX_DAYS} days.")
    token = Token(
        id=token_id,
        name=name,
        grants=tuple(grants),
        secret_hash=secret_hash,
        created_at=stamp.time,
        created_by=stamp.actor,
        expires_at=later(stamp.time, timedelta(days=expires_in_days)),
        revoked_at=None,
        groups=group_names(groups),
        person=_holder(person, stamp),
    )
    registry, changes = grants_held(registry, _source(token), (), grants, token.expires_at, roles or {}, stamp)
    return decided(
        token,
        registry,
        EventDraft(event_types.TOKEN_CREATED, None, public_document(token), subject=token_id),
        Put(token),
        *changes,
        subject=token_id,
    )


def rotate(
    registry: RegistryState, token: Token, secret_hash: str, grace_seconds: int, stamp: Stamp
) -> Decision[Token]:
    """Give a token a new secret. The old one, and older ones in their grace, are good for the grace at most."""
    if not 0 <= grace_seconds <= MAX_GRACE_SECONDS:
        raise InvalidInputError(f"An old secret may be good for 0 to {MAX_GRACE_SECONDS} seconds more.")
    if not token.is_active(stamp.time):
        raise TokenInactiveError("The token is revoked or expired: create a new one.")
    grace_ends = later(stamp.time, timedelta(seconds=grace_seconds))
    old = [Previous(token.secret_hash, grace_ends)]
    old += [Previous(one.secret_hash, min(one.until, grace_ends)) for one in token.previous]
    rotated = replace(
        token,
        secret_hash=secret_hash,
        previous=tuple(one for one in old if one.until > stamp.time)[:MAX_PREVIOUS],
        rotated_at=stamp.time,
    )
    return decided(
        rotated,
        registry,
        EventDraft(
            event_types.TOKEN_ROTATED,
            {"rotated_at": token.rotated_at},
            {"rotated_at": stamp.time, "old_secret_ends_at": grace_ends},
            subject=token.id,
        ),
        Put(rotated),
        subject=token.id,
    )


def revoke(registry: RegistryState, token: Token, stamp: Stamp, roles: Loaded | None = None) -> Outcome[Token]:
    """Revoke a token for good. Revoking twice changes nothing. Raises LastAdministratorError."""
    if token.revoked_at is not None:
        return NoChange(token)
    revoked = replace(token, revoked_at=stamp.time)
    registry, changes = grants_held(registry, _source(token), token.grants, (), None, roles or {}, stamp)
    return decided(
        revoked,
        registry,
        EventDraft(event_types.TOKEN_REVOKED, {"revoked_at": None}, {"revoked_at": stamp.time}, subject=token.id),
        Put(revoked),
        *changes,
    )


def _holder(person: str | None, stamp: Stamp) -> str:
    if person is not None:
        return person
    return "" if stamp.actor == BOOTSTRAP else stamp.person or stamp.actor


def _source(token: Token) -> str:
    return f"token:{token.id}"


def public_document(token: Token) -> dict[str, Any]:
    """What may be shown of a token: all but the secret's hash."""
    return {
        "id": token.id,
        "name": token.name,
        "person": token.person or token.principal,
        "groups": list(token.groups),
        "grants": grants_document(token.grants),
        "created_at": token.created_at,
        "created_by": token.created_by,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "rotated_at": token.rotated_at,
    }
