"""What events tell of versions that were changed without having been loaded."""

from collections.abc import Mapping

from chalicelib.domain.ledger.facts import CHANGED, Facts, Saved, place
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.versions.version import Displaced, Repointed, Version


def tell_unread(settlement: Settlement) -> Mapping[str, Saved]:
    """The aliases of versions that gained or lost one, and the stage of a displaced version."""
    told: dict[str, Saved] = {}
    for repointed in settlement.named_as(Repointed):
        told[place(Version.kind, repointed.number)] = {CHANGED: _repointed(settlement, repointed.number)}
    for displaced in settlement.named_as(Displaced):
        time = settlement.stamp.time
        entered: Facts = {"stage": displaced.entered, "stage_since": time, "revised_at": time}
        told[place(Version.kind, displaced.number)] = {CHANGED: _repointed(settlement, displaced.number) | entered}
    return told


def _repointed(settlement: Settlement, number: int) -> Facts:
    return {
        "aliases": list(settlement.after.aliases_of(number)) or None,
        "revision": settlement.stamp.revision,
        "updated_at": settlement.stamp.time,
    }
