"""Promotion statements: the registry signs what each move of a version was, and shows what it signed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.ledger.event_items import event_from
from chalicelib.aws.services import Services
from chalicelib.aws.signing.signing_key import SigningKey
from chalicelib.aws.signing.statement_items import statement_from, statement_key, statement_prefix
from chalicelib.domain.errors import LedgerDamagedError, ModelNotFoundError
from chalicelib.domain.ledger.decision import Outcome
from chalicelib.domain.ledger.events import Stamp, event_hash, model_ledger
from chalicelib.domain.signing.dsse import PAYLOAD_TYPE, pae
from chalicelib.domain.signing.promotion_statement import promotion_statement
from chalicelib.domain.signing.signed_statement import (
    SignedStatement,
    StatementNotFoundError,
    existing,
    keep,
    payload_of,
)
from chalicelib.registry.ledger.commit import Request
from chalicelib.registry.ledger.snapshot import Snapshot
from chalicelib.registry.models.model_ledger import change_model, load, loaded_model, model_keys
from chalicelib.registry.page import Page
from chalicelib.registry.signing.signing import RULE
from chalicelib.registry.versions.loaded import loaded_version
from chalicelib.registry.versions.versions import resolve

# Of an event: keys have room for twelve digits.
_SEQUENCE: Final = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)


def sign_event(services: Services, event: Mapping[str, Any]) -> str:
    """Sign what the move that ``event`` tells of was, and return the outcome as text.

    The same event may come several times: what is signed is not signed again. Only what the ledger itself tells is
    stated, because others may put events on the bus. Raises LedgerDamagedError if the ledger has another event there,
    or one that was edited.
    """
    key = services.model_signing_key
    if key is None:
        return "the registry does not sign"
    signed = None if promotion_statement(event) is None else _sign_move(services, key, event)
    return "nothing is stated of it" if signed is None else f"statement {signed.digest} signed"


def _sign_move(services: Services, key: SigningKey, happened: Mapping[str, Any]) -> SignedStatement | None:
    """Sign and keep what a move was, unless that is done; None if nothing is stated of the event that ``happened``."""
    model = happened["model"]
    place = statement_key(model, happened["version"], happened["sequence"])
    told = keys.event(model_ledger(model), happened["sequence"])
    found = services.table.load([told, place])
    event = _checked(None if told not in found else event_from(found[told]), happened)
    if promotion_statement(event) is None:
        return None
    if place in found:
        return statement_from(found[place])
    signature, public_key = key.sign(pae(PAYLOAD_TYPE, payload_of(event).encode()))

    def decide(snapshot: Snapshot, stamp: Stamp) -> Outcome[SignedStatement]:
        present = snapshot.get(SignedStatement, event["version"], event["sequence"])
        return keep(loaded_model(snapshot, model), event, present, signature, public_key, stamp)

    def recall(_: str) -> SignedStatement:
        return get_statement(services, model, str(event["version"]), str(event["sequence"]))

    try:
        request = Request(RULE, str(happened["id"]))
        return change_model(services, request, model, decide, recall, [*model_keys(model), place]).result
    except ModelNotFoundError:
        # It was deleted meanwhile, and nothing is kept of it but its events.
        return None


def list_statements(
    services: Services, model: str, ref: str, limit: int, start: dict[str, str | int] | None
) -> Page[SignedStatement]:
    """What was stated of a version, newest first. Raises VersionNotFoundError."""
    number = resolve(services, model, ref)
    after = None if start is None else statement_key(model, number, int(start["sequence"])).sort
    stored, last = services.table.query(
        keys.partition(model_ledger(model)), statement_prefix(number), limit, after, newest_first=True
    )
    if not stored and start is None:
        loaded_version(load(services, model, [keys.version(model, number)]), model, number)
    statements = tuple(statement_from(item) for item in stored)
    return Page(statements, {"sequence": statements[-1].sequence} if last is not None and statements else None)


def get_statement(services: Services, model: str, ref: str, sequence: str) -> SignedStatement:
    """The statement about the event with this sequence number. Raises StatementNotFoundError."""
    number = resolve(services, model, ref)
    if not _SEQUENCE.fullmatch(sequence):
        raise StatementNotFoundError(f"{sequence!r} is not the number of an event, by which statements are named.")
    stored = services.table.get(statement_key(model, number, int(sequence)))
    return existing(model, number, int(sequence), None if stored is None else statement_from(stored))


def _checked(event: Mapping[str, Any] | None, happened: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event of the ledger, if it is the one that happened, and as it was written. Raises LedgerDamagedError."""
    same = event is not None and all(event[name] == happened[name] for name in ("id", "version"))
    if event is None or not same or event["hash"] != event_hash(event):
        raise LedgerDamagedError(
            f"Nothing is stated of event {happened['sequence']} of the model {happened['model']!r}: the ledger does "
            f"not have the event {happened['id']} there, or not as it was written (moorage audit verify)."
        )
    return event
