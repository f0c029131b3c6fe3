"""Promotion statements as the registry signed them, and the decision that keeps one."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from chalicelib.domain.canonical import canonical_json, sha256_hex
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger import event_types
from chalicelib.domain.ledger.decision import NoChange, Outcome, Put, decided
from chalicelib.domain.ledger.events import EventDraft, Stamp, Trigger
from chalicelib.domain.ledger.record import Identity, Record
from chalicelib.domain.models.model import Model

if TYPE_CHECKING:
    from chalicelib.domain.signing.dsse import Envelope


class StatementNotFoundError(NotFoundError):
    """The registry has signed no statement about this event of the version."""

    code = "statement_not_found"
    title = "Statement not found"


@dataclass(frozen=True, slots=True)
class SignedStatement(Record, kind="statement"):
    """What the registry states of one move of a version. It never changes.

    ``sequence`` is that of the event of the move. ``payload`` is the in-toto statement in canonical JSON,
    ``signature`` the ECDSA signature over its DSSE envelope, in base64, and ``public_key`` the PEM that verifies it.
    """

    version: int
    sequence: int
    payload: str
    signature: str
    public_key: str
    signed_at: Instant
    revision: int = 0

    @property
    def identity(self) -> Identity:
        return (SignedStatement, self.version, self.sequence)

    def stamped(self, before: Self | None, stamp: Stamp) -> Self:
        return replace(self, revision=stamp.revision)

    @property
    def key_id(self) -> str:
        """What the envelope calls the key: the SHA-256 of its PEM."""
        # Late, as the two below: most functions only know that there are statements.
        from chalicelib.domain.signing.bundle import hint_of

        return hint_of(self.public_key)

    @property
    def envelope(self) -> "Envelope":
        """The DSSE envelope around the statement."""
        from chalicelib.domain.signing.dsse import Envelope, EnvelopeSignature

        signature = EnvelopeSignature(base64.b64decode(self.signature), self.key_id)
        return Envelope(self.payload.encode(), (signature,))

    @property
    def digest(self) -> str:
        """SHA-256 of the statement in canonical JSON: of the bytes that are the envelope's payload."""
        return sha256_hex(self.payload)

    @property
    def predicate(self) -> Mapping[str, Any]:
        """What the statement says of the move."""
        predicate: Mapping[str, Any] = json.loads(self.payload)["predicate"]
        return predicate

    def summary(self) -> dict[str, Any]:
        """What lists and events show: which move is stated, and the key that signed it."""
        predicate = self.predicate
        return {
            "sequence": self.sequence,
            "event": predicate["event"]["id"],
            "from_stage": predicate["from"]["stage"],
            "to_stage": predicate["to"]["stage"],
            "aliases": predicate["to"]["aliases"],
            "digest": self.digest,
            "key_id": self.key_id,
        }


def payload_of(event: Mapping[str, Any]) -> str:
    """The statement about a move's event as the text that is signed: canonical JSON."""
    from chalicelib.domain.signing.promotion_statement import promotion_statement

    return canonical_json(promotion_statement(event))


def keep(
    model: Model,
    event: Mapping[str, Any],
    present: SignedStatement | None,
    signature: bytes,
    public_key: str,
    stamp: Stamp,
) -> Outcome[SignedStatement]:
    """Keep the statement about a move's event, once: a second signature over the same statement changes nothing.

    What a version was may be stated whatever restricts it now.
    """
    if present is not None:
        return NoChange(present)
    signed = SignedStatement(
        version=event["version"],
        sequence=event["sequence"],
        payload=payload_of(event),
        signature=base64.b64encode(signature).decode(),
        public_key=public_key,
        signed_at=stamp.time,
    )
    told = EventDraft(
        event_types.STATEMENT_SIGNED, None, signed.summary(), version=signed.version, trigger=Trigger.RULE
    )
    return decided(signed, model, told, Put(signed))


def existing(model: str, version: int, sequence: int, found: SignedStatement | None) -> SignedStatement:
    """The statement, unless there is none. Raises StatementNotFoundError."""
    if found is None:
        raise StatementNotFoundError(
            f"The registry has signed no statement {sequence} on version {version} of {model!r}."
        )
    return found
