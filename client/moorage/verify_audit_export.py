#!/usr/bin/env python3
"""Verify an audit export of a Moorage registry, offline and with only the standard library.

    python -I verify_audit_export.py DIRECTORY [--key PUBLIC_KEY.pem] [--anchors DIRECTORY] [--state] [--json]

Every fault is reported with its place. Exit codes: 0 if the export is intact, 1 if it is not, 2 if there is nothing to
verify. docs/audit.md describes the format precisely enough to write another verifier. This one shares no code with
the registry.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeGuard

GENESIS = "0" * 64
MANIFEST = "manifest.json"
FORMAT = 1


class NothingToVerify(Exception):
    """The export, a key or an argument is unusable."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: the file and line, the ledger and the sequence."""

    what: str
    file: str | None = None
    line: int | None = None
    ledger: str | None = None
    sequence: int | None = None

    def __str__(self) -> str:
        places = [
            self.ledger,
            None if self.sequence is None else f"event {self.sequence}",
            None if self.file is None else self.file + ("" if self.line is None else f" line {self.line}"),
        ]
        return f"{', '.join(place for place in places if place)}: {self.what}"


@dataclass(frozen=True)
class Line:
    """One line of a ledger's file, with the parts of its event that the checks need."""

    number: int
    content: bytes
    sequence: int
    previous_hash: str
    hash: str


@dataclass
class Ledger:
    """The content of a ledger's file.

    ``events`` maps a sequence to the first line that has it. ``anchored`` is the last sequence that an anchor confirms.
    """

    name: str
    file: str
    lines: list[Line] = field(default_factory=list)
    events: dict[int, Line] = field(default_factory=dict)
    anchored: int = 0

    @property
    def last(self) -> int:
        return max(self.events, default=0)


@dataclass
class Report:
    """The result of a verification.

    An export with faults is not intact. Notes are what a reader should know in any case.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ledgers: int = 0
    events: int = 0
    anchors: int = 0
    signatures: int = 0
    places: int = 0
    unproven: int = 0

    def fault(self, what: str, **place: Any) -> None:
        self.faults.append(Fault(what, **place))


# The canonical form: keys sorted by code point, no white space, UTF-8, numbers as Python's json writes them.


def canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def parsed(content: bytes) -> dict[str, Any] | str:
    """Parse the canonical form of a JSON object. Returns the object, or a description of what is wrong."""
    try:
        value = json.loads(content)
        if not isinstance(value, dict):
            return "is not a JSON object"
        if canonical(value) != content:
            return "is not in canonical form: it was edited"
    except (ValueError, RecursionError):
        return "is not JSON: it was edited"
    return value


# Ledgers


def read_ledger(report: Report, directory: Path, entry: dict[str, Any]) -> Ledger:
    """Read a ledger's file and report every line that is wrong in itself."""
    ledger = Ledger(entry["ledger"], entry["file"])
    lines = (content_of(report, directory, entry) or b"").split(b"\n")
    # The file must end with a line feed.
    if lines[-1]:
        report.fault("the last line is cut off", file=ledger.file, ledger=ledger.name)
    else:
        lines.pop()
    for number, text in enumerate(lines, 1):
        if text:
            read_line(report, ledger, number, text)
        else:
            report.fault("an empty line", file=ledger.file, line=number, ledger=ledger.name)
    return ledger


def read_line(report: Report, ledger: Ledger, number: int, text: bytes) -> None:
    place: dict[str, Any] = {"file": ledger.file, "line": number, "ledger": ledger.name}
    event = parsed(text)
    if isinstance(event, str):
        # The sequence may still be readable, so that the report can give it.
        match = re.search(rb'"sequence":([1-9][0-9]{0,11})[,}]', text)
        report.fault(event, sequence=int(match[1]) if match else None, **place)
        return
    sequence = event.get("sequence")
    if not is_number(sequence) or not isinstance(event.get("hash"), str):
        report.fault("the event has no sequence or no hash", **place)
        return
    place["sequence"] = sequence
    content = {name: value for name, value in event.items() if name != "hash"}
    if sha256(canonical(content)) != event["hash"]:
        report.fault("the content does not match the event's hash: it was edited", **place)
    if event.get("ledger") != ledger.name:
        report.fault(f"the event belongs to the ledger {event.get('ledger')!r}", **place)
    line = Line(number, text, sequence, str(event.get("previous_hash")), event["hash"])
    if sequence not in ledger.events:
        ledger.events[sequence] = line
    elif ledger.events[sequence].content == text:
        report.fault(f"a duplicate of line {ledger.events[sequence].number}", **place)
        return
    else:
        report.fault(f"a second event {sequence}, other than line {ledger.events[sequence].number}: inserted", **place)
    ledger.lines.append(line)


