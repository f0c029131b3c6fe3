"""Signed statements about files."""

import base64
import json
from typing import Any

from chalicelib.domain.evidence.attestation import STATEMENT_TYPE, Envelope, Signature

SLSA = "https://slsa.dev/provenance/v1"
SIGNED = (Signature("key-1", base64.b64encode(b"signature").decode()),)


def envelope(*digests: str, signatures: tuple[Signature, ...] = SIGNED, **more: Any) -> Envelope:
    """An envelope with a statement about files of these SHA-256."""
    subjects = [{"name": "model.pkl", "digest": {"sha256": digest}} for digest in digests]
    statement = {"_type": STATEMENT_TYPE, "subject": subjects, "predicateType": SLSA, "predicate": {}, **more}
    return Envelope(base64.b64encode(json.dumps(statement).encode()).decode(), signatures)
