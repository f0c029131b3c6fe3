"""Creating and revoking registry tokens."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain import event_types
from chalicelib.domain.access import MAX_GRANTS, Grant, Role
from chalicelib.domain.decision import Decision, NoChange, Outcome, RegistryLedger, SaveRecord
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.events import Happening, Origin
from chalicelib.domain.instants import later
from chalicelib.domain.token import Token

KIND: Final = "TOKEN"
MAX_NAME: Final = 128
MAX_DAYS: Final = 365


def create(
    ledger: RegistryLedger,
    token_id: str,
    secret_hash: str,
    name: str,
    grants: Sequence[Grant],
    expires_in_days: int,
    origin: Origin,
) -> Decision[Token]:
    """Create a token. Its name stands in the audit trail for whoever uses it."""
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise InvalidInputError(f"A token's name has 1 to {MAX_NAME} printable characters.")
    if not 1 <= len(grants) <= MAX_GRANTS:
        raise InvalidInputError(f"A token has 1 to {MAX_GRANTS} grants.")
    if not 1 <= expires_in_days <= MAX_DAYS:
        raise InvalidInputError(f"A token lasts 1 to {MAX_DAYS} days.")
    token = Token(
        id=token_id,
        name=name,
        grants=tuple(grants),
        secret_hash=secret_hash,
        created_at=origin.time,
        created_by=origin.actor,
        expires_at=later(origin.time, timedelta(days=expires_in_days)),
        revoked_at=None,
        revision=ledger.next_revision,
    )
    return Decision(
        token,
        ledger,
        Happening(event_types.TOKEN_CREATED, None, public_document(token), subject=token_id),
        (SaveRecord(KIND, token_id, document(token)),),
        subject=token_id,
    )


def revoke(ledger: RegistryLedger, token: Token, origin: Origin) -> Outcome[Token]:
    """Revoke a token for good. Revoking twice changes nothing."""
    if token.revoked_at is not None:
        return NoChange(token)
    revoked = replace(token, revoked_at=origin.time, revision=ledger.next_revision)
    return Decision(
        revoked,
        ledger,
        Happening(event_types.TOKEN_REVOKED, {"revoked_at": None}, {"revoked_at": origin.time}, subject=token.id),
        (SaveRecord(KIND, token.id, document(revoked)),),
    )


def public_document(token: Token) -> dict[str, Any]:
    """What may be shown of a token: all but the secret's hash."""
    return {
        "id": token.id,
        "name": token.name,
        "grants": [{"role": grant.role.value, "models": grant.models} for grant in token.grants],
        "created_at": token.created_at,
        "created_by": token.created_by,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def document(token: Token) -> dict[str, Any]:
    return {**public_document(token), "secret_hash": token.secret_hash, "revision": token.revision}


def from_document(stored: dict[str, Any]) -> Token:
    return Token(
        id=stored["id"],
        name=stored["name"],
        grants=tuple(Grant(Role(grant["role"]), grant["models"]) for grant in stored["grants"]),
        secret_hash=stored["secret_hash"],
        created_at=stored["created_at"],
        created_by=stored["created_by"],
        expires_at=stored["expires_at"],
        revoked_at=stored["revoked_at"],
        revision=stored["revision"],
    )