def check_chain(report: Report, ledger: Ledger) -> None:
    """Check the order of a ledger's events, gaps between them, and their links."""
    place = {"file": ledger.file, "ledger": ledger.name}
    for before, line in pairwise(ledger.lines):
        if line.sequence < before.sequence:
            what = f"comes after event {before.sequence}: out of order"
            report.fault(what, line=line.number, sequence=line.sequence, **place)
    expected = 1
    for sequence in sorted(ledger.events):
        line = ledger.events[sequence]
        if sequence > expected:
            missing = f"event {expected} is" if sequence == expected + 1 else f"events {expected} to {sequence - 1} are"
            report.fault(f"{missing} missing before this line", line=line.number, sequence=expected, **place)
        elif line.previous_hash != (ledger.events[sequence - 1].hash if sequence > 1 else GENESIS):
            what = "previous_hash is not the hash of the event before: one of the two was replaced or inserted"
            report.fault(what, line=line.number, sequence=sequence, **place)
        expected = sequence + 1


def check_totals(report: Report, ledger: Ledger, entry: dict[str, Any]) -> None:
    """Compare the manifest's entry for a ledger with its file."""
    last = ledger.events.get(ledger.last)
    actual = {
        "count": len(ledger.events),
        "first_sequence": min(ledger.events, default=None),
        "last_sequence": max(ledger.events, default=None),
        "last_hash": None if last is None else last.hash,
    }
    for name, value in actual.items():
        if entry.get(name) != value:
            what = f"the manifest says {name} {entry.get(name)!r}, the file has {value!r}"
            report.fault(what, file=ledger.file, ledger=ledger.name)
    check_end(report, ledger, entry)


def check_end(report: Report, ledger: Ledger, entry: dict[str, Any]) -> None:
    """Compare the last event with the ledger's head, which the manifest states."""
    if "head_hash" not in entry:
        report.notes.append(f"{ledger.name}: an earlier release exported it, which did not state the ledger's head")
    elif ledger.last and entry["head_hash"] != ledger.events[ledger.last].hash:
        what = "the ledger's head is not its last event: the head was set back, or an event added beyond it"
        line = ledger.events[ledger.last].number
        report.fault(what, file=ledger.file, ledger=ledger.name, line=line, sequence=ledger.last)


# Anchors


def check_anchors(
    report: Report, anchors: list[tuple[str, bytes]], ledgers: dict[str, Ledger], scope: object, key: "Point | None"
) -> None:
    """Check the anchors, their chain, and every ledger against every anchor."""
    previous: tuple[int, str] | None = None
    for file, content in anchors:
        anchor = parsed(content)
        if isinstance(anchor, str):
            report.fault(f"the anchor {anchor}", file=file)
            previous = None
            continue
        number = anchor.get("number")
        report.anchors += 1
        check_place(report, file, anchor, previous)
        leaves = check_tree(report, file, anchor)
        if key is not None:
            check_signature(report, file, anchor, key)
        check_against_ledgers(report, f"anchor {number}", leaves, ledgers, scope)
        previous = (number if is_number(number) else 0, sha256(content))


def check_place(report: Report, file: str, anchor: dict[str, Any], previous: tuple[int, str] | None) -> None:
    number, named = anchor.get("number"), anchor.get("previous")
    if previous is None:
        if number == 1 and named is not None:
            report.fault("the first anchor names a previous anchor", file=file)
        elif number != 1:
            report.notes.append(f"{file}: the anchors before number {number} are not in the export")
        return
    if number != previous[0] + 1:
        report.fault(f"anchor {number} follows anchor {previous[0]}: the anchors in between are missing", file=file)
    elif named != {"number": previous[0], "sha256": previous[1]}:
        report.fault(f"the anchor names another anchor {previous[0]} than the one that is here", file=file)


