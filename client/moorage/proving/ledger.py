"""What a ledger proves of a promotion: that its event is there, in an unbroken chain, where an anchor saw it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moorage.audit import event_hash
from moorage.proving.claims import ALIAS, ANCHOR, CHAIN, EVENT, Claim, contradicted, not_proven, proven
from moorage.proving.promotion import Promotion


@dataclass(slots=True)
class LedgerReading:
    """What was read of a ledger, event by event. ``event`` is the one with the number ``sequence``, if that is given.

    ``pointed`` are the versions that the ledger's aliases pointed at after the last event that was read. ``fault`` says
    where its chain is broken. ``anchored`` is the last event that an anchor confirms, None if there is no anchor;
    ``no_anchor`` says why.
    """

    sequence: int | None = None
    last: int = 0
    event: Mapping[str, Any] | None = None
    fault: str | None = None
    anchored: int | None = None
    no_anchor: str = "there are no anchors"
    pointed: dict[str, int | None] = field(default_factory=dict)

    def take(self, event: Mapping[str, Any]) -> None:
        """Read the next event."""
        self.last = event.get("sequence", self.last)
        if self.last == self.sequence:
            self.event = event
        for place, saved in (event.get("records") or {}).items():
            if place.startswith("alias/"):
                self._point(place.removeprefix("alias/"), saved)

    def _point(self, alias: str, saved: Mapping[str, Any] | None) -> None:
        if saved is None:
            self.pointed[alias] = None
        elif "version" in (told := saved.get("new") or saved.get("changed") or {}):
            self.pointed[alias] = told["version"]


def ledger_claims(
    ledger: str, version: int, promotion: Promotion | None, alias: str | None, reading: LedgerReading
) -> Iterator[Claim]:
    """What a ledger proves of a version, of its promotion if one is stated, and of the alias if one is asked about."""
    if promotion is not None:
        yield _event_claim(promotion, reading.event)
    if reading.fault is not None:
        yield contradicted(CHAIN, reading.fault)
        return
    yield proven(CHAIN, f"the {reading.last} events of {ledger} are an unbroken chain")
    yield _anchor_claim(reading.sequence, reading)
    if alias is not None:
        yield _alias_claim(alias, version, reading)


def _event_claim(promotion: Promotion, event: Mapping[str, Any] | None) -> Claim:
    number = promotion.sequence
    if event is None:
        return contradicted(EVENT, f"{promotion.ledger} has no event {number}, which the statement is about")
    if event.get("hash") != promotion.event_hash or event_hash(event) != promotion.event_hash:
        return contradicted(EVENT, f"event {number} has another hash than was signed: one of the two was changed")
    after, stage = event.get("after") or {}, promotion.predicate["to"]["stage"]
    said = (promotion.model, promotion.version, promotion.digest, stage)
    if (event.get("model"), event.get("version"), after.get("digest"), after.get("stage")) != said:
        return contradicted(EVENT, f"event {number} tells of another move than the statement")
    return proven(EVENT, f"event {number} of {promotion.ledger} tells of this move, and has the hash that was signed")


def _anchor_claim(sequence: int | None, reading: LedgerReading) -> Claim:
    if reading.anchored is None:
        return not_proven(ANCHOR, f"{reading.no_anchor}, so nobody would notice a ledger that was rewritten as a whole")
    if sequence is not None and reading.anchored < sequence:
        return not_proven(ANCHOR, f"the newest anchor saw event {reading.anchored}, and the move came after it")
    return proven(ANCHOR, f"the newest anchor confirms the chain up to event {reading.anchored}")


def _alias_claim(alias: str, version: int, reading: LedgerReading) -> Claim:
    if alias not in reading.pointed:
        return not_proven(ALIAS, f"no event tells where @{alias} points")
    present = reading.pointed[alias]
    if present == version:
        return proven(ALIAS, f"by the events up to {reading.last}, @{alias} points at version {version}")
    where = "nothing" if present is None else f"version {present}"
    return contradicted(ALIAS, f"by the events up to {reading.last}, @{alias} points at {where}")
