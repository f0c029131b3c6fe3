"""What events tell of aliases: where each points, since when and by whom, and what it serves."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.ledger.facts import CHANGED, NEW, Saved, place
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.version import Version

KIND: Final = "alias"


def tell_aliases(settlement: Settlement) -> Mapping[str, Saved]:
    """Every alias that points elsewhere, is gone, or is protected otherwise than before."""
    before, after = settlement.before or Model(settlement.after.name), settlement.after
    return {place(KIND, name): saved for name, saved in _saved(settlement, before, after)}


def _saved(settlement: Settlement, before: Model, after: Model) -> list[tuple[str, Saved]]:
    told: list[tuple[str, Saved]] = []
    revision = settlement.stamp.revision
    for name in sorted({*before.aliases, *after.aliases}):
        former, present = before.aliases.get(name), after.aliases.get(name)
        protected = name in after.protected_aliases
        if present is None or present.version is None:
            if former is not None and former.version is not None:
                told.append((name, None))
        elif former is None or former.version != present.version:
            version = settlement.present(Version, present.version)
            facts = {
                "version": present.version,
                "uid": None if version is None else version.uid,
                "digest": None if version is None else version.digest,
                "since": settlement.stamp.time,
                "by": settlement.stamp.actor,
                "revision": revision,
                "protected": protected,
            }
            told.append((name, {NEW: {field: value for field, value in facts.items() if value}}))
        elif protected != (name in before.protected_aliases):
            told.append((name, {CHANGED: {"protected": protected or None, "revision": revision}}))
    return told
