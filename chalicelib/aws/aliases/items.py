"""Aliases to items: each carries a copy of its version and files, so that serving it is one read."""

from collections.abc import Iterable

from chalicelib.aws import keys
from chalicelib.aws.item import item
from chalicelib.aws.table import Item, Table, Write
from chalicelib.aws.versions.items import copied_attributes, manifest_body, unread_changes, version_attributes
from chalicelib.domain.ledger.settlement import Settlement
from chalicelib.domain.models.model import Model
from chalicelib.domain.versions.contents import Manifest
from chalicelib.domain.versions.version import Version


def alias_writes(table: Table, settlement: Settlement) -> Iterable[Write]:
    """Write what changed of every alias: where it points, the version that it copies, and whether it is protected."""
    before: Model = settlement.before or Model(settlement.after.name)
    after: Model = settlement.after
    unread = unread_changes(settlement)
    for name in sorted({*before.aliases, *after.aliases}):
        former, present = _target(before, name), _target(after, name)
        key = keys.alias(after.name, name)
        if present is None:
            if former is not None:
                yield table.delete_write(key)
        elif present != former:
            yield table.put_write(item(key, _moved(settlement, name, present)))
        else:
            attributes = _copied(settlement, present, unread) | _protection(before, after, name, settlement)
            if attributes:
                yield table.set_write(key, attributes)


def _target(model: Model, name: str) -> int | None:
    pointer = model.aliases.get(name)
    return None if pointer is None else pointer.version


def _moved(settlement: Settlement, name: str, number: int) -> Item:
    version, manifest = settlement.present(Version, number), settlement.present(Manifest, number)
    if version is None or manifest is None:
        raise LookupError(f"the alias {name!r} moves to version {number}, which was not loaded with its files")
    return {
        **version_attributes(version),
        "alias": name,
        "number": number,
        "alias_since": settlement.stamp.time,
        "alias_by": settlement.stamp.actor,
        "alias_revision": settlement.stamp.revision,
        "protected": int(name in settlement.after.protected_aliases),
        "files": manifest_body(manifest.files),
    }


def _copied(settlement: Settlement, number: int, unread: dict[int, Item]) -> Item:
    attributes: Item = {}
    saved = settlement.differences.get((Version, number))
    if saved is not None:
        attributes |= version_attributes(saved.after)
    manifest = settlement.differences.get((Manifest, number))
    if manifest is not None:
        attributes["files"] = manifest_body(manifest.after.files)
    return attributes | copied_attributes(unread.get(number, {}))


def _protection(before: Model, after: Model, name: str, settlement: Settlement) -> Item:
    protected = name in after.protected_aliases
    if protected == (name in before.protected_aliases):
        return {}
    return {"protected": int(protected), "alias_revision": settlement.stamp.revision}
