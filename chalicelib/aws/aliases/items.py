"""Aliases to items and back: each carries what a download needs, sealed, so that serving it is one read.

That is what never changes of a READY version: its number, the place of its files, and a short list of them or the
outline of a long one. Nothing in it changes when the version or another alias does, so no write grows with aliases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.aws import keys
from chalicelib.aws.item import document_from, item
from chalicelib.aws.names import PARTITION_KEY, SORT_KEY
from chalicelib.aws.sealer import SEAL
from chalicelib.aws.table import Item, Table, Write, key_of
from chalicelib.aws.versions.manifests import OUTLINE_ATTRIBUTES, Outline, outline_from, outlined
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
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
    *OUTLINE_ATTRIBUTES,
)
# The attributes that say when, by whom and as which change it moved.
SINCE: Final = ("alias_since", "alias_by", "alias_revision")


@dataclass(frozen=True, slots=True)
class Aliased:
    """The version that an alias points at, as far as a download needs it."""

    model: str
    number: int
    uid: str
    digest: str
    outline: Outline


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
            **outline.small.attributes(),
        },
    )
    return table.sealer.sealed(plain, _SEALED)


def is_sealed(stored: Item) -> bool:
    """Whether the alias has a seal. Those that earlier releases wrote have none."""
    return SEAL in stored


def is_intact(table: Table, stored: Item) -> bool:
    """Whether a sealed alias is as it was written."""
    return table.sealer.intact(stored, _SEALED)


def aliased_from(stored: Item) -> Aliased:
    """What an alias of any release serves. Earlier ones carry a copy of their version."""
    version: Mapping[str, Any] = stored if "uid" in stored else document_from(stored)
    number = int(stored["number"])
    model = keys.model_of(key_of(stored))
    return Aliased(model, number, str(version["uid"]), str(version["digest"]), outline_from(number, stored))


def alias_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write every alias that was moved, dropped, protected or not any more."""
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
        elif (name in after.protected_aliases) != (name in before.protected_aliases):
            yield table.set_write(
                key,
                {"protected": int(name in after.protected_aliases), "alias_revision": settlement.stamp.revision},
            )


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
