"""Sessions: to items and back. Each item carries a seal, so that one that was edited in the table is not accepted.

Sessions are no registry state and lie outside every ledger. DynamoDB removes an item some time after its session ended.
"""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import body, document_from, item
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY, TIME_TO_LIVE
from chalicelib.aws.sealer import SEAL, Sealer
from chalicelib.aws.table import Item, Table, Write
from chalicelib.domain.instants import epoch_seconds
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.sessions.decisions import EndSession
from chalicelib.domain.sessions.session import Credential, Session, TokenCredential, TrustCredential

# The condition that a session is stored as it was read, given its seal as ``:read``.
UNCHANGED: Final = f"{SEAL} = :read"
_SEALED: Final = (PARTITION_KEY, SORT_KEY, "body")


class EditedSessionError(Exception):
    """The stored session does not have the seal that the registry gave it."""


def session_item(sealer: Sealer, session: Session) -> Item:
    document = {
        "secret_hash": session.secret_hash,
        "principal": session.principal,
        "credential": _credential_document(session.credential),
        "created_at": session.created_at,
        "used_at": session.used_at,
    }
    stored = item(keys.session(session.id), {**body(document), TIME_TO_LIVE: epoch_seconds(session.ends_at)})
    return sealer.sealed(stored, _SEALED)


def session_from(sealer: Sealer, stored: Item) -> Session:
    """Raises EditedSessionError."""
    if not sealer.intact(stored, _SEALED):
        raise EditedSessionError(f"the session {keys.session_of(str(stored[SORT_KEY]))} was edited in the table")
    document = document_from(stored)
    return Session(
        keys.session_of(str(stored[SORT_KEY])),
        document["secret_hash"],
        document["principal"],
        _credential(document["credential"]),
        document["created_at"],
        document["used_at"],
    )


def seal_of(stored: Item) -> str:
    return str(stored[SEAL])


def ending_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Removes the sessions that a decision ends."""
    return [table.drop_write(keys.session(ended.session_id)) for ended in settlement.named_as(EndSession)]


def _credential_document(credential: Credential) -> dict[str, Any]:
    match credential:
        case TokenCredential(token_id, secret_hash):
            return {"kind": "token", "token_id": token_id, "secret_hash": secret_hash}
        case TrustCredential(trust, algorithm, claims):
            return {"kind": "trust", "trust": trust, "algorithm": algorithm, "claims": dict(claims)}


def _credential(document: dict[str, Any]) -> Credential:
    if document["kind"] == "token":
        return TokenCredential(document["token_id"], document["secret_hash"])
    return TrustCredential(document["trust"], document["algorithm"], document["claims"])
