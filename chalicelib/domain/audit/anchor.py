"""Anchors: the heads of all ledgers at one time, in a document that nobody can change afterwards.

Like events, anchors are numbered without gaps, and each has the hash of the one before, so that none can be left out.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.domain.audit import merkle
from chalicelib.domain.canonical import JSONObject, canonical_json
from chalicelib.domain.instants import Instant

FORMAT: Final = 1
ALGORITHM: Final = "ECDSA_SHA_256"
_UNSIGNED: Final = frozenset({"leaves", "signature"})


@dataclass(frozen=True, slots=True, order=True)
class ChainHead:
    """The last event of a ledger: its sequence number and its hash. In an anchor it is a leaf of the tree."""

    ledger: str
    sequence: int
    hash: str

    def document(self) -> list[Any]:
        return [self.ledger, self.sequence, self.hash]


@dataclass(frozen=True, slots=True)
class Previous:
    """The number of the anchor before, and the SHA-256 of its bytes."""

    number: int
    sha256: str


def anchor_document(
    heads: Sequence[ChainHead], previous: Previous | None, time: Instant, occasion: str
) -> dict[str, Any]:
    """The anchor that follows ``previous``, not signed yet.

    ``occasion`` identifies what triggered it. There is one anchor for each occasion.
    """
    leaves = sorted(heads)
    return {
        "format": FORMAT,
        "number": 1 if previous is None else previous.number + 1,
        "time": time,
        "occasion": occasion,
        "previous": None if previous is None else {"number": previous.number, "sha256": previous.sha256},
        "count": len(leaves),
        "root": merkle.root(canonical_json(leaf.document()).encode() for leaf in leaves).hex(),
        "leaves": [leaf.document() for leaf in leaves],
    }


def signed_part(document: JSONObject) -> bytes:
    """The bytes that are signed: the anchor's canonical JSON without ``signature`` and ``leaves``.

    The root covers the leaves. Without them the bytes are short enough for KMS, which hashes them itself.
    """
    return canonical_json({name: value for name, value in document.items() if name not in _UNSIGNED}).encode()


def with_signature(document: JSONObject, key_id: str, signature: bytes) -> dict[str, Any]:
    """The anchor with the signature that the KMS key ``key_id`` made over ``signed_part``."""
    value = base64.b64encode(signature).decode()
    return {**document, "signature": {"key_id": key_id, "algorithm": ALGORITHM, "value": value}}
