"""Aliases to items and back: each carries what a download needs, sealed, so that serving it is one read.

That is what never changes of a READY version: its number, the place of its files, and a short list of them or the
outline of a long one. Nothing in it changes when the version or another alias does, so no write grows with aliases.

One thing does change: the clearance, which says whether the version's bytes may be given out. It has a seal of its own,
so that a changed scan rewrites it without reading the alias.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import document_from, item
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY
from chalicelib.aws.sealer import SEAL
from chalicelib.aws.table import Item, Table, Write, key_of
from chalicelib.aws.versions.manifests import OUTLINE_ATTRIBUTES, Outline, outline_from, outlined
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.scanning.scan_state import Clearance
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.version import Version

# All that decides what an alias serves. Not in it: whether it is protected, and its revision. Those are only shown, and
# change while the rest of the item is not loaded.
_SEALED: Final = (
    PARTITION_KEY,
    SORT_KEY,
    "alias",
    "number",
    "alias_since",
    "alias_by",
    "uid",
    "digest",
    "cleared",
    *OUTLINE_ATTRIBUTES,
)
# The clearance is bound to the alias and to the version. ``cleared`` seals that there is one, so that it is missed if
# somebody takes it off.
_CLEARED: Final = (PARTITION_KEY, SORT_KEY, "number", "uid", "clearance")
_CLEARANCE_SEAL: Final = "clearance_seal"
# The attributes that say when, by whom and as which change it moved.
SINCE: Final = ("alias_since", "alias_by", "alias_revision")


@dataclass(frozen=True, slots=True)
class Aliased:
    """The version that an alias points at, as far as a download needs it.

    ``clearance`` is None for a version that the registry does not scan.
    """

    model: str
    number: int
    uid: str
    digest: str
    outline: Outline
    clearance: Clearance | None = None


def alias_item(table: Table, model: Model, name: str, since: Item, version: Version, outline: Outline) -> Item:
    """The sealed item of an alias. ``since`` has the attributes in ``SINCE``."""
    plain = item(
        keys.alias(model.name, name),
        {
            "alias": name,
            "number": version.number,
            **since,
            "protected": int(name in model.protected_aliases),
            "uid": version.uid,
            "digest": version.digest,
            "cleared": 1,
            **outline.small.attributes(),
            **_clearance(table, model, name, version),
        },
    )
    return table.sealer.sealed(plain, _SEALED)


def is_cleared(stored: Item) -> bool:
    """Whether the alias is sealed as one with a clearance. Those that earlier releases wrote are not."""
    return "cleared" in stored


def is_sealed(stored: Item) -> bool:
    """Whether the alias has a seal. Those that earlier releases wrote have none."""
    return SEAL in stored


def is_intact(table: Table, stored: Item) -> bool:
    """Whether a sealed alias is as it was written, and its clearance too.

    An alias of an earlier release has a clearance once its version is scanned.
    """
    if not table.sealer.intact(stored, _SEALED):
        return False
    return not (is_cleared(stored) or "clearance" in stored) or table.sealer.intact(stored, _CLEARED, _CLEARANCE_SEAL)


def aliased_from(stored: Item) -> Aliased:
    """What an alias of any release serves. Earlier ones carry a copy of their version."""
    version: Mapping[str, Any] = stored if "uid" in stored else document_from(stored)
    number = int(stored["number"])
    model = keys.model_of(key_of(stored))
    return Aliased(
        model,
        number,
        str(version["uid"]),
        str(version["digest"]),
        outline_from(number, stored),
        _clearance_from(stored),
    )


def alias_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write every alias that was moved, dropped, protected or not any more, or whose version has another clearance."""
    before: Model = settlement.before or Model(settlement.after.name)
    after: Model = settlement.after
    for name in sorted({*before.aliases, *after.aliases}):
        former, present = _target(before, name), _target(after, name)
        key = keys.alias(after.name, name)
        if present is None:
            if former is not None:
                yield table.delete_write(key)
        elif present != former:
            yield table.put_write(_moved(table, settlement, name, present))
        elif changed := {**_protected(settlement, before, name), **_recleared(table, settlement, name, present)}:
            yield table.set_write(key, changed)


def _protected(settlement: Settlement, before: Model, name: str) -> Item:
    """What to set in an alias that was protected, or not any more."""
    protected = name in settlement.after.protected_aliases
    if protected == (name in before.protected_aliases):
        return {}
    return {"protected": int(protected), "alias_revision": settlement.stamp.revision}


def _recleared(table: Table, settlement: Settlement, name: str, number: int) -> Item:
    """What to set in an alias whose version has another clearance now."""
    difference = settlement.differences.get((Version, number))
    if difference is None or difference.before is None or difference.before.clearance == difference.after.clearance:
        return {}
    return _clearance(table, settlement.after, name, difference.after)


def _clearance(table: Table, model: Model, name: str, version: Version) -> Item:
    """The attributes that hold the clearance of an alias's version, sealed."""
    clearance = version.clearance
    document = None if clearance is None else clearance.document()
    held: Item = {"number": version.number, "uid": version.uid, "clearance": canonical_json(document)}
    sealed = table.sealer.sealed(item(keys.alias(model.name, name), held), _CLEARED, _CLEARANCE_SEAL)
    return {"clearance": sealed["clearance"], _CLEARANCE_SEAL: sealed[_CLEARANCE_SEAL]}


def _clearance_from(stored: Item) -> Clearance | None:
    document = json.loads(str(stored.get("clearance", "null")))
    return None if document is None else Clearance.from_document(document)


def _target(model: Model, name: str) -> int | None:
    pointer = model.aliases.get(name)
    return None if pointer is None else pointer.version


def _moved(table: Table, settlement: Settlement, name: str, number: int) -> Item:
    version, outline = settlement.present(Version, number), _outline(settlement, number)
    if version is None or outline is None:
        raise LookupError(f"the alias {name!r} moves to version {number}, which was not loaded with its files")
    since: Item = {
        "alias_since": settlement.stamp.time,
        "alias_by": settlement.stamp.actor,
        "alias_revision": settlement.stamp.revision,
    }
    return alias_item(table, settlement.after, name, since, version, outline)


def _outline(settlement: Settlement, number: int) -> Outline | None:
    saved = settlement.present(Manifest, number)
    return settlement.present(Outline, number) if saved is None else outlined(saved)[0]
