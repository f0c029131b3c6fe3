"""Exports as the client writes them, with chains and anchors from the registry's own code."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.domain.audit.anchor import ChainHead, Previous, anchor_document, signed_part, with_signature
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.instants import Instant
from chalicelib.domain.ledger.events import EventDraft, Head, Stamp, chain, event_hash

TIME = Instant("2026-11-23T09:30:00.000Z")
Event = dict[str, Any]


def events_of(ledger: str, contents: list[Any]) -> list[Event]:
    """A ledger with one event for each content."""
    events: list[Event] = []
    head = Head()
    for content in contents:
        number = head.revision + 1
        stamp = Stamp("token:ci", f"r-{number}", f"e-{number}", TIME, number)
        event = chain(ledger, head, EventDraft("model.updated", None, {"value": content}), stamp)
        events.append(event)
        head = Head(number, event["hash"], event["id"])
    return events


def rechained(events: list[Event]) -> list[Event]:
    """Number, link and hash events again, as a forger with the registry's code would."""
    forged: list[Event] = []
    previous = "0" * 64
    for number, event in enumerate(events, 1):
        content = {**event, "sequence": number, "previous_hash": previous}
        previous = event_hash(content)
        forged.append({**content, "hash": previous})
    return forged


@dataclass
class Export:
    """The content of an export: events by ledger, and anchors as bytes."""

    ledgers: dict[str, list[Event]]
    anchors: list[bytes] = field(default_factory=list)
    scope: str = "all"

    def anchor(self, key: ec.EllipticCurvePrivateKey | None = None) -> None:
        """Anchor the current state of the ledgers."""
        heads = [ChainHead(name, events[-1]["sequence"], events[-1]["hash"]) for name, events in self.ledgers.items()]
        last = self.anchors[-1] if self.anchors else None
        previous = None if last is None else Previous(len(self.anchors), hashlib.sha256(last).hexdigest())
        document = anchor_document(heads, previous, TIME, f"occasion {len(self.anchors)}")
        if key is not None:
            signature = key.sign(signed_part(document), ec.ECDSA(hashes.SHA256()))
            document = with_signature(document, "arn:aws:kms:key", signature)
        self.anchors.append(canonical_json(document).encode())

    def write(self, directory: Path) -> Path:
        """Write the export as ``moorage audit export`` does, with a manifest that matches the files."""
        entries, anchors = [], []
        for ledger, events in self.ledgers.items():
            file = f"ledgers/{ledger.removeprefix('model:')}.jsonl"
            digest = put(directory, file, b"".join(canonical_json(event).encode() + b"\n" for event in events))
            entries.append(
                {
                    "ledger": ledger,
                    "file": file,
                    "count": len(events),
                    "first_sequence": events[0]["sequence"] if events else None,
                    "last_sequence": events[-1]["sequence"] if events else None,
                    "last_hash": events[-1]["hash"] if events else None,
                    "head_hash": events[-1]["hash"] if events else None,
                    "sha256": digest,
                }
            )
        for number, content in enumerate(self.anchors, 1):
            file = f"anchors/{number:09d}.json"
            anchors.append({"number": number, "file": file, "sha256": put(directory, file, content)})
        manifest = {"format": 1, "made_at": TIME, "scope": self.scope, "ledgers": entries, "anchors": anchors}
        put(directory, "manifest.json", json.dumps(manifest).encode())
        return directory


def put(directory: Path, file: str, content: bytes) -> str:
    path = directory / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