def check_tree(report: Report, file: str, anchor: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Check the anchor's leaves against its root, and return them. Empty if the anchor is unusable."""
    given = anchor.get("leaves")
    leaves = [
        (leaf[0], leaf[1], leaf[2])
        for leaf in (given if isinstance(given, list) else [])
        if isinstance(leaf, list) and len(leaf) == 3 and isinstance(leaf[0], str) and is_number(leaf[1])
    ]
    usable = isinstance(given, list) and len(leaves) == len(given) and is_number(anchor.get("number"))
    if anchor.get("format") != FORMAT or not usable:
        report.fault(f"not an anchor of format {FORMAT}", file=file)
        return []
    names = [leaf[0] for leaf in leaves]
    if names != sorted(set(names)):
        report.fault("the anchor's leaves are not sorted by ledger, or name a ledger twice", file=file)
    if anchor.get("count") != len(leaves):
        report.fault(f"the anchor says count {anchor.get('count')!r}, but has {len(leaves)} leaves", file=file)
    if merkle_root([canonical(list(leaf)) for leaf in leaves]).hex() != anchor.get("root"):
        report.fault("the anchor's root is not that of its leaves", file=file)
    return leaves


def merkle_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, section 2.1.

    A leaf is hashed after the byte 0, a node after the byte 1. The list is split at the largest power of two below its
    size.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        # Pairing from the left, and passing an odd last one up unchanged, gives the same tree.
        pairs = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def check_against_ledgers(
    report: Report, source: str, leaves: list[tuple[str, int, str]], ledgers: dict[str, Ledger], scope: object
) -> None:
    for name, sequence, digest in leaves:
        ledger = ledgers.get(name)
        if ledger is None:
            if scope == "all":
                report.fault(f"{source} names this ledger, but the export does not have it", ledger=name)
            continue
        place: dict[str, Any] = {"file": ledger.file, "ledger": name, "sequence": sequence}
        line = ledger.events.get(sequence)
        if line is not None and line.hash == digest:
            ledger.anchored = max(ledger.anchored, sequence)
        elif line is not None:
            since = f"between events {ledger.anchored + 1} and {sequence}"
            report.fault(f"{source} has another hash for this event: rewritten {since}", line=line.number, **place)
        elif sequence > ledger.last:
            report.fault(
                f"{source} names this event, but the file ends at event {ledger.last}: its end was cut off", **place
            )
        else:
            report.fault(f"{source} names this event, but the file does not have it", **place)


# The state: what is stored, compared with what the events tell. An event tells in ``records`` what it saved. Events of
# earlier releases do not. Of what they tell elsewhere, the parts that decide what is served are read.


@dataclass
class Told:
    """What events tell of a place. ``whole``: a field that is missing is empty. ``gone``: it was removed."""

    sequence: int
    whole: bool = False
    gone: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


def check_state(report: Report, directory: Path, entry: dict[str, Any], ledger: Ledger) -> None:
    """Compare what the export has of a ledger's state with what the ledger's events tell."""
    places, proven = state_told_by(ledger)
    place: dict[str, Any] = {"file": entry["file"], "ledger": ledger.name}
    settled = entry.get("sequence")
    if not isinstance(settled, int):
        report.fault("the manifest does not say after which event the state was read", **place)
        return
    found: set[str] = set()
    for number, text in enumerate((content_of(report, directory, entry) or b"").splitlines(), 1):
        stored = parsed(text)
        if isinstance(stored, str) or not isinstance(stored.get("place"), str) or "fields" not in stored:
            report.fault(stored if isinstance(stored, str) else "the line is not of a place", line=number, **place)
            continue
        found.add(stored["place"])
        report.places += 1
        compare_place(report, places, proven, stored, settled, {**place, "line": number})
    for name, told in sorted(places.items()):
        if name not in found and not told.gone and (told.whole or any(told.fields.values())):
            differs(report, told, settled, f"{name} is not stored", place)


def compare_place(
    report: Report,
    places: dict[str, Told],
    proven: bool,
    stored: dict[str, Any],
    settled: int,
    place: dict[str, Any],
) -> None:
    name, fields = stored["place"], stored["fields"]
    told = places.get(stored.get("copy_of") or name)
    if not isinstance(fields, dict):
        differs(report, told, settled, f"{name} is stored, but cannot be read", place)
    elif told is None and not proven:
        report.unproven += 1
    elif told is None or told.gone:
        differs(report, told, settled, f"{name} is stored, but no event made it, or one removed it", place)
    else:
        for field_name in sorted({*told.fields, *fields}):
            expected, value = told.fields.get(field_name), fields.get(field_name)
            if field_name not in told.fields and not told.whole:
                report.unproven += 1
            elif (expected or value) and short(expected) != short(value):
                what = f"{name}, {field_name} is {text_of(value)}, but the events tell {text_of(expected)}"
                differs(report, told, settled, what, place)


def differs(report: Report, told: Told | None, settled: int, what: str, place: dict[str, Any]) -> None:
    if told is not None and told.sequence > settled:
        report.notes.append(f"{place['ledger']}: {what}, but it was changed while it was exported: export it again")
    else:
        report.fault(what, sequence=None if told is None else told.sequence, **place)


def state_told_by(ledger: Ledger) -> tuple[dict[str, Told], bool]:
    """The state after a ledger's events, by place, and whether each of them tells everything that it saved."""
    places: dict[str, Told] = {}
    proven = True
    for sequence in sorted(ledger.events):
        event = json.loads(ledger.events[sequence].content)
        records = event.get("records")
        if not isinstance(records, dict):
            proven = False
            records = told_by_earlier_release(event)
        for name, saved in records.items():
            if not isinstance(saved, dict):
                places[name] = Told(sequence, whole=True, gone=True)
            elif "new" in saved:
                places[name] = Told(sequence, whole=True, fields=dict(saved["new"]))
            else:
                known = places.get(name)
                if known is None or known.gone:
                    known = places[name] = Told(sequence)
                known.sequence = sequence
                known.fields |= saved.get("changed", {})
    return places, proven


def told_by_earlier_release(event: dict[str, Any]) -> dict[str, Any]:
    """What an event without ``records`` tells of what is served: versions, aliases, freezes, and who may do what."""
    kind = str(event.get("type"))
    after, before = event.get("after") or {}, event.get("before") or {}
    told = {
        **told_of_version(kind, event, after),
        **told_of_aliases(kind, event, after),
        **told_of_access(kind, str(event.get("subject")), after),
    }
    if kind in ("model.frozen", "model.unfrozen"):
        told["model"] = {f"frozen/{name}": (after.get("frozen") or {}).get(name) for name in ("reason", "by", "at")}
    if kind == "challenger.promoted" and before.get("champion") != after.get("champion"):
        told["alias/champion"] = {"version": after.get("champion")}
    return {place: None if facts is None else {"changed": facts} for place, facts in told.items()}


def told_of_version(kind: str, event: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    version = f"version/{event.get('version')}"
    content: dict[str, Any] = {name: after[name] for name in CONTENT if name in after}
    described = {f"description/{name}": after[name] for name in DESCRIBED if name in after}
    facts: dict[str, dict[str, Any]] = {
        "version.created": {"status": after.get("status"), "stage": after.get("stage"), **content, **described},
        "version.ready": {"status": "READY", "ready_at": event.get("time"), **content},
        "version.updated": described,
        "version.transitioned": {"stage": after.get("stage")},
        "version.restored": {"status": "READY", "stage": after.get("stage")},
        "version.deleted": {"status": "DELETED"},
        "version.expired": {"status": "EXPIRED"},
        "version.purge_started": {"status": "PURGING"},
        "version.purged": {"status": "PURGED"},
    }
    told: dict[str, dict[str, Any] | None] = {version: facts[kind]} if kind in facts else {}
    if kind == "version.transitioned" and after.get("displaced") is not None:
        told[f"version/{after['displaced']}"] = {"stage": after.get("displaced_to")}
    return told


def told_of_aliases(kind: str, event: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    pointed = {"version": event.get("version")}
    if kind == "alias.set":
        return {f"alias/{event.get('alias')}": pointed}
    if kind in ("alias.deleted", "challenger.retired"):
        return {f"alias/{event.get('alias')}": None}
    if kind == "challenger.promoted":
        return {"alias/challenger": None}
    return {f"alias/{name}": pointed for name in after.get("aliases", ())} if kind == "version.transitioned" else {}


def told_of_access(kind: str, subject: str, after: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    place, _, happened = kind.partition(".")
    if place not in ("token", "grant", "trust", "role"):
        return {}
    where = f"{'grants' if place == 'grant' else place}/{subject}"
    if happened == "deleted":
        return {where: None}
    return {where: {name: after[name] for name in ("grants", "actions", "revoked_at") if name in after}}


CONTENT: tuple[str, ...] = ("digest", "file_count", "total_size")
DESCRIBED = (
    *("label", "description", "tags", "metadata", "parameters", "metrics", "provenance", "framework", "signature"),
    "task",
)


def short(value: Any) -> str:
    """What stands for a value in facts: itself, or of a long one the digest, as canonical JSON."""
    text = canonical(value).decode()
    digest = isinstance(value, dict) and set(value) == {"$sha256", "$characters"}
    if len(text) <= 256 or digest:
        return text
    plain = value if isinstance(value, str) else text
    return canonical({"$sha256": sha256(plain.encode()), "$characters": len(plain)}).decode()


def text_of(value: Any) -> str:
    return canonical(value).decode()


# Signatures: ECDSA over NIST P-256, FIPS 186-5 section 6.4.2; the curve is in NIST SP 800-186 section 3.2.1.3.

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
Point = tuple[int, int]
G: Point = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
# The start of a P-256 SubjectPublicKeyInfo, before the 64 bytes of the point: id-ecPublicKey, prime256v1, uncompressed
# (RFC 5480).
KEY_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def load_key(path: Path) -> Point:
    """Read a public key from a PEM file. Raises NothingToVerify if it is not a P-256 key."""
    try:
        pem = re.search(r"-----BEGIN PUBLIC KEY-----(.+?)-----END PUBLIC KEY-----", path.read_text("ascii"), re.DOTALL)
        der = base64.b64decode("".join(pem[1].split()), validate=True) if pem else b""
    except (OSError, ValueError) as error:
        raise NothingToVerify(f"{path} cannot be read as a public key: {error}") from error
    x, y = int.from_bytes(der[-64:-32], "big"), int.from_bytes(der[-32:], "big")
    on_curve = x < P and y < P and (y * y - (x * x * x - 3 * x + B)) % P == 0
    if len(der) != len(KEY_PREFIX) + 64 or not der.startswith(KEY_PREFIX) or not on_curve:
        raise NothingToVerify(f"{path} is not the PEM of an ECDSA public key on the curve P-256")
    return x, y


def check_signature(report: Report, file: str, anchor: dict[str, Any], key: Point) -> None:
    signature = anchor.get("signature")
    if not isinstance(signature, dict):
        report.fault("the anchor is not signed", file=file)
        return
    signed = canonical({name: value for name, value in anchor.items() if name not in ("leaves", "signature")})
    try:
        value = base64.b64decode(str(signature.get("value")), validate=True)
    except ValueError:
        value = b""
    if signature.get("algorithm") == "ECDSA_SHA_256" and verify_signature(key, signed, value):
        report.signatures += 1
    else:
        report.fault("the anchor's signature was not made with the key", file=file)


def verify_signature(key: Point, content: bytes, signature: bytes) -> bool:
    numbers = der_numbers(signature)
    if numbers is None:
        return False
    r, s = numbers
    if not (1 <= r < N and 1 <= s < N):
        return False
    digest = int.from_bytes(hashlib.sha256(content).digest(), "big")
    inverse = pow(s, -1, N)
    point = add(multiply(digest * inverse % N, G), multiply(r * inverse % N, key))
    return point is not None and point[0] % N == r


def der_numbers(signature: bytes) -> tuple[int, int] | None:
    """The two integers of ``SEQUENCE { INTEGER r, INTEGER s }`` in DER (RFC 3279, section 2.2.3)."""
    if len(signature) < 2 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        return None
    numbers, rest = [], signature[2:]
    while rest:
        if len(rest) < 3 or rest[0] != 0x02 or not 1 <= rest[1] <= len(rest) - 2:
            return None
        content, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        # The number must not be negative, and must not have a leading zero that DER leaves out.
        if content[0] & 0x80 or (len(content) > 1 and content[0] == 0 and not content[1] & 0x80):
            return None
        numbers.append(int.from_bytes(content, "big"))
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None


def add(one: Point | None, other: Point | None) -> Point | None:
    """Add two points of the curve. None is the point at infinity."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % P == 0:
        return None
    if one == other:
        slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, P) % P
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P) % P
    x = (slope * slope - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def multiply(scalar: int, point: Point) -> Point | None:
    # Nothing here is secret, so the duration may depend on the numbers.
    total: Point | None = None
    addend: Point | None = point
    while scalar:
        if scalar & 1:
            total = add(total, addend)
        addend = add(addend, addend)
        scalar >>= 1
    return total


# The export


def read_manifest(directory: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((directory / MANIFEST).read_bytes(), object_pairs_hook=each_name_once)
    except OSError as error:
        raise NothingToVerify(f"{directory / MANIFEST} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NothingToVerify(f"{directory / MANIFEST} is not JSON: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NothingToVerify(f"{directory / MANIFEST} is not a manifest of format {FORMAT}")
    # Exports without the state have no list of states.
    parts = (("ledgers", ("ledger", "file")), ("anchors", ("file",)), ("states", ("ledger", "file")))
    for part, names in parts:
        entries = manifest.get(part, [] if part == "states" else None)
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in names) for entry in entries
        ):
            raise NothingToVerify(f"{directory / MANIFEST} has no usable list of {part}")
    return manifest


def each_name_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are unique. With duplicate names, another reader could use another value."""
    if len(dict(members)) != len(members):
        raise ValueError("an object has the same name twice")
    return dict(members)


def content_of(report: Report, directory: Path, entry: dict[str, Any]) -> bytes | None:
    """Read a file that the manifest names, and check its digest. Returns None if the file is missing."""
    file: str = entry["file"]
    place = {"file": file, "ledger": entry.get("ledger")}
    path = directory / file
    try:
        if not path.resolve().is_relative_to(directory.resolve()):
            raise NothingToVerify(f"the manifest names a file outside of the export: {file!r}")
        # Only regular files are read. A pipe, for example, might never end.
        content = path.read_bytes() if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        # Also for names that no file can have, and for circular links.
        content = None
    if content is None:
        report.fault("the file that the manifest names is missing", **place)
        return None
    if sha256(content) != entry.get("sha256"):
        report.fault("the file's SHA-256 is not the one in the manifest", **place)
    return content


def own_anchors(directory: Path) -> list[tuple[str, bytes]]:
    """The anchors in the verifier's own copy of the bucket."""
    files = sorted(directory.glob("*.json")) if directory.is_dir() else []
    if not files:
        raise NothingToVerify(f"{directory} has no anchors")
    return [(str(file), file.read_bytes()) for file in files]


def unnamed_files(directory: Path, manifest: dict[str, Any]) -> Iterator[str]:
    named = {
        MANIFEST,
        *(entry["file"] for part in ("ledgers", "anchors", "states") for entry in manifest.get(part, [])),
    }
    for path in sorted(directory.rglob("*")):
        file = path.relative_to(directory).as_posix()
        if path.is_file() and file not in named:
            yield file


def verify(directory: Path, key: Point | None = None, anchors: Path | None = None, with_state: bool = False) -> Report:
    """Verify an export. Raises NothingToVerify if it or an argument is unusable."""
    manifest = read_manifest(directory)
    report = Report()
    ledgers = read_ledgers(report, directory, manifest)
    files = [(entry["file"], content_of(report, directory, entry)) for entry in manifest["anchors"]]
    present = [(file, content) for file, content in files if content is not None]
    check_anchors(report, present, ledgers, manifest.get("scope"), key)
    if anchors is not None:
        check_anchors(report, own_anchors(anchors), ledgers, manifest.get("scope"), key)
    check_states(report, directory, manifest, ledgers, with_state)
    if key is not None and not report.anchors:
        report.fault("there is no anchor, so none is signed with the key", file=MANIFEST)
    for file in unnamed_files(directory, manifest):
        report.fault("the manifest does not name this file", file=file)
    report.ledgers = len(ledgers)
    report.events = sum(len(ledger.events) for ledger in ledgers.values())
    add_notes(report, manifest, ledgers, key)
    return report


def read_ledgers(report: Report, directory: Path, manifest: dict[str, Any]) -> dict[str, Ledger]:
    """Read all ledgers of the export, and check each by itself."""
    ledgers: dict[str, Ledger] = {}
    for entry in manifest["ledgers"]:
        if entry["ledger"] in ledgers:
            report.fault("the manifest names the ledger twice", file=entry["file"], ledger=entry["ledger"])
            continue
        ledger = ledgers[entry["ledger"]] = read_ledger(report, directory, entry)
        check_chain(report, ledger)
        check_totals(report, ledger, entry)
    return ledgers


def check_states(
    report: Report, directory: Path, manifest: dict[str, Any], ledgers: dict[str, Ledger], wanted: bool
) -> None:
    """Compare the exported state with the events, if that is wanted. Raises NothingToVerify if there is none."""
    states: list[dict[str, Any]] | None = manifest.get("states")
    if not wanted:
        if states is not None:
            report.notes.append("the state was not compared with the events: --state was not given")
        return
    if states is None:
        raise NothingToVerify("the export has no state: make it with moorage audit export --state")
    for entry in states:
        if entry["ledger"] in ledgers:
            check_state(report, directory, entry, ledgers[entry["ledger"]])
        else:
            report.fault("the state is of a ledger that the export does not have", file=entry["file"])
    for name in sorted(ledgers.keys() - {entry["ledger"] for entry in states}):
        report.fault("the export does not have this ledger's state", file=MANIFEST, ledger=name)
    if report.unproven:
        report.notes.append(f"{report.unproven} facts are not provable: events of earlier releases do not tell them")


def add_notes(report: Report, manifest: dict[str, Any], ledgers: dict[str, Ledger], key: Point | None) -> None:
    if manifest.get("scope") != "all":
        report.notes.append("the export has only selected ledgers: others may exist, and may have been left out")
    open_ended = [ledger for ledger in ledgers.values() if ledger.anchored < ledger.last]
    if not report.anchors:
        report.notes.append("there are no anchors: a cut end, or a ledger rewritten as a whole, cannot be detected")
    elif open_ended:
        shown = ", ".join(f"{ledger.name} after event {ledger.anchored}" for ledger in open_ended[:5])
        more = f" and {len(open_ended) - 5} more" if len(open_ended) > 5 else ""
        report.notes.append(f"not anchored yet, so a cut end cannot be detected there: {shown}{more}")
    if report.anchors and key is None:
        report.notes.append("signatures were not checked: no --key was given")


def shown(text: str) -> str:
    """Make ``text`` safe to print on one line. Names in an export can contain anything, also terminal control codes."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def print_report(report: Report) -> None:
    for fault in report.faults:
        print(f"FAULT  {shown(str(fault))}")
    for note in report.notes:
        print(f"note   {shown(note)}")
    counts = (
        f"{report.ledgers} ledgers, {report.events} events, {report.anchors} anchors, {report.signatures} signatures"
    )
    if report.places:
        counts += f", {report.places} places of the state"
    print(f"NOT INTACT: {len(report.faults)} faults in {counts}" if report.faults else f"intact: {counts}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify an audit export of a Moorage registry, offline.")
    parser.add_argument("directory", type=Path, help="the directory that moorage audit export wrote")
    parser.add_argument(
        "--key", type=Path, help="PEM file of the public key (P-256); every anchor must be signed with it"
    )
    parser.add_argument(
        "--anchors", type=Path, help="directory with your own copy of the anchors, to check the export against them too"
    )
    parser.add_argument(
        "--state", action="store_true", help="compare the exported state (moorage audit export --state) with the events"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one JSON document")
    given = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        key = None if given.key is None else load_key(given.key)
        report = verify(given.directory, key, given.anchors, given.state)
    except NothingToVerify as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"intact": not report.faults, **asdict(report)}, indent=2))
    else:
        print_report(report)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
