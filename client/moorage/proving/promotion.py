"""Promotion statements: verified with a public key, and told in words. docs/guides/verifying.md has the predicate."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from moorage.signing.bundle import MAX_SIGNATURES, PAYLOAD_TYPE, json_of, pae
from moorage.signing.elliptic import PublicKey
from moorage.signing.errors import SignatureError

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "urn:moorage:promotion/v1"


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a statement says of a move, and the key that signed it.

    ``ledger``, ``sequence`` and ``event_hash`` name the event of the move. ``aliases`` are those that the move pointed
    at the version.
    """

    model: str
    version: int
    digest: str
    key: PublicKey
    ledger: str
    sequence: int
    event_hash: str
    aliases: tuple[str, ...]
    predicate: Mapping[str, Any]

    def in_words(self) -> str:
        """The move in a sentence: what moved where, when and by whom, and who approved it."""
        said = self.predicate
        start, end = said["from"]["stage"], said["to"]["stage"]
        moved = [] if end is None else [f"moved from {start} to {end}"]
        moved += [f"became {' and '.join(f'@{alias}' for alias in self.aliases)}"] if self.aliases else []
        event, gates = said["event"], said["gates"]
        held = sum(1 for gate in gates if gate["holds"])
        parts = [
            f"{self.model}/{self.version} {' and '.join(moved)} at {event['time']} by {event['actor']}",
            *([f"against {', '.join(said['overridden'])}"] if said["overridden"] else []),
            *([_by_scheme(said["scheme"])] if said["scheme"] else []),
            *([f"{held} of {len(gates)} gates held"] if gates else []),
            *([f"approved by {', '.join(one['principal'] for one in said['approvals'])}"] if said["approvals"] else []),
        ]
        return "; ".join(parts)


def read_promotion(envelope: object, keys: Sequence[PublicKey]) -> Promotion:
    """The promotion that a DSSE envelope states, if one of the keys signed it. Raises SignatureError."""
    payload, signatures = _opened(envelope)
    signed = pae(payload)
    signer = next((key for key in keys if any(key.verifies(one, signed) for one in signatures)), None)
    if signer is None:
        tried = ", ".join(key.hint[:16] for key in keys)
        raise SignatureError(f"the statement was changed, or it is not signed by the key {tried}")
    return _promotion(payload, signer)


def _opened(envelope: object) -> tuple[bytes, list[bytes]]:
    try:
        if not isinstance(envelope, Mapping) or envelope["payloadType"] != PAYLOAD_TYPE:
            raise SignatureError(f"the statement is not a DSSE envelope with a payload of the type {PAYLOAD_TYPE}")
        if not 1 <= len(envelope["signatures"]) <= MAX_SIGNATURES:
            raise SignatureError(f"the statement must have 1 to {MAX_SIGNATURES} signatures")
        signatures = [base64.b64decode(one["sig"], validate=True) for one in envelope["signatures"]]
        return base64.b64decode(envelope["payload"], validate=True), signatures
    except (KeyError, TypeError, ValueError) as error:
        raise SignatureError("the statement is not a DSSE envelope: a part of it is missing or not base64") from error


def _promotion(payload: bytes, signer: PublicKey) -> Promotion:
    try:
        statement = json_of(payload)
        if (statement["_type"], statement["predicateType"]) != (STATEMENT_TYPE, PREDICATE_TYPE):
            raise SignatureError(f"the statement is not about a promotion: {statement['predicateType']}")
        (subject,) = statement["subject"]
        said = statement["predicate"]
        event = said["event"]
        promotion = Promotion(
            model=said["model"],
            version=said["version"],
            digest=said["digest"],
            key=signer,
            ledger=event["ledger"],
            sequence=event["sequence"],
            event_hash=event["hash"],
            aliases=tuple(said["to"]["aliases"]),
            predicate=said,
        )
        consistent = subject["digest"]["sha256"] == promotion.digest
        # What cannot be told in words lacks a part.
        promotion.in_words()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SignatureError("the statement lacks a part of a statement about a promotion") from error
    if not consistent:
        raise SignatureError("the statement contradicts itself: its subject has another digest than its predicate")
    return promotion


def _by_scheme(scheme: Mapping[str, Any]) -> str:
    return f"as the scheme {scheme['name']} {scheme['version']} has it"
