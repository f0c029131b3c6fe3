"""DSSE envelopes: a payload, its type, and signatures over both.

https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
https://github.com/secure-systems-lab/dsse/blob/v1.0.0/envelope.md
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.errors import InvalidInputError, Problem

# The type of the payload of every envelope here: an in-toto statement.
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
MAX_SIGNATURES: Final = 10


@dataclass(frozen=True, slots=True)
class EnvelopeSignature:
    """One signature. ``keyid`` is what the signer calls the key; it proves nothing."""

    sig: bytes
    keyid: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope whose payload is an in-toto statement, as the bytes that were signed."""

    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]

    @property
    def signed_part(self) -> bytes:
        """The bytes that the signatures are over."""
        return pae(PAYLOAD_TYPE, self.payload)

    def document(self) -> dict[str, Any]:
        """The envelope as JSON."""
        signatures = [
            {"sig": encoded(one.sig), **({"keyid": one.keyid} if one.keyid else {})} for one in self.signatures
        ]
        return {"payload": encoded(self.payload), "payloadType": PAYLOAD_TYPE, "signatures": signatures}


def pae(payload_type: str, payload: bytes) -> bytes:
    """The Pre-Authentication Encoding: what a signature of an envelope is over."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def envelope_from(given: object, pointer: str) -> Envelope:
    """The envelope that a JSON object is. ``pointer`` says where it stands. Raises InvalidInputError."""
    if not isinstance(given, Mapping):
        raise invalid(pointer, "must be an object: a DSSE envelope")
    if given.get("payloadType") != PAYLOAD_TYPE:
        raise invalid(f"{pointer}/payloadType", f"must be {PAYLOAD_TYPE}")
    payload = decoded(given.get("payload"), f"{pointer}/payload")
    signatures = given.get("signatures")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise invalid(f"{pointer}/signatures", f"must be a list of 1 to {MAX_SIGNATURES} signatures")
    found = [_signature(one, f"{pointer}/signatures/{index}") for index, one in enumerate(signatures)]
    return Envelope(payload, tuple(found))


def json_of(payload: bytes) -> Any:
    """The JSON that was signed: in UTF-8, and with every name once, since of a repeated one readers take another value.

    Raises ValueError.
    """
    try:
        return json.loads(payload.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def encoded(content: bytes) -> str:
    """The bytes in base64, as JSON carries them."""
    return base64.b64encode(content).decode()


def decoded(given: object, pointer: str) -> bytes:
    """The bytes of a text in standard base64; at least one. Raises InvalidInputError."""
    try:
        content = base64.b64decode(given, validate=True) if isinstance(given, str) else b""
    except (binascii.Error, ValueError):
        content = b""
    if not content:
        raise invalid(pointer, "must be base64 of at least one byte")
    return content


def invalid(pointer: str, message: str) -> InvalidInputError:
    """The error of a fault at ``pointer``."""
    return InvalidInputError(f"{pointer} {message}.", [Problem(pointer, message)])


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return named


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _signature(given: object, pointer: str) -> EnvelopeSignature:
    if not isinstance(given, Mapping):
        raise invalid(pointer, "must be an object with 'sig'")
    keyid = given.get("keyid") or ""
    if not isinstance(keyid, str):
        raise invalid(f"{pointer}/keyid", "must be a text")
    return EnvelopeSignature(decoded(given.get("sig"), f"{pointer}/sig"), keyid)
